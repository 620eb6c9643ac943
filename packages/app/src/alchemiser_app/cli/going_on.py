"""Commands that go on where they were when they are started again, and say so at Ctrl-C."""

from collections.abc import Iterator
from contextlib import contextmanager

from alchemiser_app.cli.output import note


@contextmanager
def going_on() -> Iterator[None]:
    """Around the work whose every step is kept."""
    try:
        yield
    except KeyboardInterrupt:
        note("ended: what is stored stays, and the same command goes on from there")
        raise
