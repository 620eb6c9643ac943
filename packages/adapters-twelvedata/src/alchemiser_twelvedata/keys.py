"""The key: one secret, which leaves this process only in a header."""

import re

from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import BuildError
from alchemiser_core.ports.secret_store import SecretStore, required

API_KEY = "twelvedata-api-key"

_SHAPE = re.compile(r"[!-~]{1,256}")


def read_key(store: SecretStore) -> Result[Secret, BuildError]:
    """The key. Failure: it is missing or malformed, with the place it belongs to."""
    found = required(store, API_KEY)
    if isinstance(found, Failure):
        return Failure(BuildError(found.failure().problems()))
    if _SHAPE.fullmatch(found.unwrap().reveal()) is not None:
        return Success(found.unwrap())
    problem = Problem(
        code="secret-malformed",
        what=f"the secret {API_KEY} cannot be a key of TwelveData",
        where=f"secrets: {store.name}",
        why="a key has letters and digits, without blanks or line breaks",
        hint=f"copy it anew into {store.place(API_KEY)}",
    )
    return Failure(BuildError((problem,)))
