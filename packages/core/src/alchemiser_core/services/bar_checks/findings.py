"""What the checks find, and what follows: a finding has its check, its policy and its problem."""

from datetime import date
from enum import StrEnum

from attrs import frozen

from alchemiser_core.config.check_settings import CheckPolicy
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


class Check(StrEnum):
    """The checks, each under the name of the setting of its policy."""

    STALE = "stale"
    PARTIAL = "partial"
    DAYS = "days"
    MISSING_BAR = "missing_bar"
    MISSING_SYMBOL = "missing_symbol"
    BAD_PRICE = "bad_price"
    JUMP = "jump"
    SPLIT = "split"
    TICK = "tick"
    UNIVERSE = "universe"
    REPAIRED = "repaired"


@frozen
class Finding:
    """One thing that is odd about the bars."""

    check: Check
    policy: CheckPolicy
    """What follows from it."""
    problem: Problem
    symbol: Symbol | None = None
    """`None` where it concerns all of them."""
    session: date | None = None
    value: float | None = None
    """The price, the return (0.1 is 10 %) or the count that is odd; `None` where there is none."""


@frozen
class BarsRefused:
    """The bars are not to be decided by; nothing is."""

    findings: tuple[Finding, ...]
    """Everything that was found, what only warns too."""

    def problems(self) -> tuple[Problem, ...]:
        """Everything that refuses."""
        refusing = (f for f in self.findings if f.policy is CheckPolicy.REFUSE)
        return tuple(finding.problem for finding in refusing)


@frozen(eq=False)
class CheckedBars:
    """Bars that may be decided by."""

    history: BarHistory
    """What decides: without the rows and symbols that were dropped. A symbol that was is a column
    of NaN, so that rules which need it cannot decide."""
    known: BarHistory
    """The same with these symbols, by which holdings are valued."""
    findings: tuple[Finding, ...]
    """What warns, and what was dropped."""
