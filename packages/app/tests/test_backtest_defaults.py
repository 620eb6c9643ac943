"""A back-test takes from the configuration what it does not hear from its own flags."""

from decimal import Decimal

import pytest

from alchemiser_app.backtest_defaults import backtest_settings, fill_timing
from alchemiser_core.config import Flag, configuration, flag_layer
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.services.backtest.settings import BacktestSettings, FillTiming


def configured(**values):
    paths = {name: tuple(name.split("__")) for name in values}
    flags = [Flag("--test", paths[name], text) for name, text in values.items()]
    return configuration(flag_layer(flags)).unwrap()


def test_without_configuration_they_are_the_defaults_of_the_back_test():
    assert backtest_settings(configured()) == BacktestSettings()


@pytest.mark.parametrize(
    ("decide_on", "fill"),
    [
        ("previous-close", FillTiming.NEXT_CLOSE),
        ("after-close", FillTiming.NEXT_OPEN),
        ("provisional", FillTiming.CLOSE),
    ],
)
def test_a_configured_decision_bar_is_rehearsed(decide_on, fill):
    assert fill_timing(configured(decide_on=decide_on)) is fill


def test_nothing_configured_fills_at_the_close_that_decided():
    assert fill_timing(configured()) is FillTiming.CLOSE


def test_costs_shares_and_books_are_the_configured_ones():
    found = backtest_settings(
        configured(
            costs__cost_bps="2",
            costs__slippage_bps="3",
            planning__whole_shares="true",
            portfolio__rebalance_books="never",
        )
    )
    assert found.cost_fraction == Decimal("0.0005")
    assert found.whole_shares
    assert found.rebalance_books is BookRebalance.NEVER
