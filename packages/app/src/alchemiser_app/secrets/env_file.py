"""Secrets from a file of lines like `ALPACA_KEY_ID=PK…`, by default `.env`."""

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.secrets.trusted_file import trusted_text
from alchemiser_app.secrets.wording import fit, unfit, variable_of
from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import SecretsUnreadable

if TYPE_CHECKING:
    from dotenv.parser import Binding


@frozen
class EnvFileSecrets:
    """A `SecretStore` over a file that has to be its owner's alone.

    The file is read anew each time, so nothing of it is kept here.
    """

    path: Path
    name: str = "env-file"

    def secret(self, name: str) -> Result[Secret | None, SecretsUnreadable]:
        """The secret of that name; `None` where the file, or the line in it, is not there."""
        variable = variable_of(name)
        text = trusted_text(self.path)
        if isinstance(text, Failure):
            return Failure(text.failure())
        return self._in(text.unwrap() or "", variable)

    def place(self, name: str) -> str:
        """The file, and the name in it."""
        return f"the file {self.path} (as {variable_of(name)}, mode 0600)"

    def _in(self, text: str, variable: str) -> Result[Secret | None, SecretsUnreadable]:
        """The value of a variable. Nothing in it is replaced: `$` and braces stand for themselves.

        All lines have to be sound, since one that is not may hide the one that is looked for.
        """
        from dotenv.parser import parse_stream

        lines = tuple(parse_stream(StringIO(text)))
        broken = [line.original.line for line in lines if line.error]
        if broken:
            what, hint = "the line is no NAME=value", "correct it; quotes have to be closed"
            return unfit("env-file-malformed", what, f"{self._where}:{broken[0]}", hint)
        values = tuple(_values(lines, variable))
        if not values:
            return Success(None)
        where = f"{self._where}: {variable}"
        if len(values) > 1:
            what = f"{variable} is there {len(values)} times"
            return unfit("secret-malformed", what, where, "leave one line of it")
        return fit(values[0], where).map(_there)

    @property
    def _where(self) -> str:
        return f"secrets: {self.path}"


def _values(lines: "Iterable[Binding]", variable: str) -> Iterable[str]:
    """What the lines of a variable say; a name without `=` says nothing, which is empty."""
    return (line.value or "" for line in lines if line.key == variable)


def _there(secret: Secret) -> Secret | None:
    return secret
