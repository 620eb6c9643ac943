"""A stand-in for the vendor's API on this machine, for tests and for trying things out.

    with running(StandIn(made_up(["SPY", "TLT"], until=date(2026, 3, 4)))) as url:
        ...  # a feed with url = url

What is not certain about the vendor is a switch (`Quirks`). Its indicators are computed by plain
formulas of its own: it is the other side.
"""

from alchemiser_twelvedata.stand_in.clock import StandInClock
from alchemiser_twelvedata.stand_in.prices import Bar, Prices, made_up, read_folder
from alchemiser_twelvedata.stand_in.quirks import Fault, Quirks
from alchemiser_twelvedata.stand_in.serving import running
from alchemiser_twelvedata.stand_in.state import KEY, Asked, StandIn

__all__ = [
    "KEY",
    "Asked",
    "Bar",
    "Fault",
    "Prices",
    "Quirks",
    "StandIn",
    "StandInClock",
    "made_up",
    "read_folder",
    "running",
]
