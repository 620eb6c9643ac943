"""What the process tells its caller when it ends."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    """Done, or nothing to do."""
    INTERNAL = 1
    """An error of the program."""
    USAGE = 2
    """Usage or configuration."""
    DATA = 3
    """Data is missing or bad, or nothing could be decided."""
    REFUSED = 4
    """Refused before any order."""
    INCOMPLETE = 5
    """Finished, but not with everything."""
    HALTED = 6
    """Halted."""


INTERRUPTED = 130
"""Ended from the keyboard: what shells expect of a program that a signal 2 has ended."""
