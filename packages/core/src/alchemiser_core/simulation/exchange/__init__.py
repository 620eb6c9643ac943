"""The simulated exchange: an account and a matching engine that behave like a broker's, with a
ledger of their own that says what really happened.
"""

from alchemiser_core.simulation.exchange.bar_market import BarMarket, FillAt
from alchemiser_core.simulation.exchange.behaviour import (
    Behaviour,
    FillPolicy,
    FillWhole,
    Part,
    RandomParts,
    ScriptedFills,
)
from alchemiser_core.simulation.exchange.entries import (
    Booked,
    CancelTaken,
    CashChange,
    Ended,
    Entry,
    Execution,
    Opened,
    Received,
)
from alchemiser_core.simulation.exchange.exchange import SimulatedExchange
from alchemiser_core.simulation.exchange.market import FixedMarket, Market

__all__ = [
    "BarMarket",
    "Behaviour",
    "Booked",
    "CancelTaken",
    "CashChange",
    "Ended",
    "Entry",
    "Execution",
    "FillAt",
    "FillPolicy",
    "FillWhole",
    "FixedMarket",
    "Market",
    "Opened",
    "Part",
    "RandomParts",
    "Received",
    "ScriptedFills",
    "SimulatedExchange",
]
