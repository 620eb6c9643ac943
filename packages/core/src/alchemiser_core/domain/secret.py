"""Secrets: text that is shown nowhere, however it is printed, formatted, pickled or looked into.

`f"{Secret('PK123')}"` is `***`. The text comes out of `reveal` alone, which is called at the one
place where it is handed to the vendor.
"""

import hmac
from collections.abc import Callable
from typing import NoReturn

MASK = "***"
"""What stands wherever a secret would be shown."""


def _lost() -> NoReturn:
    raise ValueError("the secret stayed behind where it was pickled or copied; read it anew")


class Secret:
    """A text that masks itself.

    The text is held by a function, so that there is no attribute which a debugger, a traceback
    with locals, `vars`, `attrs.asdict` or a serialiser could show. A pickle holds nothing of it:
    the secret that comes out of one raises `ValueError` where it is to be revealed.
    """

    __slots__ = ("reveal",)

    reveal: Callable[[], str]
    """The text; asked for only where it is handed to the vendor."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not text:
            del text  # a traceback with locals would show the bytes of a key
            raise ValueError("a secret is a text that is not empty")
        object.__setattr__(self, "reveal", lambda: text)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a secret cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a secret cannot be changed")

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # In one expression, so that no local variable holds the text.
        return hmac.compare_digest(
            self.reveal().encode("utf-8", "surrogatepass"),
            other.reveal().encode("utf-8", "surrogatepass"),
        )

    def __hash__(self) -> int:
        # The same for all: a hash of the text would let it be guessed.
        return hash(type(self))

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return (_without_text, ())


def _without_text() -> Secret:
    """What a pickle of a secret becomes: it masks itself, and cannot be revealed."""
    empty = Secret.__new__(Secret)
    object.__setattr__(empty, "reveal", _lost)
    return empty
