"""Which orders and activities a client wants to see."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import field, frozen


def _words(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@frozen(kw_only=True)
class OrderQuery:
    """Orders by state and time of submission; the newest first unless told otherwise."""

    status: str = "open"
    """`open`, `closed` or `all`."""
    limit: int = 50
    after: datetime | None = None
    """Exclusive, as `until` is."""
    until: datetime | None = None
    ascending: bool = False
    side: str | None = None
    symbols: frozenset[str] = field(default=frozenset(), converter=_words)
    """Empty: all."""
    after_order_id: str | None = None
    """Only orders submitted later than that one, exclusive; an unknown id leaves nothing."""
    before_order_id: str | None = None


@frozen(kw_only=True)
class ActivityQuery:
    """Activities by kind and time; the newest first unless told otherwise."""

    kinds: frozenset[str] = field(default=frozenset(), converter=_words)
    """`FILL`, `CSD`, `DIV`, ...; empty: all."""
    day: date | None = None
    """Of that day in New York."""
    after: datetime | None = None
    """Exclusive, as `until` is."""
    until: datetime | None = None
    ascending: bool = False
    page_size: int = 100
    page_token: str | None = None
    """The id of the last activity that the client has; an unknown one leaves nothing."""
