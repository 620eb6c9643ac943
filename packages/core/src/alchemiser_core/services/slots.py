"""Which slot trades: the one that is set, or the one that fits the bars that decide."""

from returns.result import Result, Success

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.schedule import AFTER_OPEN, BEFORE_CLOSE, BadSlot, Slot, parse_slot


def slot_of(text: str | None, decide_on: DecideOn) -> Result[Slot, BadSlot]:
    """The slot of a setting, or the default of `decide_on` where there is none."""
    if text is not None:
        return parse_slot(text)
    match decide_on:
        case DecideOn.AFTER_CLOSE:
            return Success(AFTER_OPEN)
        case DecideOn.PREVIOUS_CLOSE | DecideOn.PROVISIONAL:
            return Success(BEFORE_CLOSE)
