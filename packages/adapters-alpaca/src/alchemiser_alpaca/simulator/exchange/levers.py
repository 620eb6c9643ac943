"""What faults and tests hold, stick, refuse and cut short at the exchange. Not in the ledger: it
ends with the process, while what it did stays.
"""

from decimal import Decimal

from attrs import define, field, frozen

from alchemiser_alpaca.simulator.exchange.refusal import Refusal


@frozen
class ScriptedPart:
    """The next execution of a symbol."""

    fraction: Decimal
    """Of the order."""
    then_hold: bool
    """Nothing more is executed after it."""


@define
class Levers:
    """Everything that is held at present."""

    held: set[str] = field(factory=set)
    """Symbols whose orders are not executed."""
    parts: dict[str, list[ScriptedPart]] = field(factory=dict)
    rejecting: dict[str, str] = field(factory=dict)
    """Symbols whose orders are rejected after they were taken, with these words."""
    refusing: dict[str, Refusal] = field(factory=dict)
    """Symbols whose requests are refused, with this answer."""
    stuck_new: bool = False
    """Orders stay `pending_new`."""
    stuck_cancel: bool = False
    """Orders stay `pending_cancel`, over the close as well."""
    forced: set[str] = field(factory=set)
    """Orders that stay in the state that they were put into."""

    def take_part(self, symbol: str) -> ScriptedPart | None:
        """What the next execution of the symbol is to be, used up by asking."""
        waiting = self.parts.get(symbol)
        if not waiting:
            return None
        part = waiting.pop(0)
        if part.then_hold:
            self.held.add(symbol)
        return part
