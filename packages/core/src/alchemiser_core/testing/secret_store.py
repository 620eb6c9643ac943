"""A secret store in memory, for tests of what needs keys."""

from collections.abc import Mapping

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import SecretsUnreadable


def _as_secrets(texts: Mapping[str, str]) -> dict[str, Secret]:
    return {name: Secret(text) for name, text in texts.items()}


@frozen
class InMemorySecrets:
    """Holds what it is given: `InMemorySecrets({"acme-key": "PK1"})`."""

    secrets: Mapping[str, Secret] = field(factory=dict, converter=_as_secrets)
    name: str = "memory"
    trouble: str = ""
    """Why it cannot be read; empty: it can."""

    def secret(self, name: str) -> Result[Secret | None, SecretsUnreadable]:
        """The secret of that name; `None` where there is none."""
        if self.trouble:
            found = Problem("secrets-unreadable", self.trouble, f"secrets: {self.name}")
            return Failure(SecretsUnreadable((found,)))
        return Success(self.secrets.get(name))

    def place(self, name: str) -> str:
        """The test that made it."""
        return f"the memory of the test (as {name})"
