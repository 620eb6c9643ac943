"""What may be in a line of the log."""

import logging
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

import pytest

from alchemiser_app.logs.redaction import LONGEST, redacted, shown_value
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_core.domain.orders.identifiers import ClientOrderId
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret

CANARY = "PKcanary71aa/+="


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"GET https://api.vendor.example/v2/bars?symbols=SPY&apikey={CANARY} failed",
            "GET https://api.vendor.example/v2/bars?… failed",
        ),
        (
            f"HTTPSConnectionPool(host='x'): Max retries exceeded with url: /v2?key={CANARY} (Caus",
            "HTTPSConnectionPool(host='x'): Max retries exceeded with url: /v2?… (Caus",
        ),
        (f"https://user:{CANARY}@vendor.example/", "https://vendor.example/"),
        (f"wss://{CANARY}@vendor.example", "wss://vendor.example"),
        (f"APCA-API-SECRET-KEY: {CANARY}", "APCA-API-SECRET-KEY: ***"),
        (
            f"{{'APCA-API-KEY-ID': '{CANARY}', 'Accept': 'json'}}",
            "{'APCA-API-KEY-ID': ***, 'Accept': 'json'}",
        ),
        (f"[(b'apca-api-secret-key', b'{CANARY}')]", "[(b'apca-api-secret-key', ***)]"),
        (f"Authorization: Basic {CANARY}, next", "Authorization: ***, next"),
        (f"authorization=Bearer {CANARY}", "authorization=***"),
        (f'{{"Cookie": "session={CANARY}; a=b"}}', '{"Cookie": ***}'),
        (f'{{"action": "auth", "secret": "{CANARY}"}}', '{"action": "auth", "secret": ***}'),
        (f"x-api-key: {CANARY}", "x-api-key: ***"),
        (f"password={CANARY}", "password=***"),
    ],
)
def test_security_s3_queries_users_and_headers_of_keys_are_cut(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "what is it?",
        "an order of 5 SPY at 500.25 was refused: 403 insufficient buying power",
        "https://data.alpaca.markets/v2/stocks/bars timed out after 10 s",
        "2026-03-02T20:45:00+00:00 key of the cycle portfolio/2026-03-02/1",
    ],
)
def test_what_is_harmless_is_logged_as_it_is(text):
    assert redacted(text) == text


def test_security_s1_a_known_secret_is_cut_wherever_it_stands():
    KNOWN_SECRETS.add(Secret(CANARY))
    assert redacted(f"refused {CANARY}!") == "refused ***!"
    assert shown_value(f"refused {CANARY}!") == "refused ***!"


def test_security_s1_a_secret_at_the_edge_of_what_is_shown_is_not_shown_in_part():
    KNOWN_SECRETS.add(Secret(CANARY))
    for before in range(LONGEST - 20, LONGEST + 20):
        assert "PKcan" not in redacted("x" * before + CANARY + "y" * 50)


def test_security_s13_what_a_terminal_obeys_is_not_logged():
    hostile = "\x1b[2J\x1b]0;title\x07first\r\nWARNING: second\u202egnirts\u2028\x00\ud800"
    shown = redacted(hostile)
    assert shown.isprintable()
    assert "\n" not in shown
    assert shown_value(hostile).isprintable()


def test_security_s13_a_text_of_any_length_is_bounded_at_once():
    started = clock.perf_counter()
    for text in ("a" * 10**7, "https://" * 10**6, "authorization: " * 10**5, "?a=" * 10**6):
        assert len(redacted(text)) <= LONGEST
    assert clock.perf_counter() - started < 2


class Side(Enum):
    BUY = "buy"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        (ClientOrderId("alch-1"), "alch-1"),
        (5, 5),
        (True, True),
        (None, None),
        (2.5, 2.5),
        (Decimal("1.50"), "1.50"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02 00:00:00+00:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(minutes=5), "0:05:00"),
        (Side.BUY, "buy"),
        (Problem("code", "what"), repr(Problem("code", "what"))),
        (Secret(CANARY), "***"),
        (float("nan"), "<float>"),
        (10**100, "<int>"),
    ],
)
def test_security_s4_values_of_known_types_are_shown(value, shown):
    assert shown_value(value) == shown


class Request:
    """What a library holds."""

    def __init__(self) -> None:
        self.headers = {"APCA-API-SECRET-KEY": CANARY}

    def __repr__(self) -> str:
        return f"<Request {self.headers}>"


@pytest.mark.parametrize(
    "value",
    [
        Request(),
        {"key": CANARY},
        [CANARY],
        (CANARY,),
        CANARY.encode(),
        ValueError(CANARY),
        logging.makeLogRecord({"msg": CANARY}),
        lambda: CANARY,
    ],
    ids=lambda value: type(value).__name__,
)
def test_security_s4_a_value_of_any_other_type_is_named_by_its_type_alone(value):
    assert shown_value(value) == f"<{type(value).__name__}>"


class Liar(str):
    """A text whose own code says something else, or does something."""

    def __str__(self) -> str:
        raise AssertionError("its code was run")

    def __format__(self, spec: str) -> str:
        raise AssertionError("its code was run")


def test_security_s4_no_code_of_a_text_is_run():
    assert shown_value(Liar("plain")) == "plain"
