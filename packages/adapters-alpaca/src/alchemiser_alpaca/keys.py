"""The keys of an account: two secrets, which leave this process only in headers and handshakes."""

import re

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import BuildError
from alchemiser_core.ports.secret_store import SecretStore, required

KEY_ID = "alpaca-key-id"
SECRET_KEY = "alpaca-secret-key"  # noqa: S105  (a name, not a secret)

_SHAPE = re.compile(r"[!-~]{1,256}")


@frozen
class Keys:
    """What the vendor knows an account's owner by."""

    key_id: Secret
    secret: Secret


def read_keys(store: SecretStore) -> Result[Keys, BuildError]:
    """Both keys. Failure: everything that is wrong with either, with the place it belongs to."""
    read = [_read(store, name) for name in (KEY_ID, SECRET_KEY)]
    wrong = [p for each in read if isinstance(each, Failure) for p in each.failure().problems()]
    if wrong:
        return Failure(BuildError(tuple(wrong)))
    key_id, secret = (each.unwrap() for each in read)
    return Success(Keys(key_id, secret))


def _read(store: SecretStore, name: str) -> Result[Secret, BuildError]:
    found = required(store, name)
    if isinstance(found, Failure):
        return Failure(BuildError(found.failure().problems()))
    if _SHAPE.fullmatch(found.unwrap().reveal()) is None:
        problem = Problem(
            code="secret-malformed",
            what=f"the secret {name} cannot be a key of Alpaca",
            where=f"secrets: {store.name}",
            why="a key has letters and digits, without blanks or line breaks",
            hint=f"copy it anew into {store.place(name)}",
        )
        return Failure(BuildError((problem,)))
    return Success(found.unwrap())
