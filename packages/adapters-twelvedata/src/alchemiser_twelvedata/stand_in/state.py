"""Everything that the stand-in is made of; it may be looked at and changed while it runs."""

from collections.abc import Mapping

from attrs import define, field, frozen

from alchemiser_twelvedata.stand_in.clock import StandInClock
from alchemiser_twelvedata.stand_in.meter import Meter
from alchemiser_twelvedata.stand_in.prices import Prices
from alchemiser_twelvedata.stand_in.quirks import Fault, Quirks

KEY = "stand-in-key"
"""The key that is accepted unless another one is set."""


@frozen
class Asked:
    """A request that came; never with the key."""

    path: str
    parameters: Mapping[str, str]
    has_key_in_address: bool
    fault: Fault | None


@define(eq=False)
class StandIn:
    """The vendor's other self."""

    prices: Prices
    """What is told; `adjust` makes no difference but for `raw`."""
    raw: Prices | None = None
    """What is told with `adjust=none`; `None` for the same."""
    clock: StandInClock = field(factory=StandInClock)
    quirks: Quirks = field(factory=Quirks)
    key: str = KEY
    asked: list[Asked] = field(factory=list)
    """Every request, in order."""
    faults: list[Fault] = field(factory=list)
    """What happens to the next answers, one each."""
    meter: Meter = field(factory=Meter)

    def bars_of(self, adjust: str) -> Prices:
        """The bars of an adjustment."""
        return self.raw if adjust == "none" and self.raw is not None else self.prices
