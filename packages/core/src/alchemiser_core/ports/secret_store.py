"""The secret-store port: where keys are read from. They are never settings, and never logged."""

from typing import Protocol

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret


@frozen
class SecretsUnreadable:
    """A store that cannot be read or must not be trusted; no other store is asked instead."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong; never with anything of a secret in it."""
        return self.found


class SecretStore(Protocol):
    """A place that secrets are read from, by kebab-case names such as `alpaca-secret-key`."""

    @property
    def name(self) -> str:
        """Name of the store, for reports."""
        ...

    def secret(self, name: str) -> Result[Secret | None, SecretsUnreadable]:
        """The secret of that name; `None` where the store has none."""
        ...

    def place(self, name: str) -> str:
        """Where a person would put the secret of that name, e.g. `the variable ALPACA_KEY_ID`."""
        ...


@frozen
class NoSecrets:
    """A store that has nothing."""

    name: str = "none"

    def secret(self, name: str) -> Result[Secret | None, SecretsUnreadable]:
        """Never there."""
        return Success(None)

    def place(self, name: str) -> str:
        """Nowhere."""
        return "a secret store"


def required(store: SecretStore, name: str) -> Result[Secret, SecretsUnreadable]:
    """The secret of that name; `SecretsUnreadable` with `secret-missing` where there is none."""
    found = store.secret(name)
    if isinstance(found, Failure):
        return Failure(found.failure())
    secret = found.unwrap()
    if secret is not None:
        return Success(secret)
    problem = Problem(
        code="secret-missing",
        what=f"there is no secret {name}",
        where=f"secrets: {store.name}",
        why="it is needed here, and no secret store has it",
        hint=f"put it into {store.place(name)}",
    )
    return Failure(SecretsUnreadable((problem,)))
