"""The traceback of a mistake of the program, without the keys that the program has read.

What Python prints when a program ends, or a thread of it, holds the message of the exception; and
that may be what a library made of a request.
"""

import sys
import threading
from traceback import format_exception
from types import TracebackType

from alchemiser_app.secrets.known import KNOWN_SECRETS


def without_secrets(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an exception that nothing caught; for `sys.excepthook`."""
    sys.stderr.write(KNOWN_SECRETS.without("".join(format_exception(kind, error, trace))))


def _of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not issubclass(ended.exc_type, SystemExit):
        without_secrets(ended.exc_type, ended.exc_value, ended.exc_traceback)


def hide_secrets_in_tracebacks() -> None:
    """From now on what Python prints of an exception that nothing caught has no known key in it."""
    sys.excepthook = without_secrets
    threading.excepthook = _of_thread
