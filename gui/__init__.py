"""The window: a thin front end."""
