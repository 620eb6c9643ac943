"""Allocation: from target weights and holdings to the orders of a rebalance plan."""
