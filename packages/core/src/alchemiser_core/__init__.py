"""The pure domain of Alchemiser: no I/O, no clock, no randomness, no framework."""
