"""Indicators held against a second vendor: on demand, and beside the orders of a cycle."""
