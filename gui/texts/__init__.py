"""All words of the window, one module per screen."""
