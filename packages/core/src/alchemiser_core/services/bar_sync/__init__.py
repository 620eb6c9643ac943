"""Keeping stored bars up to date: what to ask for, what of an answer to take, and what it changed.

Pure: a store asks `plan_sync` for portions, hands each answer to `taken`, holds it against what it
has with `compared`, and puts `merged` bars, or whole histories that `lost_by` does not object to.
"""

from alchemiser_core.services.bar_sync.answer import Taken, taken
from alchemiser_core.services.bar_sync.comparison import Change, compared, has_common_session
from alchemiser_core.services.bar_sync.plan import (
    Known,
    Portion,
    SyncPlan,
    plan_sync,
    portions_of,
)
from alchemiser_core.services.bar_sync.renewal import is_same, is_whole, lost_by, merged
from alchemiser_core.services.bar_sync.restatement import Cause, Restatement, explained
from alchemiser_core.services.bar_sync.symbol_bars import SymbolBars

__all__ = [
    "Cause",
    "Change",
    "Known",
    "Portion",
    "Restatement",
    "SymbolBars",
    "SyncPlan",
    "Taken",
    "compared",
    "explained",
    "has_common_session",
    "is_same",
    "is_whole",
    "lost_by",
    "merged",
    "plan_sync",
    "portions_of",
    "taken",
]
