"""Keeping a bar store up to date from a feed: only what is missing, and never half of it."""
