import json
import subprocess
import sys
from collections import OrderedDict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure

from alchemiser_core.domain.journal.codec import decode, encode, encode_checked, kind_of
from alchemiser_core.domain.journal.events import Resumed, StrategyDecided
from alchemiser_core.testing.journal_events import KINDS, event_of, events, one_of_each

EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@EACH
@settings(max_examples=25)
@given(data=st.data())
def test_every_event_comes_back_equal_and_as_the_same_bytes(kind, data):
    event = data.draw(events(kind))
    body = encode(event)
    back = decode(kind_of(event), body).unwrap()
    assert back == event
    assert type(back) is kind
    assert encode(back) == body
    assert encode_checked(event) == body


@EACH
def test_bodies_are_plain_ascii_without_white_space_around_keys_that_are_sorted(kind):
    body = encode(event_of(kind))
    assert body.isascii()
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))


def test_kinds_are_names_that_differ():
    names = [kind_of(event) for event in one_of_each()]
    assert len(set(names)) == len(KINDS) == len(names)
    assert all(name == name.lower() and " " not in name for name in names)
    assert "plan-committed" in names


def test_the_order_in_which_a_mapping_was_made_makes_no_difference():
    weights = [("SPY", Decimal("0.5")), ("BIL", Decimal("0.5"))]
    one, other = (
        StrategyDecided("klm", date(2024, 7, 12), OrderedDict(pairs), None)
        for pairs in (weights, weights[::-1])
    )
    assert encode(one) == encode(other)


def test_the_hash_seed_makes_no_difference():
    code = (
        "from alchemiser_core.testing.journal_events import one_of_each\n"
        "from alchemiser_core.domain.journal.codec import encode\n"
        "print([encode(event) for event in one_of_each()])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("text", ["0.1", "1E-9", "0E-8", "12.500", "-0", "1E+30", "1234567.89"])
def test_decimals_come_back_digit_by_digit(text):
    event = StrategyDecided("klm", date(2024, 7, 12), {"SPY": Decimal(text)}, None)
    back = decode(kind_of(event), encode(event)).unwrap()
    assert str(back.weights["SPY"]) == text


@EACH
@settings(max_examples=30)
@given(data=st.data())
def test_no_other_json_is_taken_for_an_event_and_none_makes_it_raise(kind, data):
    body = json.loads(encode(event_of(kind)))
    place = data.draw(st.sampled_from(sorted(body)))
    wrong = data.draw(st.sampled_from([None, 1, 1.5, True, [], {}, "words", [[]], {"a": 1}]))
    text = json.dumps({**body, place: wrong})
    result = decode(kind_of(event_of(kind)), text)
    if isinstance(result, Failure):
        assert result.failure().problems()[0].code == "bad-journal-event"
    else:
        same = json.loads(encode(result.unwrap()))[place] == wrong
        # Whatever can be counted through is taken for a list; the chain knows what was written.
        assert same or isinstance(body[place], list)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("dreamt", "{}"),
        ("resumed", ""),
        ("resumed", "{"),
        ("resumed", "{}"),
        ("resumed", "null"),
        ("resumed", "[]"),
        ("resumed", '{"why":1}'),
        ("resumed", '{"why":"a","more":1}'),
        ("resumed", '{"why":' + "[" * 100_000),
        ("strategy-held", '{"as_of":"2024-07-32","strategy":"klm","why":""}'),
        ("strategy-decided", '{"as_of":"2024-07-12","reason":"luck","strategy":"k","weights":{}}'),
        (
            "strategy-decided",
            '{"as_of":"2024-07-12","reason":null,"strategy":"k","weights":{"SPY":0.5}}',
        ),
    ],
)
def test_what_is_no_event_is_a_failure_that_says_so(kind, body):
    (problem,) = decode(kind, body).failure().problems()
    assert problem.code == "bad-journal-event"
    assert kind in problem.what
    assert problem.why


@pytest.mark.parametrize("wrong", [3, None, ["a"], b"a"])
def test_a_value_of_a_wrong_type_is_found_before_it_is_written(wrong):
    with pytest.raises((TypeError, ValueError)):
        encode_checked(Resumed(wrong))


def test_a_price_that_is_a_float_is_found_before_it_is_written():
    with pytest.raises(TypeError, match="float"):
        encode_checked(StrategyDecided("klm", date(2024, 7, 12), {"SPY": 0.5}, None))
