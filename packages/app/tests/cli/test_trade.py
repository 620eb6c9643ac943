"""`alchemiser trade` as a user meets it: once a session, twice in a row, dry, blended."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_app.composition import Invocation
from alchemiser_app.container import assemble
from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.events import (
    BooksSettled,
    CycleOpened,
    JournalEvent,
    OrderIntended,
)
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest

KLM = ("trade", "klm", "--data", "sample", "--session")
DAYS = ("2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08")


def journal(path="alchemiser-journal.db") -> list[JournalEvent]:
    with open_journal(str(path), read_only=True).unwrap() as opened:
        return [entry.event for entry in opened.entries().unwrap()]


def of(kind, events=None) -> list:
    return [e for e in (journal() if events is None else events) if isinstance(e, kind)]


@pytest.fixture
def here(market) -> Path:
    """The folder of the small market, with its configuration."""
    return market


def test_the_first_run_trades_and_ends_with_0(run):
    result = run(*KLM, DAYS[0])
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "klm on paper account PAPER-1 on SYNTHETIC prices, session 2024-03-05"
    assert "complete: everything that was planned is filled" in lines
    assert len(of(OrderIntended)) == len(
        [each for each in lines if "filled" in each and "=" in each]
    )


def test_the_second_run_of_a_session_does_nothing_and_says_why(run):
    run(*KLM, DAYS[0])
    before = journal()
    second = run(*KLM, DAYS[0])
    assert second.exit_code == 0
    assert "nothing to do: the cycle of 2024-03-05 is over (complete)" in second.stdout
    assert "an account is traded once a session" in second.stdout
    assert journal() == before


def test_another_session_trades_again_and_no_session_trades_twice(here, run):
    for day in (*DAYS, *DAYS[-1:]):
        assert run("trade", "--session", day).exit_code == 0
    assert [str(e.cycle.trading_day) for e in of(CycleOpened)] == list(DAYS)
    ids = [e.request.client_order_id for e in of(OrderIntended)]
    assert len(ids) == len(set(ids)) > len(DAYS)


def test_time_never_goes_back(run):
    run(*KLM, DAYS[1])
    result = run(*KLM, DAYS[0])
    assert result.exit_code == 4
    assert "the paper account stands at 2024-03-06" in result.stderr


def test_a_dry_run_writes_nothing_and_sends_nothing(run, run_json):
    dry = run(*KLM, DAYS[0], "--dry-run")
    assert dry.exit_code == 0
    assert "dry run: nothing was sent" in dry.stdout
    assert not Path("alchemiser-journal.db").exists()
    answer = run_json(*KLM, DAYS[0], "--dry-run")
    assert (answer["outcome"], answer["sent"], answer["orders"]) == ("planned", 0, [])
    assert not Path("paper.db").exists()
    traded = run_json(*KLM, DAYS[0])
    assert traded["plan"]["orders"] == answer["plan"]["orders"]


def test_a_dry_run_leaves_the_journal_of_an_account_as_it_is(here, run):
    run("trade", "--session", DAYS[0])
    before = Path("alchemiser-journal.db").read_bytes()
    assert "dry run: nothing was sent" in run("trade", "--session", DAYS[1], "--dry-run").stdout
    assert Path("alchemiser-journal.db").read_bytes() == before


def test_the_object_has_everything(here, run_json):
    run_json("trade", "--session", DAYS[0])
    found = run_json("trade", "--session", DAYS[1])
    assert (found["outcome"], found["exit_code"], found["problems"]) == ("complete", 0, [])
    assert (found["session"], found["last_cycle"]) == (DAYS[1], DAYS[1])
    assert (found["broker"], found["account"], found["live"]) == ("paper", "PAPER-1", False)
    assert {d["strategy"]: d["weights"] for d in found["decisions"]} == {
        "one": {"AAA": "1"},
        "two": {"BBB": "1"},
    }
    assert found["sent"] == len(found["orders"]) > 0
    assert {order["status"] for order in found["orders"]} == {"filled"}
    books = sum(Decimal(amount) for amount in found["books"].values())
    assert books == Decimal(found["equity"])


def test_opposite_wishes_cross_between_the_books_and_only_the_rest_is_traded(here, run, run_json):
    run("trade", "--session", DAYS[0])
    second = run("trade", "--session", DAYS[1])
    assert "AAA crossed between books" in second.stdout
    crossed = [
        fill
        for event in of(BooksSettled)
        for fills in event.fills.values()
        for fill in fills
        if fill.client_order_id is None
    ]
    assert crossed
    for day in DAYS[2:]:
        run("trade", "--session", day)
    shown = run_json("paper", "show")
    held = {p["symbol"]: Decimal(p["quantity"]) for p in shown["positions"]}
    books: dict[str, Decimal] = {}
    for event in of(BooksSettled):
        for fills in event.fills.values():
            for fill in fills:
                signed = fill.quantity if fill.side == "buy" else -fill.quantity
                books[fill.symbol] = books.get(fill.symbol, Decimal(0)) + signed
    assert {s: q for s, q in books.items() if q} == held


def price(symbol: str, day: str, which: str) -> float:
    """Of the sample market."""
    feed = assemble(Invocation(data="sample")).feed().unwrap()
    bars = feed.bars(
        BarRequest((Symbol(symbol),), end=date.fromisoformat(day), closes_only=False)
    ).unwrap()
    column = bars.open if which == "open" else bars.close
    return float(column[bars.row_at(date.fromisoformat(day)), 0])


@pytest.mark.parametrize(
    ("decide_on", "filled_at", "decided_by"),
    [
        ("previous-close", "close", "2024-03-04"),
        ("after-close", "open", "2024-03-04"),
        ("provisional", "close", "2024-03-05"),
    ],
)
def test_orders_fill_at_the_price_that_decide_on_means(run_json, decide_on, filled_at, decided_by):
    Path("alchemiser.toml").write_text(f'decide_on = "{decide_on}"\n')
    found = run_json(*KLM, DAYS[0])
    assert [d["as_of"] for d in found["decisions"]] == [decided_by]
    assert found["orders"]
    for order in found["orders"]:
        each = Decimal(order["filled_value"]) / Decimal(order["filled_quantity"])
        assert float(each) == pytest.approx(price(order["symbol"], DAYS[0], filled_at), abs=1e-4)


def test_the_limits_of_a_progressive_tactic_fill_too(here, run_json):
    with Path("alchemiser.toml").open("a") as file:
        file.write('[execution]\ntactic = "progressive-limit"\n')
    found = run_json("trade", "--session", DAYS[0])
    assert found["outcome"] == "complete"
    assert {order["type"] for order in found["orders"]} == {"limit"}


def test_what_is_left_undone_is_incomplete_and_ends_with_5(here, run, run_json):
    with Path("alchemiser.toml").open("a") as file:
        file.write('[broker]\nsettings.reject = ["AAA"]\n')
    found = run_json("trade", "--session", DAYS[0], code=5)
    assert found["outcome"] == "incomplete"
    assert "order-refused" in {alert["code"] for alert in found["alerts"]}
    again = run("trade", "--session", DAYS[0])
    assert (again.exit_code, "(incomplete)" in again.stdout) == (0, True)


def test_no_line_of_a_small_account_is_wider_than_a_terminal(here, run):
    outputs = [run("trade", "--session", day).output for day in (*DAYS, DAYS[-1])]
    assert [line for text in outputs for line in text.splitlines() if len(line) > 80] == []


def test_the_object_of_a_dry_run_says_what_was_decided_and_that_nothing_is_sent(run_json, here):
    answer = run_json("trade", "--dry-run", "--session", DAYS[0])
    assert [decision["strategy"] for decision in answer["decisions"]] == ["one", "two"]
    assert (answer["outcome"], answer["sent"], answer["orders"]) == ("planned", 0, [])
    assert answer["plan"]["orders"]


def test_a_dry_run_leaves_the_paper_account_where_it_stands(run, run_json, tmp_path) -> None:
    run_json("trade", "klm", "--data", "sample", "--session", "2024-03-01")
    before = (tmp_path / "paper.db").read_bytes()
    dry = run("trade", "klm", "--data", "sample", "--session", "2024-06-03", "--dry-run")
    assert dry.exit_code == 0
    assert "klm decides by 2024-05-31" in dry.stdout
    assert (tmp_path / "paper.db").read_bytes() == before
    again = run_json("trade", "klm", "--data", "sample", "--session", "2024-03-04")
    assert again["session"] == "2024-03-04"


def test_a_dry_run_makes_no_account(run, tmp_path) -> None:
    assert run("trade", "klm", "--data", "sample", "--dry-run").exit_code == 0
    assert not list(tmp_path.glob("paper.db*"))


def test_an_account_on_bars_is_in_its_window_also_where_the_slot_is_in_the_last_minute(run, market):
    with (market / "alchemiser.toml").open("a") as file:
        file.write('[trading]\nslot = "close - 1 min"\n')
    result = run("trade", "--dry-run")
    assert result.exit_code == 0, result.output


def test_a_day_on_which_no_strategy_can_decide_is_not_called_a_day_without_wishes(run, here):
    (here / "bars" / "AAA.csv").unlink()
    result = run("trade", "--session", DAYS[0])
    assert result.exit_code == 0
    assert "NOTHING DECIDED: one, two could not, and the account keeps" in result.stdout
    assert "holds what the strategies want" not in result.stdout


def test_of_a_day_without_orders_it_is_told_who_could_not_decide(run, here):
    (here / "steady.edn").write_text(
        '(defsymphony "steady" {:rebalance-frequency :yearly} (asset "CCC"))'
    )
    text = (here / "alchemiser.toml").read_text().replace("two.edn", "steady.edn")
    (here / "alchemiser.toml").write_text(text)
    (here / "bars" / "AAA.csv").unlink()
    assert "complete: everything" in run("trade", "--session", DAYS[0]).stdout
    assert "nothing to do: one could not decide" in run("trade", "--session", DAYS[1]).stdout
