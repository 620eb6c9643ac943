"""`alchemiser reconcile`: journal and broker brought to tell the same, without trading."""

from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.account_events import DifferenceAccepted
from alchemiser_core.domain.journal.events import (
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    Halted,
    OrderIntended,
    PlanCommitted,
)
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.services.bookkeeping import holders
from alchemiser_core.services.ledger import Ledger

DAYS = ("2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08")
ONE = ("one.edn", "--session")


def events() -> list:
    with open_journal("alchemiser-journal.db", read_only=True).unwrap() as opened:
        return [entry.event for entry in opened.entries().unwrap()]


@pytest.fixture
def trade(run, market):
    """Trade a strategy on a session; it has to end with 0."""

    def call(day):
        result = run("trade", *ONE, day)
        assert result.exit_code == 0, result.output

    return call


@pytest.fixture
def put_aside(market):
    """Moves the journal away and brings it back."""

    def move(source, target):
        for part in market.glob(f"{source}*"):
            part.rename(market / part.name.replace(source, target))

    return move


def codes(answer) -> list[str]:
    return [found["code"] for found in answer["discrepancies"]]


def test_an_account_that_agrees_is_left_as_it_is(run, run_json, trade):
    trade(DAYS[0])
    before = events()
    answer = run_json("reconcile", *ONE, DAYS[0])
    assert (answer["agrees"], answer["blocked"], answer["events"]) == (True, False, [])
    assert "journal and broker agree" in run("reconcile", *ONE, DAYS[0]).stdout
    assert events() == before


def test_a_deposit_is_booked_and_nothing_is_traded(run, run_json, trade):
    trade(DAYS[0])
    run("paper", "deposit", "500")
    dry = run("reconcile", *ONE, DAYS[1], "--dry-run")
    assert dry.exit_code == 0
    assert "this would be written" in dry.stdout
    assert "deposit 500.00" in dry.stdout
    assert Decimal(run_json("status")["contributed"]) == 100_000
    answer = run_json("reconcile", *ONE, DAYS[1])
    assert answer["events"] == ["activity-booked"]
    assert Decimal(run_json("status")["contributed"]) == 100_500
    assert len([e for e in events() if isinstance(e, CycleOpened)]) == 1


def test_what_an_account_held_before_its_journal_blocks_until_a_person_adopts_it(
    run, run_json, trade, put_aside
):
    trade(DAYS[0])
    put_aside("alchemiser-journal.db", "lost.db")
    dry = run_json("reconcile", *ONE, DAYS[1], "--dry-run", code=4)
    assert not Path("alchemiser-journal.db").exists()
    answer = run_json("reconcile", *ONE, DAYS[1], code=4)
    assert answer["discrepancies"] == dry["discrepancies"]
    assert set(codes(answer)) == {"unknown-holdings"}
    assert all(found["blocks"] and "--adopt" in found["hint"] for found in answer["discrepancies"])
    assert run("trade", *ONE, DAYS[1]).exit_code == 4

    page = run("reconcile", *ONE, DAYS[1])
    assert page.exit_code == 4
    assert "NOTHING IS TRADED" in page.stdout
    assert "  journal  " in page.stdout
    assert "  broker   " in page.stdout
    assert page.stderr == ""

    adopted = run("reconcile", *ONE, DAYS[1], "--adopt")
    assert adopted.exit_code == 0, adopted.output
    assert "books opened" in adopted.stdout
    trade(DAYS[1])


def test_a_journal_that_misses_days_is_brought_up_to_the_account_on_a_persons_word(
    run, run_json, trade, put_aside, market
):
    trade(DAYS[0])
    (market / "backup.db").write_bytes(Path("alchemiser-journal.db").read_bytes())
    trade(DAYS[1])
    put_aside("alchemiser-journal.db", "newer.db")
    (market / "backup.db").rename("alchemiser-journal.db")
    answer = run_json("reconcile", *ONE, DAYS[2], code=4)
    assert "unknown-order" in codes(answer)
    assert all(found["journal"] != found["broker"] for found in answer["discrepancies"])
    adopted = run("reconcile", *ONE, DAYS[2], "--adopt")
    assert adopted.exit_code == 0, adopted.output
    assert "order accepted that the journal did not know" in adopted.stdout
    assert run_json("reconcile", *ONE, DAYS[2])["agrees"]
    report, paper = run_json("status"), run_json("paper", "show")
    assert Decimal(report["cash"]) == Decimal(paper["cash"])
    assert [(h["symbol"], h["quantity"]) for h in report["holdings"]] == [
        (p["symbol"], p["quantity"]) for p in paper["positions"]
    ]


