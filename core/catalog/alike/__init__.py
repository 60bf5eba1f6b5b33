"""Copies and near-copies of the same picture, found by their sketches and confirmed by their pixels."""
