"""Rehearsals: the whole trading cycle over history, and how far it is from the back-test."""

from alchemiser_core.services.rehearsal.journal import UnkeptJournal
from alchemiser_core.services.rehearsal.rehearse import RehearsalError, rehearse
from alchemiser_core.services.rehearsal.result import AgainstBacktest, Rehearsal, RehearsedCycle
from alchemiser_core.services.rehearsal.settings import RehearsalSettings, backtest_settings

__all__ = [
    "AgainstBacktest",
    "Rehearsal",
    "RehearsalError",
    "RehearsalSettings",
    "RehearsedCycle",
    "UnkeptJournal",
    "backtest_settings",
    "rehearse",
]
