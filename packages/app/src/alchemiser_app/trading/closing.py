"""Letting go of what a plugin has built: some brokers hold a file or a connection."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol, runtime_checkable


@runtime_checkable
class Closeable(Protocol):
    """Anything that holds something until it is closed."""

    def close(self) -> None:
        """Let go of it."""
        ...


def close(thing: object) -> None:
    """Close a thing, where it can be closed."""
    if isinstance(thing, Closeable):
        thing.close()


@contextmanager
def closing(*things: object) -> Iterator[None]:
    """Close things at the end, where they can be closed."""
    with ExitStack() as stack:
        for thing in things:
            stack.callback(close, thing)
        yield
