"""Images worth a second look, found by features: label doubts, near-copies, images unlike their class."""
