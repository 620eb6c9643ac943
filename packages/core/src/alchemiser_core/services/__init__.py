"""Use cases: one function each for what the application does with the domain."""
