"""Settings of what trading is connected to: the broker, the journal, people, and secrets."""

import re
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from alchemiser_core.config.checks import NOT_EMPTY, PATH, Check, SettingError, doc

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_DATABASE = re.compile(r"postgresql(\+[a-z0-9]+)?", re.IGNORECASE)
_USER = re.compile(r"://[^/?#@]*:[^/?#]*@")
_QUERY = re.compile(r"[?&](password|passfile|sslpassword)=", re.IGNORECASE)


def _misplaced(location: str) -> SettingError | None:
    """What is wrong with a location; a password in it is never repeated."""
    rule = "it has to be a path, or the URL of a PostgreSQL database without a password"
    if not location.strip():
        return SettingError("the value is empty", rule)
    scheme = _SCHEME.match(location)
    if scheme is None:
        return PATH.complaint(location)
    if not _DATABASE.fullmatch(scheme[1]):
        hint = "give a path for SQLite, or postgresql://host/database"
        return SettingError(f"{scheme[1]}:// is no journal", rule, hint)
    if _USER.search(location) or _QUERY.search(location):
        hint = "take it out, and give it in the variable PGPASSWORD or the file ~/.pgpass"
        return SettingError("there is a password in the URL", rule, hint)
    return None


LOCATION = Check("a path, or the URL of a PostgreSQL database without a password", _misplaced)


@frozen(kw_only=True)
class BrokerSettings:
    """Which account is traded."""

    name: str = field(
        default="paper",
        validator=NOT_EMPTY,
        metadata=doc("Name of the broker; `alchemiser plugins` names them."),
    )
    account: str | None = field(
        default=None,
        validator=NOT_EMPTY,
        metadata=doc(
            "Number of the account. A live one is only traded where this equals the number that "
            "the broker says."
        ),
    )
    settings: Mapping[str, Any] = field(
        factory=dict,
        metadata=doc("Settings of that broker; `alchemiser plugins` names them. Never a key."),
    )


@frozen(kw_only=True)
class JournalSettings:
    """Where everything is written down before it happens."""

    location: str = field(
        default="alchemiser-journal.db",
        validator=LOCATION,
        metadata=doc(
            "A file, beside the configuration where the path is relative; or the URL of a "
            "PostgreSQL database, whose password PGPASSWORD or ~/.pgpass gives."
        ),
    )
    halt_file: str | None = field(
        default=None,
        validator=PATH,
        metadata=doc(
            "While this file exists no order is sent. Where it is not set: the journal's path with "
            "`.halt` behind it, or `alchemiser.halt` beside the configuration with a database."
        ),
    )


@frozen(kw_only=True)
class NotifySettings:
    """A way in which people are told what they have to know."""

    name: str = field(
        validator=NOT_EMPTY,
        metadata=doc("Name of the notifier; `alchemiser plugins` names them."),
    )
    settings: Mapping[str, Any] = field(
        factory=dict,
        metadata=doc("Settings of that notifier; `alchemiser plugins` names them."),
    )


@frozen(kw_only=True)
class SecretStoreSettings:
    """A place that keys are read from. The keys themselves are never settings."""

    name: str = field(
        validator=NOT_EMPTY,
        metadata=doc("Name of the secret store; `alchemiser plugins` names them."),
    )
    settings: Mapping[str, Any] = field(
        factory=dict,
        metadata=doc("Settings of that store; `alchemiser plugins` names them. Never a key."),
    )


SECRET_STORES = (SecretStoreSettings(name="environment"), SecretStoreSettings(name="env-file"))
"""Where keys are read from unless told otherwise, in this order."""
