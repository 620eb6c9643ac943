"""What came of holding the indicators of a decision against a second vendor, and what is told."""

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.indicator_check.comparison import Compared, Verdict
from alchemiser_core.services.indicator_check.outcomes import Outcome
from alchemiser_core.services.indicator_check.scales import unit

INDICATORS_DIFFER = "indicators-differ"
DECISION_WOULD_DIFFER = "decision-would-differ"

_NAMED = 5
"""So many are named in an alert; the report has all."""


@frozen
class IndicatorReport:
    """The indicators of one decision by two vendors."""

    vendor: str
    as_of: date
    compared: tuple[Compared, ...]
    """The one that could rather change the decision comes first."""
    outcomes: tuple[Outcome, ...] = ()
    without: tuple[str, ...] = ()
    """Strategies whose reasons name no indicator of a symbol."""
    notes: tuple[str, ...] = ()
    found: tuple[Problem, ...] = ()
    """Why the vendor did not say more."""

    @property
    def answered(self) -> tuple[Compared, ...]:
        """Those of which both numbers are there."""
        return tuple(c for c in self.compared if c.verdict in (Verdict.WITHIN, Verdict.DIFFERS))

    @property
    def differing(self) -> tuple[Compared, ...]:
        """Those that are further apart than the tolerance."""
        return self._with(Verdict.DIFFERS)

    @property
    def unasked(self) -> tuple[Compared, ...]:
        """Those that the credits did not reach."""
        return self._with(Verdict.NOT_ASKED)

    @property
    def flipped(self) -> tuple[Outcome, ...]:
        """The points at which the decision would have been another one."""
        return tuple(each for each in self.outcomes if each.flips)

    @property
    def has_nothing(self) -> bool:
        """Whether there was something to compare, and the vendor gave none of it."""
        return bool(self.compared) and not self.answered

    def _with(self, verdict: Verdict) -> tuple[Compared, ...]:
        return tuple(each for each in self.compared if each.verdict is verdict)

    def alerts(self) -> tuple[Alert, ...]:
        """What a person has to know; nothing where both vendors agree, or one has nothing yet."""
        subject = self.as_of.isoformat()
        start = f"session {self.as_of}, by {self.vendor}: "
        told: list[Alert] = []
        if self.flipped:
            text = start + _listed(map(outcome_text, self.flipped))
            told.append(Alert(DECISION_WOULD_DIFFER, Severity.CRITICAL, text, subject))
        if self.differing:
            text = start + _listed(map(difference_text, self.differing))
            told.append(Alert(INDICATORS_DIFFER, Severity.WARNING, text, subject))
        return tuple(told)


def outcome_text(outcome: Outcome) -> str:
    """`klm: rsi 10 of SPY > 79 is yes here and no there`."""
    return f"{outcome.strategy}: {outcome.point} is {outcome.ours} here and {outcome.theirs} there"


def difference_text(compared: Compared) -> str:
    """`rsi 10 of SPY is 80.1 here and 77.2 there (points)`."""
    values = f"{compared.ours:.4g} here and {compared.judged:.4g} there"
    return f"{compared.measured} is {values} ({unit(compared.measured.measure)})"


def _listed(texts: Iterable[str]) -> str:
    each = list(texts)
    more = f"; and {len(each) - _NAMED} more" if len(each) > _NAMED else ""
    return "; ".join(each[:_NAMED]) + more
