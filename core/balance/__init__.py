"""How much each class counts, and where the decision is drawn."""
