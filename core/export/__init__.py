"""Verified model files in bundles."""
