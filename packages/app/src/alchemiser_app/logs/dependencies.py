"""What libraries log with Python's own `logging`: routed into the program's log.

Warnings and worse only: below that, libraries log addresses, headers and bodies.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from loguru import logger
from returns.result import Failure

from alchemiser_core.plugins.containment import contained


class RoutedLines(logging.Handler):
    """Hands every record to loguru, under the name of the logger that made it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Log it. A record whose parts do not fit together is logged by its form alone."""
        said = contained(record.getMessage)
        text = type(record.msg).__name__ if isinstance(said, Failure) else said.unwrap()
        bound = logger.bind(logger=record.name)
        bound.opt(exception=record.exc_info).log(_level(record.levelno), "{}", text)


def _level(number: int) -> str:
    """The nearest level of the log that is not above."""
    if number >= logging.CRITICAL:
        return "CRITICAL"
    return "ERROR" if number >= logging.ERROR else "WARNING"


@contextmanager
def libraries_routed() -> Iterator[None]:
    """Route what libraries log, as long as this lasts."""
    handler = RoutedLines()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
