"""Groups of vectors: the spaces they are sought in, k-means, and the search over their number."""
