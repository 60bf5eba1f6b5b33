"""A model and images in, a table out."""
