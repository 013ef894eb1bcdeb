"""Groups from a single closed question."""
