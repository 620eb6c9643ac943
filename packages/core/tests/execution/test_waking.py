"""When the machine wants to be woken: never at a time that has passed and brings nothing."""

from datetime import timedelta

from alchemiser_core.domain.journal.events import CycleOutcome
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules
from alchemiser_core.simulation.exchange import Behaviour

from .conftest import Stage

A = Symbol("AAA")


def test_a_sell_that_rests_longer_than_its_patience_is_waited_for_without_spinning() -> None:
    stage = Stage(holdings={"AAA": "50"}, behaviour=Behaviour(halted={A}))
    state = stage.execute({"AAA": "-50"})
    assert state.outcome is CycleOutcome.INCOMPLETE


def test_cash_that_lags_behind_late_sells_is_waited_for_without_spinning() -> None:
    slow = Behaviour(latency=timedelta(seconds=40), read_lag=timedelta(seconds=600))
    rules = ExecutionRules(sell_patience=timedelta(seconds=30))
    stage = Stage(holdings={"AAA": "50"}, behaviour=slow, rules=rules)
    state = stage.execute({"AAA": "-50", "BBB": "40"})
    assert state.outcome is not None
    assert stage.exchange.cash >= 0
