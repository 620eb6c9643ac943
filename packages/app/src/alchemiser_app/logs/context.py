"""What every line of the log says beside its message: the run, and the cycle that is on.

It is the process's, as the log itself is: lines of other threads, where libraries keep their
connections, say the same.
"""

from secrets import token_hex

from loguru import logger

_SAID: dict[str, str] = {}


def new_run_id() -> str:
    """Eight hexadecimal digits, which tell one start of the program from another."""
    return token_hex(4)


def every_line_says(**fields: str | None) -> None:
    """From now on every line has these fields; `None` takes one away."""
    for name, text in fields.items():
        if text is None:
            _SAID.pop(name, None)
        else:
            _SAID[name] = text
    logger.configure(extra=dict(_SAID))
