"""Words: cleaning, languages, terms, names and quotes."""
