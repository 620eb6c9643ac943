"""`alchemiser status`: the account by its journal alone."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.events import CycleOpened, JournalOpened, OrderIntended
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.quote import Mark
from alchemiser_core.services.account_view import account_view
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.testing.calendar import new_york_session

DAYS = ("2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08")
AMOUNTS = ("equity", "cash", "contributed", "profit", "realised", "unrealised", "income", "costs")


def entries(path="alchemiser-journal.db"):
    with open_journal(str(path), read_only=True).unwrap() as opened:
        return opened.entries().unwrap()


@pytest.fixture
def trade(run, market):
    """Trade the portfolio of two strategies on a session; it has to end with 0."""

    def call(day):
        result = run("trade", "--session", day)
        assert result.exit_code == 0, result.output

    return call


def total(books, name):
    return sum(Decimal(book[name]) for book in books.values())


def test_the_books_add_up_to_the_account_whatever_was_paid_in_and_traded(run, run_json, trade):
    trade(DAYS[0])
    for number, day in enumerate(DAYS[1:]):
        assert run("paper", "deposit", f"{333 + number}.33").exit_code == 0
        trade(day)
    report = run_json("status")
    books = report["books"]
    assert set(books) == {"one", "two"}
    for name in AMOUNTS:
        assert total(books, name) == Decimal(report[name]), name
    assert Decimal(report["contributed"]) == Decimal("100000") + 333 * 3 + 3 + Decimal("0.99")
    assert Decimal(report["profit"]) == Decimal(report["equity"]) - Decimal(report["contributed"])
    paper = run_json("paper", "show")
    assert Decimal(paper["cash"]) == Decimal(report["cash"])
    assert {p["symbol"]: Decimal(p["quantity"]) for p in paper["positions"]} == {
        p["symbol"]: Decimal(p["quantity"]) for p in report["holdings"]
    }


def test_a_deposit_goes_to_the_books_by_their_shares(run, run_json, trade):
    trade(DAYS[0])
    before = run_json("status")["books"]
    run("paper", "deposit", "1000")
    assert run_json("status")["books"] == before
    trade(DAYS[1])
    after = run_json("status")["books"]
    more = {n: Decimal(after[n]["contributed"]) - Decimal(before[n]["contributed"]) for n in after}
    assert more == {"one": 600, "two": 400}


def test_what_it_says_of_the_books_is_what_the_core_says(run_json, trade):
    for day in DAYS:
        trade(day)
    events = [entry.event for entry in entries()]
    report = run_json("status")
    marks = {
        each["symbol"]: Mark(
            each["symbol"], Decimal(each["price"]), date.fromisoformat(each["session"])
        )
        for each in report["holdings"]
    }
    view = account_view(Ledger().fold(events), marks).unwrap()
    for name in AMOUNTS:
        assert Decimal(report[name]) == getattr(view, name), name
        for book in view.books:
            assert Decimal(report["books"][book.strategy][name]) == getattr(book, name), name


def test_prices_are_the_last_that_the_journal_knows_with_their_session(run_json, trade):
    trade(DAYS[0])
    trade(DAYS[1])
    for holding in run_json("status")["holdings"]:
        assert holding["session"] == DAYS[1]
        worth = Decimal(holding["quantity"]) * Decimal(holding["price"])
        assert Decimal(holding["value"]) == worth


def test_the_page_fits_a_terminal_and_its_cents_add_up(run, trade):
    trade(DAYS[0])
    run("paper", "deposit", "100.01")
    trade(DAYS[1])
    lines = run("status").stdout.splitlines()
    assert max(map(len, lines[2:])) <= 80
    assert lines[0] == "portfolio on paper account PAPER-1, paper money"
    assert any(line.startswith(f"last cycle {DAYS[1]}: complete, closed ") for line in lines)
    assert f"at the prices of {DAYS[1]}, US dollars" in lines
    rows = {line.split()[0]: line.split() for line in lines if line}
    shown = {
        name: [Decimal(c.replace(",", "")) for c in rows[name][-5:]] for name in ("one", "two")
    }
    whole = [Decimal(c.replace(",", "")) for c in rows["all"][-5:]]
    assert [sum(pair) for pair in zip(shown["one"], shown["two"], strict=True)] == whole


def test_no_journal_is_told_and_none_is_made(run_json):
    (problem,) = run_json("status", code=2)["problems"]
    assert problem["code"] == "journal-missing"
    assert not list(Path().iterdir())


def test_a_damaged_journal_is_bad_data(run_json, trade):
    trade(DAYS[0])
    Path("alchemiser-journal.db").write_bytes(b"no database")
    answer = run_json("status", code=3)
    assert answer["problems"][0]["code"] in {"journal-foreign", "journal-corrupt"}


def test_it_reads_only(run, trade):
    trade(DAYS[0])
    before = Path("alchemiser-journal.db").read_bytes()
    assert run("status").exit_code == 0
    assert Path("alchemiser-journal.db").read_bytes() == before


def test_an_open_cycle_is_named_with_its_orders(run, run_json, market):
    day = new_york_session(date.fromisoformat(DAYS[0]))
    key = CycleKey("portfolio", "PAPER-1", day.day)
    request = OrderRequest(key.order_id("AAA", Side.BUY), "AAA", Side.BUY, Decimal("12.5"))
    with open_journal("alchemiser-journal.db", create=True).unwrap() as journal:
        opened = JournalOpened("portfolio", "PAPER-1", "paper", is_live=False)
        cycle = CycleOpened(key, "previous-close", "market")
        journal.append([opened, cycle, OrderIntended(request)], day.opens).unwrap()
    report = run_json("status")
    assert report["open_cycle"]["session"] == "2024-03-05"
    assert report["last_cycle"] is None
    assert [order["symbol"] for order in report["open_orders"]] == ["AAA"]
    page = run("status").stdout
    assert "OPEN cycle 2024-03-05" in page
    assert "12.5 AAA" in page
    assert "no books yet" in page


def test_the_journal_may_be_named_by_the_configuration_or_the_command_line(run_json, trade, market):
    trade(DAYS[0])
    for beside in market.glob("alchemiser-journal.db*"):
        beside.rename(market / beside.name.replace("alchemiser-journal", "mine"))
    assert run_json("status", "--journal", "mine.db")["account"] == "PAPER-1"
    other = market / "other.toml"
    other.write_text('[journal]\nlocation = "mine.db"\n')
    assert run_json("status", "--config", "other.toml")["account"] == "PAPER-1"
