"""Days on which nothing goes wrong, accounts that nobody knows, and keys that are nowhere left."""

from decimal import Decimal

import pytest
from alpaca_market import DAYS
from alpaca_scene import REFUSED, SLOW, copied, scene

from alchemiser_core.domain.journal.codec import encode
from alchemiser_core.domain.journal.events import (
    BuysSized,
    OrderIntended,
    OrderRefused,
    PlanCommitted,
)


def test_the_second_day_has_ten_orders_of_both_sides(undisturbed, bought, tmp_path):
    with scene(copied(bought, tmp_path / "account"), DAYS[1]) as at:
        assert at.trade().code == 0
        plan = at.today(PlanCommitted)[-1].plan
        assert (len(plan.sells), len(plan.buys)) == (6, 6)
        assert at.account() == undisturbed.account


def test_buys_are_never_refused_for_the_cash_that_the_broker_holds_back(bought, tmp_path):
    """They rest while others are sent, and each holds back more than it will cost."""
    slow = {**SLOW, "spread_bps": Decimal(20)}
    with scene(copied(bought, tmp_path / "account"), DAYS[1], settings=slow) as at:
        assert at.trade().code == 0
        assert not at.today(OrderRefused)
        assert not at.alerts()
        at.settle()


def test_the_same_day_is_the_same_plan_and_the_same_orders_to_the_last_byte(bought, tmp_path):
    """G8: seed and market are the same, the second in which something happens is not."""
    days = []
    for name in ("one", "two"):
        with scene(copied(bought, tmp_path / name), DAYS[1], speed=20) as at:
            at.trade()
            kinds = (PlanCommitted, BuysSized, OrderIntended)
            days.append([encode(e) for kind in kinds for e in at.today(kind)])
    assert days[0] == days[1]
    assert len(days[0]) > 13


def test_case_24_positions_that_no_journal_knows_are_not_traded_until_a_person_says_so_over_http(
    second_day,
):
    with second_day() as at:
        for path in at.folder.glob("alchemiser-journal.db*"):
            path.unlink()
        at.tape.forget_the_journal()
        first = at.trade()
        assert first.code == REFUSED, first.output
        assert not at.sent()
        assert at.alerts()
        assert at.run("reconcile", "--adopt").code == 0
        assert at.trade().code == 0
        whole = at.ledger().opened_books.combined()
        held = {symbol: position.quantity for symbol, position in whole.positions.items()}
        assert (whole.cash, held) == at.account()


def test_case_24_open_orders_that_no_journal_knows_are_left_alone_over_http(second_day):
    with second_day() as at:
        for path in at.folder.glob("alchemiser-journal.db*"):
            path.unlink()
        at.tape.forget_the_journal()
        at.by_hand("S4", "buy", 1, "1.00")
        assert at.trade().code == REFUSED
        assert at.foreign().status.name == "OPEN"
        assert not at.sent()


@pytest.mark.parametrize("tactic", ["market", "progressive-limit"])
def test_no_key_is_in_any_byte_that_a_day_has_written(bought, tmp_path, tactic):
    """G7; every other scene looks for the keys as well."""
    logs = '[logs]\nfile = "alchemiser.log"\nlevel = "debug"\nfile_level = "debug"\n'
    execution = f'tactic = "{tactic}"\nstep_seconds = 4\ndeadline_seconds = 240'
    chosen = {"settings": SLOW, "more": logs, "execution": execution}
    with scene(copied(bought, tmp_path / "account"), DAYS[1], **chosen) as at:
        at.fault("unauthorised", {"method": "DELETE"})
        at.fault("status", {"path": "/v2/orders", "nth": 6}, code=500, body="html")
        at.trade("--json")
        at.run("status")
        at.run("history")
        at.run("doctor")
        assert (at.folder / "alchemiser.log").stat().st_size
        at.assert_obedient()
