"""The ports: what the core asks of the world, one Protocol a module, every method a Result."""
