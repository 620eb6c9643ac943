"""Paths that begin with ~, as people write them."""

from pathlib import Path


def at_home(text: str) -> Path:
    """The path with ~ as the home folder; of a user whom nobody knows it stays as it is written."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
