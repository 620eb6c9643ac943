"""Which slot trades: the one that is set, or the one that fits the bars that decide."""

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.schedule import AFTER_OPEN, BEFORE_CLOSE, Slot


def slot_of(setting: Slot | None, decide_on: DecideOn) -> Slot:
    """The slot that is set, or the default of `decide_on` where none is."""
    if setting is not None:
        return setting
    match decide_on:
        case DecideOn.AFTER_CLOSE:
            return AFTER_OPEN
        case DecideOn.PREVIOUS_CLOSE | DecideOn.PROVISIONAL:
            return BEFORE_CLOSE
