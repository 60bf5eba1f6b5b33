"""What was done and found, for people."""
