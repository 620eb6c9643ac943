"""Overhears what the strategies of a cycle decide, and by which bars, without a word of its own."""

from datetime import date

from attrs import define, evolve, field, frozen
from returns.result import Result, Success

from alchemiser_app.indicator_checking.rules import path_of
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.undecidable import StrategyError
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.cycle import DecidingBars, ReadBars
from alchemiser_core.services.indicator_check import Decided, StrategyPath
from alchemiser_core.services.trading import Considered, DecisionSource


@define(eq=False)
class Heard:
    """What was decided last."""

    _history: BarHistory | None = field(default=None, init=False)
    _paths: dict[str, StrategyPath] = field(factory=dict, init=False)
    _as_of: date | None = field(default=None, init=False)

    def begins(self, history: BarHistory) -> None:
        """Strategies are about to be asked, with these bars."""
        self._history, self._as_of = history, None
        self._paths.clear()

    def decided(self, strategy: Strategy, considered: Considered) -> None:
        """A strategy has decided."""
        self._as_of = considered.decision.as_of
        self._paths[strategy.name] = path_of(strategy, considered.decision)

    def decision(self) -> Decided | None:
        """The decision of all strategies that made one; `None` where none did."""
        if self._history is None or self._as_of is None:
            return None
        return Decided(self._as_of, tuple(self._paths.values()), self._history)


@frozen(eq=False)
class Overheard:
    """`DecisionSource` that asks another one."""

    source: DecisionSource
    heard: Heard

    def consider(
        self, strategy: Strategy, as_of: date, since: date | None
    ) -> Result[Considered, StrategyError]:
        """As the source answers."""
        answer = self.source.consider(strategy, as_of, since)
        if isinstance(answer, Success):
            self.heard.decided(strategy, answer.unwrap())
        return answer


def listening(read: ReadBars, heard: Heard) -> ReadBars:
    """Reads the same bars; what is decided by them is heard."""

    def overheard(bars: DecidingBars) -> DecidingBars:
        heard.begins(bars.closes.history)
        return evolve(bars, decisions=Overheard(bars.decisions, heard))

    def read_and_listen(day: date) -> Result[DecidingBars, Explainable]:
        return read(day).map(overheard)

    return read_and_listen
