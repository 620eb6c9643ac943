"""Executions under faults: a world to run them in, and a judge of what came of it."""
