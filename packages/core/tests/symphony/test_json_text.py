"""Text that is not JSON is refused with its line and column, before anything is made of it."""

import pytest
from returns.result import Failure

from alchemiser_core.symphony import read
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.json.text import JsonReader


def faults(text: str) -> list[str]:
    result = read(text)
    assert isinstance(result, Failure)
    return [f"{p.where} {p.code}: {p.what}" for p in result.failure().problems()]


def test_values_of_every_kind_are_read() -> None:
    text = ' { "a" : [1, -2.5e3, "x\\u00e9\\n", true , null, {}, [] ],\n"b": {"c": false}} '
    findings = Findings()
    document = JsonReader(text, findings, str, 10).read()
    assert document == {
        "a": [1, -2500.0, "xé\n", True, None, {}, []],
        "b": {"c": False},
    }
    assert not findings.errors


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "1:2 unreadable-text: the text ends where a key with its ':', or '}' is needed"),
        ('{"a" 1}', "1:2 unreadable-text: '\"a\"' stands where a key with its ':', or '}'"),
        ('{"a": 1,}', "1:9 unreadable-text: '}' stands where a key with its ':' is expected"),
        ('{"a": 1 "b": 2}', "1:9 unreadable-text: '\"b\"' stands where ',' or the closing bracket"),
        ('{"a": "b": 2}', "1:7 unreadable-text: '\"b\"' stands where a value is expected"),
        ("[1,]", "1:4 unreadable-text: ']' stands where a value is expected"),
        ("[1}", "1:3 unreadable-text: '}' stands where ',' or the closing bracket is expected"),
        ("[{}] []", "1:6 unreadable-text: '[' stands where the end of the text is expected"),
        ('{"a": 1, "a": 2}', "1:10 unreadable-text: the key 'a' stands twice in this object"),
        ('{"a": NaN}', "1:7 unreadable-text: 'NaN' is no value of JSON"),
        ('{"a": -Infinity}', "1:7 unreadable-text: '-Infinity' is no value of JSON"),
        ('{"a": 01}', "1:7 unreadable-text: '01' is no value of JSON"),
        ('{"a": 1e999}', "1:7 unreadable-text: '1e999' is no value of JSON"),
        ('{"a": ' + "9" * 5000 + "}", "is no value of JSON"),
        ('{"a": "b', "1:7 unreadable-text: a string is never closed"),
        ('{"a": "b\n"}', "1:7 unreadable-text: a string is never closed, or has a control"),
        (r'{"a": "\x"}', "1:7 unreadable-text: a string holds an escape"),
        (r'{"a": "\ud800"}', "1:7 unreadable-text: half of a surrogate pair"),
        ('{"a": \x0b1}', "is no value of JSON"),
        ("[" * 9000, "limit-exceeded: the symphony has more than 8,064 brackets"),
    ],
)
def test_what_is_not_json_is_a_fault_with_line_and_column(text: str, fault: str) -> None:
    assert fault in faults(text)[0]


def test_the_middle_of_a_long_path_is_left_out() -> None:
    inner = '{"step": "wt-cash-equal", "children": [' * 100 + '{"step": "foo"}' + "]}" * 100
    (fault,) = faults('{"step": "root", "children": [' + inner + "]}")
    assert "…(164 steps)…" in fault
    assert len(fault) < 600
