"""Faults in what is told of orders: fields that are odd or missing, look-ups that lag."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from attrs import field, frozen

from alchemiser_alpaca.simulator.faults.fault import Go, Stage, WireFault
from alchemiser_alpaca.simulator.http.answers import Answer, error_answer
from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_alpaca.simulator.wire.times import read_time
from alchemiser_core.config import must_be

Table = dict[str, Any]
_LOOKUPS = ("/v2/orders:by_client_order_id", "/v2/orders/*")


def every_table(content: Any, change: Callable[[Table], Table]) -> Any:
    """A table, or every table of a list, changed."""
    if isinstance(content, list):
        return [change(dict(each)) for each in content]
    return change(dict(content)) if isinstance(content, dict) else content


@frozen(kw_only=True)
class _OrdersFault(WireFault):
    paths: ClassVar[tuple[str, ...]] = ("/v2/orders*",)

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The true answer with every order in it changed."""
        answer = await go()
        return answer.changed(lambda content: every_table(content, self.altered))

    @abstractmethod
    def altered(self, order: Table) -> Table:
        """One order, or another table, as the client gets it."""


@frozen(kw_only=True)
class UnknownStatus(_OrdersFault):
    """An order has a status that no client knows yet."""

    kind: ClassVar[str] = "unknown_status"

    name: str = "under_review"

    def altered(self, order: Table) -> Table:
        """The order with that status."""
        return {**order, "status": self.name}


@frozen(kw_only=True)
class NullSubmittedAt(_OrdersFault):
    """An order has no time of submission, as the description of the API allows."""

    kind: ClassVar[str] = "null_submitted_at"

    def altered(self, order: Table) -> Table:
        """The order without it."""
        return {**order, "submitted_at": None}


@frozen(kw_only=True)
class OmitField(_OrdersFault):
    """A field is missing from the answer; name a path for others than orders."""

    kind: ClassVar[str] = "omit_field"

    field: str

    def altered(self, order: Table) -> Table:
        """All but the field."""
        return {name: value for name, value in order.items() if name != self.field}


@frozen(kw_only=True)
class ExtraField(_OrdersFault):
    """The answer has a field that nobody knows yet; name a path for others than orders."""

    kind: ClassVar[str] = "extra_field"

    field: str = "surprise"
    value: str = "new in this version"

    def altered(self, order: Table) -> Table:
        """The table with the field."""
        return {**order, self.field: self.value}


_SECONDS = must_be("0 or more seconds", lambda value: value >= 0)


@frozen(kw_only=True)
class LookupLag(WireFault):
    """A new order cannot be found for a while: single look-ups answer 404, lists lack it."""

    kind: ClassVar[str] = "lookup_lag"
    usual_times: ClassVar[int] = 0
    methods: ClassVar[tuple[str, ...]] = ("GET",)
    paths: ClassVar[tuple[str, ...]] = (*_LOOKUPS, "/v2/orders")

    seconds: float = field(default=5.0, validator=_SECONDS)
    """Of the simulator's clock, from the submission of each order."""

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The true answer without the orders that are too young."""
        answer = await go()
        youngest = stage.now() - timedelta(seconds=self.seconds)
        content = answer.content()
        if isinstance(content, list):
            return answer.changed(
                lambda orders: [o for o in orders if read_time(o["created_at"]) <= youngest]
            )
        if answer.status == 200 and read_time(content["created_at"]) > youngest:
            asked = call.client_order_id or call.path.rpartition("/")[2]
            return error_answer(404, 40410000, f"order not found for {asked}")
        return answer
