"""Figures with intervals, on a part that was closed until now."""
