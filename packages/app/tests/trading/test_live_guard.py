"""The guard of real money: every combination of what file, command line and broker may say."""

from decimal import Decimal
from itertools import product

import pytest
from attrs import evolve

from alchemiser_app.trading.live_guard import unconfirmed
from alchemiser_core.config.settings import Mode, Settings
from alchemiser_core.domain.account import Account
from alchemiser_core.domain.money import Usd

LIVE = Account("A-1", Usd(Decimal(1000)), is_live=True)
PAPER = evolve(LIVE, is_live=False)


def settings(mode, account, **limits):
    empty = Settings()
    dollars = {"max_order_value": Usd(Decimal(500)), "max_day_value": Usd(Decimal(900))}
    return evolve(
        empty,
        mode=mode,
        broker=evolve(empty.broker, account=account),
        risk=evolve(empty.risk, **{**dollars, **limits}),
    )


def places(account, mode, named, live):
    refusal = unconfirmed(settings(mode, named), account, live=live, synthetic=False)
    return set() if refusal is None else {(p.code, p.where) for p in refusal.problems()}


@pytest.mark.parametrize(("in_file", "on_line", "named"), list(product([True, False], repeat=3)))
def test_a_live_account_needs_all_three_confirmations(in_file, on_line, named):
    mode = Mode.LIVE if in_file else Mode.PAPER
    missing = {
        ("live-not-confirmed", where)
        for where, there in (("mode", in_file), ("--live", on_line), ("broker.account", named))
        if not there
    }
    assert places(LIVE, mode, "A-1" if named else None, on_line) == missing


@pytest.mark.parametrize(("in_file", "on_line", "named"), list(product([True, False], repeat=3)))
def test_a_paper_account_is_never_traded_as_a_live_one(in_file, on_line, named):
    mode = Mode.LIVE if in_file else Mode.PAPER
    contradicting = {
        ("paper-in-live-mode", where)
        for where, there in (("mode", in_file), ("--live", on_line))
        if there
    }
    assert places(PAPER, mode, "A-1" if named else None, on_line) == contradicting


@pytest.mark.parametrize("account", [LIVE, PAPER], ids=["live", "paper"])
@pytest.mark.parametrize("number", ["A-2", "a-1", "A-1 ", "A"])
@pytest.mark.parametrize("on_line", [True, False])
@pytest.mark.parametrize("mode", Mode)
def test_another_number_than_the_brokers_is_refused_in_every_mode(account, number, on_line, mode):
    assert ("other-account", "broker.account") in places(account, mode, number, on_line)


@pytest.mark.parametrize("limit", ["max_order_value", "max_day_value"])
def test_security_s6_real_money_is_not_traded_without_a_limit_in_dollars(limit):
    without = settings(Mode.LIVE, "A-1", **{limit: None})
    (problem,) = unconfirmed(without, LIVE, live=True, synthetic=False).problems()
    assert (problem.code, problem.where) == ("live-without-limits", f"risk.{limit}")
    assert problem.why
    assert problem.hint
    paper = evolve(without, mode=Mode.PAPER)
    assert unconfirmed(paper, PAPER, live=False, synthetic=False) is None


def test_real_money_is_not_traded_on_prices_that_are_made_up():
    sound = settings(Mode.LIVE, "A-1")
    (problem,) = unconfirmed(sound, LIVE, live=True, synthetic=True).problems()
    assert (problem.code, problem.where) == ("live-on-synthetic", "data.feed")
    assert problem.hint
    assert unconfirmed(settings(Mode.PAPER, None), PAPER, live=False, synthetic=True) is None


def test_security_s6_orders_of_a_day_are_limited_without_being_asked():
    assert Settings().risk.max_orders == 200
    assert Settings().mode is Mode.PAPER


def test_every_problem_says_why_and_what_to_do():
    refusal = unconfirmed(settings(Mode.PAPER, None), LIVE, live=False, synthetic=False)
    assert len(refusal.problems()) == 3
    assert all(p.why and p.hint and "A-1" in p.what for p in refusal.problems())
