"""Strategies that ship with Alchemiser: symphonies as data, and hand-written examples."""
