"""The journal in the log: every event with its cycle and its order."""

import json
from datetime import date
from decimal import Decimal

import pytest
from attrs import define, field
from loguru import logger

from alchemiser_app.logs.journal_log import Both, JournalLog
from alchemiser_app.logs.starting import start_logging
from alchemiser_core.config.log_settings import LogLevel, LogSettings
from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CancelAsked,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    Halted,
    LineEnd,
    LineEnded,
    OrderIntended,
    OrderRefused,
    OrderReported,
)
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.notifier import NotDelivered

CYCLE = CycleKey("mine", "PAPER-1", date(2026, 3, 2))
OPENED = CycleOpened(CYCLE, "previous-close", "market")
CLOSED = CycleClosed(CYCLE, CycleOutcome.COMPLETE, None)
ID = CYCLE.order_id("SPY", Side.BUY)
REQUEST = OrderRequest(ID, "SPY", Side.BUY, Decimal(5))
REPORT = OrderReport(ID, "b-1", "SPY", Side.BUY, Decimal(5), OrderStatus.OPEN)


@pytest.fixture
def lines():
    """What is logged at information and above, as JSON."""
    written: list[str] = []
    started = start_logging(
        LogSettings(level=LogLevel.INFO),
        stderr_is_terminal=False,
        write=written.append,
        run_id="0a1b2c3d",
    )
    with started.unwrap():
        yield written


def objects(written):
    return [json.loads(line) for line in written]


def test_every_event_is_logged_with_its_cycle_and_its_order(lines):
    events = [
        OPENED,
        OrderIntended(REQUEST),
        OrderReported(REPORT),
        CancelAsked(ID, "step"),
        CLOSED,
    ]
    JournalLog().written(events)
    found = objects(lines)
    assert {line["run_id"] for line in found} == {"0a1b2c3d"}
    assert {line["cycle"] for line in found} == {"mine/2026-03-02/1"}
    assert [line.get("order") for line in found] == [None, ID, ID, ID, None]
    assert [line["fields"]["event"] for line in found] == [
        "cycle-opened",
        "order-intended",
        "order-reported",
        "cancel-asked",
        "cycle-closed",
    ]
    assert all(line["message"] and line["level"] == "info" for line in found)


def test_what_is_logged_between_the_events_of_a_cycle_names_it_too(lines):
    log = JournalLog()
    logger.warning("before")
    log.written([OPENED])
    logger.warning("within")
    log.written([CLOSED])
    logger.warning("after")
    cycles = {line["message"]: line.get("cycle") for line in objects(lines)}
    assert (cycles["before"], cycles["within"], cycles["after"]) == (
        None,
        "mine/2026-03-02/1",
        None,
    )


def test_alerts_halts_and_ends_have_their_code_and_subject(lines):
    alert = Alert("not-filled", Severity.WARNING, "SPY is not filled", "SPY")
    JournalLog().written(
        [
            AlertRaised(alert),
            Halted("by-hand", "gone fishing"),
            LineEnded("SPY", LineEnd.NOT_FILLED),
        ]
    )
    first, second, third = objects(lines)
    assert (first["code"], first["subject"], first["level"]) == ("not-filled", "SPY", "info")
    assert second["code"] == "by-hand"
    assert third["subject"] == "SPY"


def test_an_alert_that_did_not_get_through_is_logged(lines):
    alert = Alert("not-filled", Severity.WARNING, "SPY is not filled", "SPY")
    JournalLog().undelivered(NotDelivered(alert, (Problem("alert-not-delivered", "no route"),)))
    (line,) = objects(lines)
    assert (line["code"], line["subject"]) == ("alert-not-delivered", "SPY")
    assert "no route" in line["message"]


def test_security_s13_the_words_of_a_broker_cannot_write_lines_of_their_own(lines):
    hostile = '\x1b[2J"}\r\n{"level": "critical", "message": "sold all"}\u202e\u2028' + "x" * 10**6
    JournalLog().written([OrderRefused(ID, RejectionKind.OTHER, hostile)])
    (written,) = lines
    assert written.count("\n") == 1
    assert written.isascii()
    assert written.rstrip("\n").isprintable()
    assert len(written) < 2500
    assert json.loads(written)["level"] == "info"


@define
class Told:
    """An observer that keeps what it is told, in one list with others."""

    name: str
    told: list = field(factory=list)

    def written(self, events):
        self.told.append((self.name, "written", tuple(events)))

    def undelivered(self, failure):
        self.told.append((self.name, "undelivered", failure))


def test_both_observers_are_told_everything_in_order():
    told: list = []
    both = Both(Told("first", told), Told("second", told))
    both.written([OPENED])
    both.undelivered("lost")
    assert [each[:2] for each in told] == [
        ("first", "written"),
        ("second", "written"),
        ("first", "undelivered"),
        ("second", "undelivered"),
    ]
    assert told[0][2] == told[1][2] == (OPENED,)
