"""What typing tools are made of: answers as numbers, linear classifiers, selection of questions, the tool itself."""
