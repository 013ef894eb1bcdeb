"""Segmentations of a study from its stored answers: asked for here, computed elsewhere, stored for good."""
