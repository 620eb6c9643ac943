"""How a folder is known to be a bar store: by one small file in it."""

from pathlib import Path

MARKER = "bar-store.json"
"""Says that the folder is a bar store, and in which form it is written."""


def is_bar_store(folder: Path) -> bool:
    """Whether the folder has the marker of a bar store."""
    return (folder / MARKER).is_file()
