"""What leaves Samtal about a segmentation: one context, written as table, JSON and page."""
