"""A rehearsal as a page for a person and as an object for a program."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import asdict, frozen

from alchemiser_app.reports.money import money
from alchemiser_core.config.capital import Capital
from alchemiser_core.config.settings import Settings
from alchemiser_core.config.trading_settings import TacticName
from alchemiser_core.domain.money import ZERO
from alchemiser_core.services.cycle import Ending
from alchemiser_core.services.rehearsal import Rehearsal, RehearsedCycle

_SHOWN = 5
_FINE = frozenset({Ending.COMPLETE, Ending.NOTHING_TO_DO})


@frozen(eq=False)
class RehearsalReport:
    """A rehearsal and what is to be said beside it."""

    target: str
    rehearsal: Rehearsal
    settings: Settings
    source: str
    substitutions: Mapping[str, str]
    seconds: float

    @property
    def unlike(self) -> tuple[str, ...]:
        """Settings by which a rehearsal trades otherwise than a back-test, as configured."""
        planning = self.settings.planning
        differing = {
            "planning.cash_buffer": planning.cash_buffer != 0,
            "planning.drift_band": planning.drift_band != 0,
            "planning.minimum_trade": planning.minimum_trade != 0,
            "planning.reserve_cash": planning.reserve_cash != 0,
            "planning.capital": planning.capital != Capital(),
            "planning.cap": planning.cap is not None,
            "planning.caps": bool(planning.caps),
            "planning.denied": bool(planning.denied),
            "planning.unmanaged": bool(planning.unmanaged),
            "execution.tactic": self.settings.execution.tactic is not TacticName.MARKET,
        }
        return tuple(name for name, differs in differing.items() if differs)

    @property
    def troubled(self) -> tuple[RehearsedCycle, ...]:
        """Cycles that did not end as they should."""
        return tuple(c for c in self.rehearsal.cycles if c.ending not in _FINE)

    @property
    def tells_the_truth(self) -> bool:
        """Whether the back-test is explained by rounding, or by settings that are named."""
        return self.rehearsal.against.within or bool(self.unlike)


def rehearsal_lines(report: RehearsalReport) -> Iterator[str]:
    """The page."""
    rehearsal = report.rehearsal
    first, last = rehearsal.curve.sessions[0].item(), rehearsal.curve.sessions[-1].item()
    yield f"{report.target} rehearsed from {first} to {last} on {report.source}"
    yield from (f"  {old} is replaced by {new}" for old, new in report.substitutions.items())
    decide_on = report.settings.trading_decide_on.value
    yield f"decide_on {decide_on}: {_TIMING[decide_on]}"
    yield ""
    start, end = float(rehearsal.curve.equity[0]), float(rehearsal.curve.equity[-1])
    yield f"equity     {start:,.2f} to {end:,.2f} ({end / start - 1:+.2%})"
    counts = ", ".join(f"{count:,} {ending}" for ending, count in rehearsal.endings.items())
    yield f"cycles     {len(rehearsal.cycles):,}: {counts}"
    costs = sum((e.costs for e in rehearsal.executions), start=ZERO)
    yield f"fills      {len(rehearsal.executions):,}, costs {money(Decimal(costs))}"
    if rehearsal.forced:
        yield f"           {len(rehearsal.forced)} at a last price, for want of one of the session"
    for cycle in report.troubled[:_SHOWN]:
        why = "; ".join(problem.what for problem in cycle.found)
        yield f"  {cycle.session} {cycle.ending}: {why or 'see the alerts of that day'}"
    if len(report.troubled) > _SHOWN:
        yield f"  and {len(report.troubled) - _SHOWN} more cycles that did not end as they should"
    yield ""
    yield from _against_lines(report)


_TIMING = {
    "previous-close": "decided by the close before, filled at the close (fill next-close)",
    "after-close": "decided by the close before, filled at the open (fill next-open)",
    "provisional": "decided by the close that fills, which is IDEALISED (fill close)",
}


def _against_lines(report: RehearsalReport) -> Iterator[str]:
    against, tested = report.rehearsal.against, report.rehearsal.backtest.curve
    yield f"the back-test of the same dates ends at {float(tested.equity[-1]):,.2f}"
    yield f"  largest difference {against.largest:.1e} of equity, on {against.session}"
    if report.unlike:
        yield f"  settings that a back-test does not have: {', '.join(report.unlike)}"
        return
    yield f"  rounding to quantities and whole cents makes up to {against.bound:.1e} in this run"
    if against.within:
        yield "  the back-test tells the truth: rounding explains the whole difference"
    else:
        yield "  NOT explained by rounding: look at the cycles above"


def rehearsal_json(report: RehearsalReport) -> dict[str, Any]:
    """`rehearse --json`."""
    rehearsal = report.rehearsal
    against, curve = rehearsal.against, rehearsal.curve
    return {
        "target": report.target,
        "start": curve.sessions[0].item().isoformat(),
        "end": curve.sessions[-1].item().isoformat(),
        "decide_on": report.settings.trading_decide_on.value,
        "source": report.source,
        "synthetic": rehearsal.synthetic,
        "substitutions": dict(report.substitutions),
        "equity": {"start": float(curve.equity[0]), "end": float(curve.equity[-1])},
        "statistics": asdict(rehearsal.statistics),
        "cycles": {ending.value: count for ending, count in rehearsal.endings.items()},
        "fills": len(rehearsal.executions),
        "costs": float(sum((e.costs for e in rehearsal.executions), start=ZERO)),
        "forced": len(rehearsal.forced),
        "troubled": [
            {
                "session": cycle.session.isoformat(),
                "outcome": cycle.ending.value,
                "problems": [asdict(problem) for problem in cycle.found],
            }
            for cycle in report.troubled
        ],
        "backtest": {
            "end": float(rehearsal.backtest.curve.equity[-1]),
            "largest_difference": against.largest,
            "session": against.session.isoformat(),
            "bound": against.bound,
            "within": against.within,
            "unlike": list(report.unlike),
        },
        "seconds": report.seconds,
    }