def test_a_late_sale_of_what_the_books_lack_is_settled_by_a_persons_word(
    run, run_json, trade, put_aside, market
):
    """The journal closed its second cycle without the sales, and was told that the shares left."""
    trade(DAYS[0])
    (market / "backup.db").write_bytes(Path("alchemiser-journal.db").read_bytes())
    trade(DAYS[1])
    newer = events()
    put_aside("alchemiser-journal.db", "newer.db")
    (market / "backup.db").rename("alchemiser-journal.db")
    opened = [e for e in newer if isinstance(e, CycleOpened)][-1]
    plan = [e for e in newer if isinstance(e, PlanCommitted)][-1]
    sales = [e for e in newer if isinstance(e, OrderIntended) and e.request.side is Side.SELL]
    assert sales
    with open_journal("alchemiser-journal.db").unwrap() as journal:
        books = Ledger().fold(e.event for e in journal.entries().unwrap()).opened_books
        left = [
            DifferenceAccepted(
                symbol,
                {name: -quantity for name, quantity in holders(books, symbol).items()},
                Decimal(1),
                opened.cycle.trading_day,
                is_contribution=True,
                why="by hand",
            )
            for symbol in sorted({sale.request.symbol for sale in sales})
        ]
        closed = CycleClosed(opened.cycle, CycleOutcome.INCOMPLETE, None)
        at = journal.entries().unwrap()[-1].record.at
        journal.append([opened, plan, *sales, closed, *left], at).unwrap()
    assert "unbookable-fill" in codes(run_json("reconcile", *ONE, DAYS[2], code=4))
    assert run("reconcile", *ONE, DAYS[2]).exit_code == 4
    adopted = run("reconcile", *ONE, DAYS[2], "--adopt")
    assert adopted.exit_code == 0, adopted.output
    assert "late fill accepted that no book could take: sell" in adopted.stdout
    again = run_json("reconcile", *ONE, DAYS[2])
    assert (again["agrees"], again["events"]) == (True, [])
    report, paper = run_json("status"), run_json("paper", "show")
    assert Decimal(report["cash"]) == Decimal(paper["cash"])
    assert [(h["symbol"], h["quantity"]) for h in report["holdings"]] == [
        (p["symbol"], p["quantity"]) for p in paper["positions"]
    ]
    trade(DAYS[2])


def test_the_journal_of_another_account_is_refused_whatever_a_person_says(run, run_json, trade):
    trade(DAYS[0])
    before = len([e for e in events() if isinstance(e, OrderIntended)])
    assert run("paper", "reset", "--force").exit_code == 0
    for words in ((), ("--dry-run",), ("--adopt",)):
        answer = run_json("reconcile", *ONE, DAYS[1], *words, code=4)
        assert {problem["code"] for problem in answer["problems"]} == {"other-account"}
        assert not answer["agrees"]
    assert len([e for e in events() if isinstance(e, OrderIntended)]) == before
    assert run_json("status")["account"] == "PAPER-1"


def test_another_portfolio_is_refused(run_json, trade):
    trade(DAYS[0])
    answer = run_json("reconcile", "two.edn", "--session", DAYS[1], code=4)
    assert answer["problems"][0]["code"] == "other-account"


def test_reconciling_is_allowed_while_trading_is_halted_and_lifts_no_halt(run, run_json, trade):
    trade(DAYS[0])
    run("halt")
    run("paper", "deposit", "500")
    assert run_json("reconcile", *ONE, DAYS[1], "--adopt")["agrees"]
    assert run_json("status", code=6)["halted"]
    assert isinstance([e for e in events() if isinstance(e, Halted)][-1], Halted)
    assert run("trade", *ONE, DAYS[1]).exit_code == 6
