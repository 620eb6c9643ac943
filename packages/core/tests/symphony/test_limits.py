"""Hostile and deep input: bounded work, typed errors, nothing recursive."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import (
    Limits,
    ReadSymphony,
    SymphonyErrors,
    check,
    expand,
    parameters_of,
    read,
    render_edn,
    render_json,
)
from alchemiser_core.symphony.ast import Asset, Block, Group, Symphony, walk

GARBAGE = 64 * 1024


def read_totally(text: str) -> Result[ReadSymphony, SymphonyErrors]:
    """Read any text; how long it takes is measured in `benchmarks/hostile_text.py`."""
    result = read(text)
    if isinstance(result, Failure):
        assert all(str(problem) for problem in result.failure().problems())
        assert result.failure().found
    return result


def problems(result: Result[ReadSymphony, SymphonyErrors]) -> list[str]:
    assert isinstance(result, Failure)
    return [problem.what for problem in result.failure().problems()]


PIECES = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    '"',
    "\\",
    ";",
    "#",
    ",",
    ":",
    ".",
    "-",
    "1",
    "a",
    "é",
    "😀",
    "\x00",
    "\x0b",
    "\n",
    "'",
    "1e9",
    '\\"',
    '"\\',
    '"a"',
    "()",
    "[]",
    "{}",
    "#param",
    "#param,a",
    "(a)",
    "(if",
    "(asset",
    "[1",
    "{:a",
    "(>",
    "(use",
    "(rsi",
    '{"a":',
    "[1,",
    '{"step":',
    '"\\u0041',
    "null",
]


@pytest.mark.parametrize("piece", [*PIECES, " ", "   \x0b", '(asset "A")', '(asset "a b")'])
def test_garbage_that_repeats_itself_is_refused(piece: str) -> None:
    read_totally((piece * GARBAGE)[:GARBAGE])
    read_totally((piece + " ") * (GARBAGE // (len(piece) + 1)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(1, 400))
def test_any_text_is_read_or_refused(text: str, times: int) -> None:
    read_totally((text * times)[:GARBAGE])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_text_are_refused(raw: bytes) -> None:
    read_totally(raw.decode("utf-8", "surrogateescape"))
    read_totally(raw.decode("latin-1"))


TOKENS = [
    "(",
    "(",
    "(",
    ")",
    ")",
    ")",
    "[",
    "]",
    "{",
    "}",
    '"SPY"',
    '""',
    ":window",
    "10",
    "0",
    "-1",
    "2.5",
    "nil",
    "true",
    "asset",
    "if",
    "filter",
    "group",
    "use",
    "rsi",
    ">",
    "weight-equal",
    "weight-specified",
    "weight-inverse-volatility",
    "select-top",
    "#param",
    "x",
    "defsymphony",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=120))
def test_any_row_of_tokens_is_read_or_refused(tokens: list[str]) -> None:
    read_totally(" ".join(tokens))


json_values = st.recursive(
    st.sampled_from([None, True, 0, -1.5, "", "SPY", "10", "root", "asset", "if", "top"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                [
                    "step",
                    "children",
                    "ticker",
                    "name",
                    "weight",
                    "num",
                    "den",
                    "param",
                    "definitions",
                    "parameters",
                    "arguments",
                    "lhs-fn",
                    "lhs-val",
                    "lhs-fn-params",
                    "window",
                    "rhs-val",
                    "comparator",
                    "select-n",
                    "rebalance",
                ]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            "asset",
            "group",
            "if",
            "filter",
            "use",
            "wt-cash-equal",
            "wt-cash-specified",
            "wt-inverse-vol",
        ]
    ),
    json_values,
    json_values,
)
def test_any_json_is_read_or_refused(step: str, first: object, second: object) -> None:
    import json

    block = {"step": step, "children": first, "weight": second, "select-n": second}
    document = {"step": "root", "children": [block, first], "parameters": second}
    read_totally(json.dumps(document))
    read_totally(json.dumps(first))


def nested(depth: int) -> str:
    text = '(asset "SPY" "say \\"hi\\"")'
    opening = '(if (> (rsi "QQQ" {:window 10}) 79) [(asset "TLT")] [(weight-equal ['
    return opening * (depth // 2) + text + "])])" * (depth // 2)


@pytest.mark.parametrize("depth", [288, 500, 1998])
def test_lesson_depth(depth: int) -> None:
    assert sys.getrecursionlimit() <= 1000
    symphony = read_totally(nested(depth)).unwrap().symphony
    assert check(symphony) is None
    assert expand(symphony).unwrap() is symphony
    from_edn = read(render_edn(symphony)).unwrap().symphony
    from_json = read(render_json(symphony).unwrap()).unwrap().symphony
    assert from_edn == from_json == symphony
    assert sum(1 for _ in walk(symphony)) == 2 + depth + depth // 2


def test_a_deep_symphony_with_parameters_expands() -> None:
    text = nested(1990).replace("79", "#param level").replace('"TLT"', "#param calm")
    parameters = '{:parameters {:level 79 :calm "TLT"}}'
    symphony = read_totally(f'(defsymphony "" {parameters} {text})').unwrap().symphony
    assert expand(symphony).unwrap() == read(nested(1990)).unwrap().symphony
    assert parameters_of(symphony)["level"].uses == 995
    assert read(render_json(symphony).unwrap()).unwrap().symphony == symphony


def test_deeper_trees_than_the_limit_are_refused_in_both_forms() -> None:
    text = nested(2002)
    assert problems(read(text)) == ["the symphony has more than 2,000 blocks inside one another"]
    deep: Block = Asset(Symbol("SPY"))
    for _ in range(2001):
        deep = Group("g", (deep,))
    written = render_json(Symphony("", (deep,))).unwrap()
    assert problems(read(written)) == ["the symphony has more than 2,000 blocks inside one another"]
    assert "8,064 brackets" in problems(read("[" * 9000))[0]


def test_text_blocks_and_windows_are_bounded() -> None:
    small = Limits(text_bytes=60, nodes=3, window=20)
    assert isinstance(read('(group "g" [(asset "A")])', limits=small), Success)
    assert problems(read("é" * 31, limits=small)) == ["the symphony has more than 60 bytes of text"]
    assert problems(read("e" * 61, limits=small)) == ["the symphony has more than 60 bytes of text"]
    assert problems(read('(asset "A")' * 4, limits=small)) == [
        "the symphony has more than 3 blocks"
    ]
    as_json = '[{"step":"group","children":[' + ",".join(['{"step":"a"}'] * 3) + "]}]"
    assert "more than 3 blocks" in problems(read(as_json, limits=Limits(nodes=3)))[0]
    window = '(filter (rsi {:window 21}) (select-top 1) [(asset "A")])'
    assert problems(read(window, limits=small)) == ["the window of rsi is 21"]


def test_a_wrong_value_that_is_deep_is_described_in_a_word() -> None:
    deep = "[" * 5000 + "]" * 5000
    (what,) = problems(read_totally('{"step":"root","children":[{"step":' + deep + "}]}"))
    assert what == "unknown operator 'an array'"


def bomb(definitions: str, body: str) -> str:
    return f'(defsymphony "b" {{:definitions {{{definitions}}}}} {body})'


def test_a_definition_that_doubles_itself_is_refused_before_it_grows() -> None:
    doubling = " ".join(f':d{i} (group "x" [(use :d{i + 1}) (use :d{i + 1})])' for i in range(60))
    text = bomb(doubling + ' :d60 (asset "A")', "(use :d0)")
    assert problems(read_totally(text)) == ["the symphony has more than 500,000 blocks"]


def test_an_argument_that_is_doubled_is_refused_before_it_grows() -> None:
    nested_uses = "(use :d {:x " * 60 + '(asset "A")' + "})" * 60
    text = bomb(':d (group "g" [#param x #param x])', nested_uses)
    assert problems(read_totally(text)) == ["the symphony has more than 500,000 blocks"]


def test_a_list_that_is_spliced_too_often_is_refused_before_it_grows() -> None:
    basket = '"A" ' * 5000
    text = f'(defsymphony "b" {{:parameters {{:v [{basket}]}}}} {"#param v " * 2000})'
    assert problems(read_totally(text)) == ["the symphony has more than 500,000 blocks"]


def test_definitions_that_only_use_one_another_end_early() -> None:
    chain = " ".join(f":d{i} (use :d{i + 1})" for i in range(2000))
    text = bomb(chain + ' :d2000 (asset "A")', "(use :d0)")
    assert problems(read_totally(text)) == [
        "the symphony has more than 250 definitions inside one another"
    ]


def test_a_symphony_of_17_000_lines_is_read_totally() -> None:
    block = """
(if
 (> (rsi "SPY" {:window 10}) (cumulative-return "QQQ" {:window 60}))
 [(group
   "Group \\"one\\""
   [(filter
     (stdev-return {:window 6})
     (select-bottom 2)
     [(asset "TLT" "iShares 20+ Year Treasury Bond ETF")
      (asset "BIL" "SPDR Bloomberg 1-3 Month T-Bill ETF")
      (asset "GLD" "SPDR Gold Shares")])])]
 [(weight-specified
   0.6
   (asset "TQQQ" "ProShares UltraPro QQQ")
   0.4
   (asset "SQQQ" "ProShares UltraPro Short QQQ"))])"""
    text = '(defsymphony "n" {:rebalance-frequency :daily} (weight-equal [' + block * 1150 + "]))"
    assert text.count("\n") > 17_000
    symphony = read(text).unwrap().symphony
    assert expand(symphony).unwrap() == symphony
