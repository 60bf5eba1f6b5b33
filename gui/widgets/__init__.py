"""Pieces the steps share: plots, gallery, image view, cards."""
