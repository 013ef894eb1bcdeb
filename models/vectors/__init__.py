"""Text models: where they come from, and what turns a text into a vector."""
