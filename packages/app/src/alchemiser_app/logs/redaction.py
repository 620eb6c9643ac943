"""What may be in a line of the log: an allow-list of types, and texts without keys.

A value of a type that is not on the list is named by its type alone. So what a library holds - a
request with its headers, a session, a settings object - is never dumped by accident.
"""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite

import attrs

from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.secret import MASK, Secret

LONGEST = 1000
"""Characters of a message."""
LONGEST_FIELD = 300
"""Characters of a field that is bound to a line."""

_READ = 20_000
"""Characters that are looked at; what is behind them is far beyond what is shown."""
_OWN_VALUES = "alchemiser_core.domain."
_LARGEST_WHOLE = 2**63

_QUERY = re.compile(r"\?[\w.%~\[\]-]{1,100}=[^\s'\"<>)]*")
_USER = re.compile(r"://[^\s@'\"]{1,300}@")
_HEADER = re.compile(
    r"""(\b(?:apca-api-[\w-]{1,40}|(?:proxy-)?authorization|(?:set-)?cookie
         |x-api-key|api[-_]?key|apikey|secret[-_]?key|access[-_]?token|passw(?:or)?d)
         ['"]?\s*[:=,]\s*)
        (b?'[^']*'|b?"[^"]*"|(?:basic|bearer|digest|token)\s+[^\s,;'"})\]]+|[^\s,;'"})\]]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(
    r"""(['"](?:key|secret|token|password)['"]\s*:\s*)(b?'[^']*'|b?"[^"]*")""", re.IGNORECASE
)

Shown = str | int | float | bool | None
"""What stands in a line."""


def redacted(text: str, longest: int = LONGEST) -> str:
    """A text on one line, bounded, without known secrets, queries of URLs and headers of keys."""
    text = KNOWN_SECRETS.without(text[:_READ])
    text = _USER.sub("://", _QUERY.sub("?…", text))
    for cut in (_HEADER, _QUOTED):
        text = cut.sub(rf"\g<1>{MASK}", text)
    return plain_text(text, longest)


def shown_value(value: object) -> Shown:
    """A value that is bound to a line, where its type is allowed; else the name of its type."""
    match value:
        case None | bool():
            return value
        case Secret():
            return MASK
        case Enum():
            return redacted(str(value.value), LONGEST_FIELD)
        case str():
            return redacted(str.__str__(value), LONGEST_FIELD)
        case int() if abs(value) < _LARGEST_WHOLE:
            return int(value)
        case float() if isfinite(value):
            return float(value)
        case Decimal() | date() | time() | timedelta():
            return redacted(str(value), LONGEST_FIELD)
        case _ if _is_own(type(value)):
            return redacted(repr(value), LONGEST_FIELD)
        case _:
            return f"<{plain_text(type(value).__name__, 60)}>"


def _is_own(kind: type) -> bool:
    """Whether it is one of the values of the domain, which hold nothing but data."""
    return kind.__module__.startswith(_OWN_VALUES) and attrs.has(kind)
