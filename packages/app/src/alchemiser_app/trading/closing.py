"""Letting go of what a plugin has built: some brokers hold a file or a connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable


@runtime_checkable
class Closeable(Protocol):
    """Anything that holds something until it is closed."""

    def close(self) -> None:
        """Let go of it."""
        ...


@contextmanager
def closing(thing: object) -> Iterator[None]:
    """Close a thing at the end, where it can be closed."""
    try:
        yield
    finally:
        if isinstance(thing, Closeable):
            thing.close()
