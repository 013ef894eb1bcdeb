"""What sets each segment of a solution apart: comparisons, names, words, warnings."""
