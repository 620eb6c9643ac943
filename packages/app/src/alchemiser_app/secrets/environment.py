"""Secrets from environment variables: `alpaca-key-id` is read from ALPACA_KEY_ID."""

from collections.abc import Mapping

from attrs import field, frozen
from returns.result import Result, Success

from alchemiser_app.secrets.wording import fit, variable_of
from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import SecretsUnreadable


@frozen
class EnvironmentSecrets:
    """A `SecretStore` over environment variables. One that is set, but empty, is a problem."""

    variables: Mapping[str, str] = field(repr=False)
    name: str = "environment"

    def secret(self, name: str) -> Result[Secret | None, SecretsUnreadable]:
        """The secret of that name; `None` where the variable is not set."""
        variable = variable_of(name)
        if variable not in self.variables:
            return Success(None)
        return fit(self.variables[variable], f"secrets: the variable {variable}").map(_there)

    def place(self, name: str) -> str:
        """The variable."""
        return f"the variable {variable_of(name)}"


def _there(secret: Secret) -> Secret | None:
    return secret
