"""One file in, its frames out, whatever the format."""
