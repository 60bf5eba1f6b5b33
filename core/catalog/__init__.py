"""Which images there are, whose, with which label; what is wrong with them; how they are split."""
