"""What every kind of fault has, and the three places at which faults strike."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from attrs import field, frozen

from alchemiser_alpaca.simulator.faults.when import When
from alchemiser_alpaca.simulator.http.answers import Answer
from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_core.config import must_be

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.exchange import Exchange


class StreamName(StrEnum):
    """The two streams."""

    TRADING = "trading"
    DATA = "data"


class Drop(Enum):
    """Not a message: the connection ends here."""

    DROP = "the connection is closed without a word"


Outgoing = dict[str, Any] | bytes | Drop
"""A message, bytes that are none, or the end."""

Go = Callable[[], Awaitable[Answer]]
"""Lets the request go its way, and gives the answer."""


class Stage(Protocol):
    """What faults can reach."""

    @property
    def exchange(self) -> "Exchange":
        """The account; under the desk's lock alone."""
        ...

    def now(self) -> datetime:
        """Time of the simulator's clock."""
        ...

    def steady(self) -> float:
        """Real seconds since any fixed moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Real seconds; returns earlier where the server ends."""
        ...

    def refuse_connections(self, seconds: float) -> None:
        """Cut every connection, and every new one for so many real seconds."""
        ...

    def later(self, at: datetime, action: Callable[[datetime], None]) -> None:
        """Have something done at a time of the simulator's clock, under the desk's lock."""
        ...


_TIMES = must_be("0, for ever, or a number of times", lambda value: value is None or value >= 0)


@frozen(kw_only=True)
class Fault(ABC):
    """One thing that goes wrong."""

    kind: ClassVar[str]
    """As a plan names it."""
    usual_times: ClassVar[int] = 1
    methods: ClassVar[tuple[str, ...]] = ()
    """Methods of the requests that it strikes unless the plan names one; empty for all."""
    paths: ClassVar[tuple[str, ...]] = ("/v*",)
    """Paths of the requests that it strikes unless the plan names one."""

    at: When = field(factory=When)
    times: int | None = field(default=None, validator=_TIMES)
    """How often it strikes, 0 for ever; where it is not given, what is usual for its kind."""


@frozen(kw_only=True)
class WireFault(Fault):
    """Goes wrong on the way between client and broker."""

    @abstractmethod
    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The answer that the client gets; `go` for the true one."""


@frozen(kw_only=True)
class ExchangeFault(Fault):
    """Happens to the account, an order or the market, whoever asks."""

    @abstractmethod
    def strike(self, stage: Stage, at: datetime) -> None:
        """Let it happen; called under the desk's lock."""


@frozen(kw_only=True)
class StreamFault(Fault):
    """Goes wrong on a stream: it changes what is sent in place of one message."""

    stream: StreamName = StreamName.TRADING

    @abstractmethod
    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """What is sent in place of a message."""
