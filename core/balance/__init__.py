"""How much each class counts: weights, sampling, the prior put back, and where the line is drawn."""
