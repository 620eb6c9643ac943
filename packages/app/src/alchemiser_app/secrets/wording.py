"""How a secret is called where it is kept, what is fit to be one, and how a problem is worded.

Nothing here ever puts a part of a secret into words, not even its length.
"""

import re

from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import SecretsUnreadable

LONGEST = 4096
"""Characters; no vendor's key is nearly that long."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def variable_of(name: str) -> str:
    """`alpaca-key-id` as `ALPACA_KEY_ID`. Raises `ValueError` where a name is not kebab-case."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a secret: expected a form like alpaca-key-id")
    return name.upper().replace("-", "_")


def fit(text: str, place: str) -> Result[Secret, SecretsUnreadable]:
    """A text as a secret; refused where it is empty or was plainly pasted wrong.

    A blank or a line break at an end is never a part of a key, and a vendor would only say
    "unauthorized" to it.
    """
    if not text.strip():
        return unfit("secret-empty", "the secret is empty", place, "put the key there, or nothing")
    if text != text.strip() or not text.isprintable():
        what = "the secret has blanks at its ends, or characters that do not print"
        return unfit("secret-malformed", what, place, "copy the key again, without what is around")
    if len(text) > LONGEST:
        what = f"the secret is longer than {LONGEST} characters"
        return unfit("secret-malformed", what, place, "put the key there alone")
    return Success(Secret(text))


def unfit(code: str, what: str, where: str, hint: str, why: str = "") -> Failure[SecretsUnreadable]:
    """One problem of a store."""
    return Failure(SecretsUnreadable((Problem(code, what, where, why, hint),)))
