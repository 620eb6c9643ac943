"""Faults in what is told of the account and of the time."""

from abc import abstractmethod
from datetime import timedelta
from typing import Any, ClassVar

from attrs import frozen

from alchemiser_alpaca.simulator.faults.fault import Go, Stage, WireFault
from alchemiser_alpaca.simulator.http.answers import Answer
from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_alpaca.simulator.wire.times import exchange_stamp


@frozen(kw_only=True)
class OtherAccountNumber(WireFault):
    """The keys lead to another account than before."""

    kind: ClassVar[str] = "other_account_number"
    usual_times: ClassVar[int] = 0
    paths: ClassVar[tuple[str, ...]] = ("/v2/account",)

    number: str = "PA0ANOTHER"

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The account under another number."""
        answer = await go()
        return answer.changed(lambda account: {**account, "account_number": self.number})


@frozen(kw_only=True)
class PositionsEmpty(WireFault):
    """The list of positions is empty, whatever the account holds."""

    kind: ClassVar[str] = "positions_empty"
    methods: ClassVar[tuple[str, ...]] = ("GET",)
    paths: ClassVar[tuple[str, ...]] = ("/v2/positions",)

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """No position."""
        answer = await go()
        return answer.changed(lambda _: [])


@frozen(kw_only=True)
class _ClockFault(WireFault):
    usual_times: ClassVar[int] = 0
    paths: ClassVar[tuple[str, ...]] = ("/v2/clock",)

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The clock, changed."""
        answer = await go()
        return answer.changed(lambda clock: {**clock, **self.told(stage)})

    @abstractmethod
    def told(self, stage: Stage) -> dict[str, Any]:
        """What is told otherwise."""


@frozen(kw_only=True)
class ClockSkew(_ClockFault):
    """The broker's clock is ahead, or behind where the seconds are negative."""

    kind: ClassVar[str] = "clock_skew"

    seconds: float = 300.0

    def told(self, stage: Stage) -> dict[str, Any]:
        """Another time."""
        return {"timestamp": exchange_stamp(stage.now() + timedelta(seconds=self.seconds))}


@frozen(kw_only=True)
class ClockSaysOpen(_ClockFault):
    """The broker says that the market is open, whatever the time is."""

    kind: ClassVar[str] = "clock_says_open"

    is_open: bool = True

    def told(self, stage: Stage) -> dict[str, Any]:
        """Open."""
        return {"is_open": self.is_open}
