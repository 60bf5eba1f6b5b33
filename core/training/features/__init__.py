"""The mode ``features``: every image through the frozen network once, then a head on its features."""
