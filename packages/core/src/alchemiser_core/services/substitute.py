"""Dead tickers replaced by living ones (`--substitute OLD=NEW`), for any strategy.

The strategy goes on to see the old name; its bars are those of the new one, and what it decides
for the old one is decided for the new one. Reasons speak of the old name: they are the rules'.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from attrs import evolve, frozen
from returns.result import Result

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions, Requirements
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import StrategyError
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.collect_targets import decide_all


@frozen(eq=False)
class Substituted:
    """A strategy that trades `replacements[old]` wherever its rules say `old`."""

    strategy: Strategy
    replacements: Mapping[Symbol, Symbol]

    @property
    def name(self) -> str:
        """That of the strategy."""
        return self.strategy.name

    @property
    def policy(self) -> RebalancePolicy:
        """That of the strategy."""
        return self.strategy.policy

    @property
    def requirements(self) -> Requirements:
        """Those of the strategy, with the new symbols in place of the old."""
        needed = self.strategy.requirements
        traded = {self._new(symbol) for symbol in needed.traded}
        watched = {self._new(symbol) for symbol in needed.watched} - traded
        return evolve(needed, traded=tuple(sorted(traded)), watched=tuple(sorted(watched)))

    def decide(self, history: BarHistory, as_of: date) -> Result[Decision, StrategyError]:
        """The strategy's decision, for the new symbols. Failures: as the strategy's."""
        return self.strategy.decide(self._renamed(history), as_of).map(self._decision)

    def decide_all(self, history: BarHistory) -> Result[Decisions, StrategyError]:
        """The strategy's decisions, for the new symbols. Failures: as the strategy's."""
        return decide_all(self.strategy, self._renamed(history)).map(self._decisions)

    def _new(self, symbol: Symbol) -> Symbol:
        return self.replacements.get(symbol, symbol)

    def _renamed(self, history: BarHistory) -> BarHistory:
        """The history with a column for each old symbol, filled from the new one's."""
        wanted = {symbol: self._new(symbol) for symbol in self.strategy.requirements.symbols}
        return history.pick({old: new for old, new in wanted.items() if new in history.columns})

    def _decision(self, decision: Decision) -> Decision:
        weights: dict[Symbol, float] = {}
        for symbol, weight in decision.weights.items():
            weights[self._new(symbol)] = weights.get(self._new(symbol), 0.0) + weight
        carried = tuple(evolve(c, symbol=self._new(c.symbol)) for c in decision.carried)
        return evolve(decision, weights=weights, carried=carried)

    def _decisions(self, decisions: Decisions) -> Decisions:
        symbols = tuple(sorted({self._new(symbol) for symbol in decisions.symbols}))
        weights = np.zeros((len(decisions.rows), len(symbols)))
        for column, symbol in enumerate(decisions.symbols):
            weights[:, symbols.index(self._new(symbol))] += decisions.weights[:, column]
        return evolve(decisions, symbols=symbols, weights=weights)
