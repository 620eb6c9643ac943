"""The engine: a plain tree compiled to a graph and decided for all sessions at once."""
