"""Parts of the later steps: each a card or a few, fed by the session."""
