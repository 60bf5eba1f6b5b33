"""The engine: everything the product can do, without a window."""
