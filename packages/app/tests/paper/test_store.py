"""The account's file: private, durable, refused where it is damaged, and never made anew."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_app.paper.account import open_account
from alchemiser_app.paper.desk import pay, start_anew, statement
from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.cash import CashReason

CHILD = Path(__file__).with_name("child_that_trades.py")


@pytest.fixture
def traded(paper, order):
    """A file that was traded, and is closed."""
    paper.broker().submit(order("a", "SPY", Side.BUY, "2"))
    paper.close()
    return paper


def code_of(paper):
    (problem,) = paper.refusal().problems()
    assert problem.where
    return problem.code


def test_nobody_else_can_read_it(traded):
    assert stat.S_IMODE(traded.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(traded.file.parent.stat().st_mode) == 0o700


def test_it_is_written_through(paper):
    connection = paper.broker().stored.store._connection
    with connection.begin():
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def change(paper, statement):
    with sqlite3.connect(paper.file) as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE paper_entries SET body = replace(body, '100000', '900000') WHERE number = 2",
        "DELETE FROM paper_entries WHERE number = 3",
        "UPDATE paper_entries SET at = 'yesterday' WHERE number = 4",
        "UPDATE paper_entries SET kind = 'gift' WHERE number = 2",
        "DELETE FROM paper_entries",
        "DROP TABLE paper_entries",
    ],
)
def test_an_entry_that_was_changed_is_noticed(traded, statement):
    change(traded, statement)
    before = traded.file.read_bytes()
    assert code_of(traded) == "paper-corrupt"
    assert traded.file.read_bytes() == before


def test_damaged_bytes_are_noticed(traded):
    content = bytearray(traded.file.read_bytes())
    content[4096:6000] = os.urandom(6000 - 4096)
    traded.file.write_bytes(content)
    assert code_of(traded) == "paper-corrupt"


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_file_that_was_cut_is_refused(traded, size):
    os.truncate(traded.file, size)
    assert code_of(traded) == "paper-corrupt"
    assert traded.file.stat().st_size == size


def test_a_lost_file_is_not_made_anew_beside_its_log(traded):
    traded.file.with_name("paper.db-wal").write_bytes(b"left over")
    traded.file.unlink()
    assert code_of(traded) == "paper-corrupt"
    assert not traded.file.exists()


def test_files_of_others_are_refused(traded):
    change(traded, "PRAGMA application_id = 7")
    assert code_of(traded) == "paper-foreign"
    traded.file.write_text("a letter, which is no database at all" * 200)
    assert code_of(traded) == "paper-corrupt"


def test_a_newer_version_is_refused(traded):
    change(traded, "PRAGMA user_version = 9")
    assert code_of(traded) == "paper-foreign"


def test_a_symbolic_link_is_refused(traded):
    moved = traded.file.rename(traded.file.with_name("elsewhere.db"))
    traded.file.symlink_to(moved)
    assert code_of(traded) == "paper-foreign"


def test_what_cannot_be_written_is_not_told_as_done(paper, order):
    broker = paper.broker()
    connection = broker.stored.store._connection
    with connection.begin():
        connection.exec_driver_sql("PRAGMA query_only = ON")
    outcome = broker.submit(order("a", "SPY", Side.BUY, "1")).failure()
    assert "cannot be" in outcome.why
    assert broker.account().failure().problems()[0].code == "paper-unavailable"
    paper.close()
    again = paper.broker()
    assert again.order("a").unwrap() is None
    assert again.positions().unwrap() == ()


def test_deposits_and_withdrawals_are_activities_of_the_session(traded):
    before = statement(traded.file).unwrap()
    assert pay(traded.file, Decimal("500.25")).unwrap().cash == before.cash + Decimal("500.25")
    after = pay(traded.file, Decimal("-100")).unwrap()
    assert after.cash == before.cash + Decimal("400.25")
    found = traded.broker().activities(traded.days[0]).unwrap()
    assert [(a.reason, a.amount) for a in found] == [
        (CashReason.DEPOSIT, Decimal("500.25")),
        (CashReason.WITHDRAWAL, Decimal("-100")),
    ]
    assert {a.session for a in found} == {traded.days[0]}


@pytest.mark.parametrize("amount", ["-99999999", "0", "0.001"])
def test_what_cannot_be_paid_changes_nothing(traded, amount):
    before = statement(traded.file).unwrap()
    assert pay(traded.file, Decimal(amount)).failure().problems()
    assert statement(traded.file).unwrap() == before


def test_a_statement_is_read_while_it_is_traded(paper, order):
    paper.broker().submit(order("a", "SPY", Side.BUY, "2"))
    found = statement(paper.file).unwrap()
    assert found.held == {"SPY": 2}
    assert found.session == paper.days[0]
    assert pay(paper.file, Decimal(1)).failure().problems()[0].code == "paper-locked"


def test_a_new_start_has_another_number_and_keeps_the_old_file(traded):
    before = statement(traded.file).unwrap()
    assert start_anew(traded.file, Decimal(5)).unwrap().number == "PAPER-2"
    assert start_anew(traded.file, Decimal(6)).unwrap().number == "PAPER-3"
    aside = traded.file.with_name("paper.db.before-PAPER-2")
    assert statement(aside).unwrap() == before


def test_a_start_that_was_interrupted_does_not_repeat_a_number(traded):
    traded.file.rename(traded.file.with_name("paper.db.before-PAPER-2"))
    assert traded.broker().account().unwrap().number == "PAPER-2"


def test_a_damaged_account_can_be_started_anew(traded):
    traded.file.write_bytes(b"")
    assert start_anew(traded.file, Decimal(5)).unwrap().number == "PAPER-2"


def test_an_account_in_use_is_not_started_anew(paper):
    paper.broker()
    assert start_anew(paper.file, Decimal(5)).failure().problems()[0].code == "paper-locked"


@pytest.mark.parametrize("orders", [1, 7, 40])
def test_a_kill_leaves_what_was_acknowledged(tmp_path, orders):
    file = tmp_path / "paper.db"
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(file)], stdout=subprocess.PIPE, text=True
    ) as child:
        acknowledged = [child.stdout.readline().split() for _ in range(orders)]
        child.send_signal(signal.SIGKILL)
        acknowledged += [line.split() for line in child.stdout]
    complete = [line for line in acknowledged if len(line) == 4]
    account = open_account(file).unwrap()
    account.close()
    exchange = account.exchange
    assert len(complete) >= orders
    # The one after the last acknowledged may be there as well, whole or not at all.
    assert len(exchange.received) - len(complete) in (0, 1)
    for identifier, status, filled, cash in complete:
        report = exchange.order(identifier)
        assert (report.status, report.filled_quantity) == (status, Decimal(filled))
        assert Decimal(cash) in [change.balance for change in exchange.cash_history]
    balance = PaperSettings().cash
    for report in exchange.orders(account.day):
        sign = -1 if report.side is Side.BUY else 1
        balance += sign * report.filled_value - report.costs
    assert exchange.cash == balance
