"""Pictures of the data: how bright, how large, how stored each class is, and what its average looks like."""
