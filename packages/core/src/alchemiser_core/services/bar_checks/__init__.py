"""Checks of the bars before anything is decided by them, with a policy for each.

`check_bars` is pure: what a calendar, a feed of raw prices and a second vendor know is given to it
as `BarFacts`.
"""

from alchemiser_core.services.bar_checks.check import (
    check_bars,
    earlier_oddities,
    findings_of,
    looked_at,
)
from alchemiser_core.services.bar_checks.facts import NO_FACTS, BarFacts, SecondOpinion
from alchemiser_core.services.bar_checks.findings import BarsRefused, Check, CheckedBars, Finding
from alchemiser_core.services.bar_checks.rows import partial
from alchemiser_core.services.bar_checks.second_opinion import SecondQuestion, second_question

__all__ = [
    "NO_FACTS",
    "BarFacts",
    "BarsRefused",
    "Check",
    "CheckedBars",
    "Finding",
    "SecondOpinion",
    "SecondQuestion",
    "check_bars",
    "earlier_oddities",
    "findings_of",
    "looked_at",
    "partial",
    "second_question",
]
