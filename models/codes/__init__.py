"""Code frames, and how answers are scored against them."""
