"""Portfolios: cash, positions and lots, the books of strategies, and what all of it is worth."""
