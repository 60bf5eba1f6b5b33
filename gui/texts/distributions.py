"""Words of the tab with the pictures of the data."""

TITLE = "Pictures of the data"
