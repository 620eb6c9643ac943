"""The composition root of Alchemiser: container, command line and embedded adapters."""
