"""The only way to the vendor: paid in credits, bounded in time and size, with typed failures."""
