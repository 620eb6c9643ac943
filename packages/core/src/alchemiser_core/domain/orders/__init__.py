"""Orders: what is intended, how it is identified, and what was filled."""
