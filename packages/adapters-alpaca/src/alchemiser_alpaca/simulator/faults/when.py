"""When a fault strikes: at a request, at an order's state, at a time, or at once."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase

from attrs import field, frozen

from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_core.config import must_be


def _is_time(text: str) -> bool:
    try:
        return not text or read(text).tzinfo is not None
    except ValueError:
        return False


def read(text: str) -> datetime:
    """A time in ISO 8601; UTC where it names no zone. `ValueError` for anything else."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


_NTH = must_be("1 or more", lambda value: value >= 1)
_CALL = must_be("0 or more", lambda value: value >= 0)


@frozen(kw_only=True)
class When:
    """All conditions that are given have to hold; none at all is at once, or the next request."""

    method: str = ""
    """GET, POST, PATCH or DELETE."""
    path: str = ""
    """Of the request, `*` standing for anything: `/v2/orders*`."""
    nth: int = field(default=1, validator=_NTH)
    """The first request or message to be struck, counted among those that fit."""
    nth_call: int = field(default=0, validator=_CALL)
    """The first request to be struck, by its number among all since the start."""
    order_state: str = ""
    """An order has come into this state; the state is that of the API, such as `new`."""
    symbol: str = ""
    """That order is of this symbol."""
    time: str = field(default="", validator=must_be("a time in ISO 8601", _is_time))
    """The simulator's clock shows this time, or a later one."""

    @property
    def names_requests(self) -> bool:
        """Whether it waits for requests."""
        return bool(self.method or self.path or self.nth_call or self.nth > 1)

    @property
    def names_orders(self) -> bool:
        """Whether it waits for a state of an order."""
        return bool(self.order_state or self.symbol)

    def fits_order(self, state: str, symbol: str) -> bool:
        """Whether an order's new state is the one that is meant."""
        return self.order_state in ("", state) and self.symbol in ("", symbol)

    def fits_call(self, call: Call, methods: tuple[str, ...], paths: tuple[str, ...]) -> bool:
        """Whether a request is meant; `methods` and `paths` stand in for those not given."""
        wanted = (self.method,) if self.method else methods
        if wanted and call.method not in wanted:
            return False
        patterns = (self.path,) if self.path else paths
        return any(fnmatchcase(call.path, pattern) for pattern in patterns)

    def has_come(self, now: datetime) -> bool:
        """Whether its time has come."""
        return not self.time or now >= read(self.time)
