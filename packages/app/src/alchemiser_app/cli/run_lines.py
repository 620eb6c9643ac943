"""What a run says on the terminal: each cycle as `trade` does, the next slot, and a countdown."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta

from attrs import define

from alchemiser_app.cli.order_lines import OrderLines
from alchemiser_app.cli.output import note, tell_lines, write_problems
from alchemiser_app.reports.cycle import account_lines, ending_lines, headline
from alchemiser_app.timekeeping.waiting_clock import Show, no_countdown
from alchemiser_app.trading.setup import EXCHANGE_ZONE, TradingSetup
from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.schedule import WaitUntil
from alchemiser_core.services.cycle import Ended, Terms


@define
class RunLines(OrderLines):
    """`Teller` of a run for a person."""

    def begins(self, setup: TradingSetup, terms: Terms) -> None:
        """The account and its session."""
        # What is kept is for the object that `trade` prints; a run would only gather it.
        self.seen.clear()
        tell_lines([headline(setup.mandate.portfolio, terms, setup.feed)])

    def ended(self, ended: Ended) -> None:
        """What came of the cycle; why, where it did not go well."""
        self.close(ended.problems())
        write_problems(ended.problems())
        tell_lines([*ending_lines(ended), *account_lines(ended)])

    def failed(self, problems: Sequence[Problem]) -> None:
        """Why a cycle did not begin."""
        write_problems(problems)

    def alerted(self, alert: Alert) -> None:
        """The alert in words."""
        note(f"{alert.severity}: {alert.text}")

    def waiting(self, step: WaitUntil) -> None:
        """When the next slot is, in the exchange's time and in UTC."""
        half = " (half day)" if step.session.is_half_day else ""
        tell_lines([f"next slot: {slot_text(step.at)}{half}"])


def slot_text(at: datetime) -> str:
    """`Mon 2026-11-23 15:45 EST (20:45 UTC)`."""
    there = at.astimezone(EXCHANGE_ZONE)
    return f"{there:%a %Y-%m-%d %H:%M %Z} ({at.astimezone(UTC):%H:%M} UTC)"


def left_text(left: timedelta) -> str:
    """`2 d 3 h`, `5 h 9 min`, `4 min 12 s`: the two largest units."""
    seconds = max(0, round(left.total_seconds()))
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    first = next((n for n, (_, size) in enumerate(units) if seconds >= size), len(units) - 1)
    parts = []
    for name, size in units[first : first + 2]:
        count, seconds = divmod(seconds, size)
        parts.append(f"{count} {name}")
    return " ".join(parts)


@contextmanager
def _on_terminal() -> Iterator[Show]:
    from rich.console import Console

    with Console(stderr=True).status("waiting") as status:
        yield lambda left: status.update(f"waiting, {left_text(left)} left; Ctrl-C ends")


def countdown() -> AbstractContextManager[Show]:
    """A line that counts down, where standard error is a terminal; nothing elsewhere."""
    return _on_terminal() if sys.stderr.isatty() else no_countdown()
