"""The JSON form is read with older and newer keys, and faults are named with their path."""

import json
from typing import Any

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.measure import IndicatorKind, Measure, Parameter
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Symphony, read
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    BlockParameter,
    Comparator,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Select,
    Use,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)

SPY, TLT = Asset(Symbol("SPY")), Asset(Symbol("TLT"))
RSI_10 = Measure(IndicatorKind.RSI, (10,))
spy: dict[str, Any] = {"step": "asset", "ticker": "SPY"}
tlt: dict[str, Any] = {"step": "asset", "ticker": "TLT"}
rsi: dict[str, Any] = {"lhs-fn": "relative-strength-index", "lhs-val": "SPY", "comparator": "gt"}
fixed: dict[str, Any] = {"rhs-fixed-value?": True, "rhs-val": "79"}


def root(*children: Any, **more: Any) -> dict[str, Any]:
    return {"step": "root", "name": "n", "children": list(children)} | more


def symphony(document: object) -> Symphony:
    result = read(json.dumps(document))
    assert isinstance(result, Success), [str(p) for p in result.failure().problems()]
    found: Symphony = result.unwrap().symphony
    return found


def body(block: object) -> Block:
    (found,) = symphony(root(block)).body
    return found


def faults(text: str, origin: str = "") -> list[str]:
    result = read(text, origin=origin)
    assert isinstance(result, Failure)
    return [f"{p.where} {p.code}: {p.what}" for p in result.failure().problems()]


def test_conditions_are_read_with_older_and_newer_keys() -> None:
    older = rsi | fixed | {"lhs-window-days": "10"}
    newer = rsi | {"lhs-fn-params": {"window": 10}, "rhs-fixed-value?": True, "rhs-val": 79}
    expected = If(
        Condition(Comparator.GREATER, Indicator(RSI_10, Symbol("SPY")), Constant(79.0)),
        (SPY, TLT),
        (TLT,),
    )
    for test in (older, newer):
        first = {"step": "if-child", "is-else-condition?": False, "children": [spy, tlt]} | test
        second = {"step": "if-child", "is-else-condition?": True, "children": [tlt]}
        assert body({"step": "if", "children": [first, second]}) == expected
        assert body({"step": "if", "children": [second, first]}) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"step": "asset", "ticker": "BRK/B", "name": "b"}, Asset(Symbol("BRK.B"), "b")),
        ({"step": "asset", "ticker": "EQUITIES::TQQQ//USD"}, Asset(Symbol("TQQQ"))),
        ({"step": "asset", "ticker": "SPY", "children": []}, SPY),
        ({"step": "group", "name": "g", "children": [spy]}, Group("g", (SPY,))),
        ({"step": "wt-cash-equal", "children": [spy, tlt]}, WeightEqual((SPY, TLT))),
        (
            {"step": "wt-inverse-vol", "window-days": "20", "children": [spy]},
            WeightInverseVolatility(20, (SPY,)),
        ),
        (
            {
                "step": "wt-cash-specified",
                "children": [
                    spy | {"weight": {"num": "60", "den": 100}},
                    tlt | {"weight": {"num": 40.0, "den": "1e2"}},
                ],
            },
            WeightSpecified((0.6, 0.4), ((SPY,), (TLT,))),
        ),
        (
            {
                "step": "filter",
                "sort-by-fn": "standard-deviation-return",
                "sort-by-window-days": "10",
                "select-fn": "bottom",
                "select-n": "2",
                "children": [spy],
            },
            Filter(Measure(IndicatorKind.STDEV_RETURN, (10,)), Select.BOTTOM, 2, (SPY,)),
        ),
        (
            {
                "step": "filter",
                "sort-by-fn": "percentage-price-oscillator",
                "sort-by-fn-params": {"short-window": "5", "long-window": 9},
                "select-fn": "top",
                "select-n": 1,
                "children": [spy],
            },
            Filter(Measure(IndicatorKind.PPO, (5, 9)), Select.TOP, 1, (SPY,)),
        ),
    ],
)
def test_every_block_is_read(block: object, expected: Block) -> None:
    assert body(block) == expected


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<="), ("eq", "="), ("<", "<")],
)
def test_every_comparator_is_read(comparator: str, expected: str) -> None:
    other = {"rhs-fn": "current-price", "rhs-val": "TLT", "rhs-fixed-value?": False}
    test = rsi | other | {"lhs-window-days": 10, "comparator": comparator}
    found = body({"step": "if", "children": [{"step": "if-child", "children": [spy]} | test]})
    assert isinstance(found, If)
    assert found.condition.comparator == Comparator(expected)
    price = Measure(IndicatorKind.CURRENT_PRICE)
    assert found.condition.right == Indicator(price, Symbol("TLT"))
    assert found.otherwise == ()


def test_a_number_on_either_side_may_go_without_its_flag() -> None:
    test = {"lhs-val": "30", "comparator": "lt", "rhs-val": 2}
    found = body({"step": "if", "children": [{"step": "if-child", "children": []} | test]})
    assert isinstance(found, If)
    assert found.condition == Condition(Comparator.LESS, Constant(30.0), Constant(2.0))


@pytest.mark.parametrize(
    ("more", "policy"),
    [
        ({}, RebalancePolicy()),
        ({"rebalance": None}, RebalancePolicy()),
        ({"rebalance": "quarterly"}, RebalancePolicy(Frequency.QUARTERLY)),
        (
            {"rebalance": "none", "rebalance-corridor-width": "0.05"},
            RebalancePolicy(Frequency.NONE, 0.05),
        ),
        ({"rebalance-threshold": 0.1}, RebalancePolicy(Frequency.DAILY, 0.1)),
    ],
)
def test_the_policy_is_read_from_the_root(more: dict[str, Any], policy: RebalancePolicy) -> None:
    assert symphony(root(spy, **more)).policy == policy


def test_the_root_is_found_anywhere_in_an_answer_and_in_a_bare_block() -> None:
    expected = Symphony("n", (SPY,))
    assert symphony({"data": [{"meta": 1}, {"score": root(spy)}]}) == expected
    assert symphony({"data": {"tree": spy}}) == Symphony("", (SPY,))
    two = json.dumps([root(spy), {"x": root(tlt)}])
    assert faults(two) == ["$ malformed-block: 2 symphonies stand in this text: $[0] and $[1].x"]
    assert faults('{"a": [1, {"b": null}]}')[0].startswith(
        "$ malformed-block: there is no symphony"
    )


def test_keys_without_a_meaning_are_kept_where_they_stood_and_warned_about_once() -> None:
    child = {"step": "if-child", "id": "i", "children": [spy | {"exchange": "ARCX"}], "odd": [1]}
    block = {"step": "if", "id": "k", "children": [child | rsi | fixed | {"lhs-window-days": 9}]}
    stray = spy | {"weight": {"num": 1, "den": 2}, "odd": {"a": [None, {"b": 2.5}]}}
    found = read(json.dumps(root(block, stray, stray, description="d"))).unwrap()
    tree = found.symphony
    assert tree.attributes == {"description": "d"}
    assert tree.body[0].attributes == {"id": "k", "then": {"id": "i", "odd": (1,)}}
    assert tree.body[1].attributes == {
        "weight": {"num": 1, "den": 2},
        "odd": {"a": (None, {"b": 2.5})},
    }
    (warning,) = found.warnings
    assert warning.what == "key 'odd' has no meaning here; it is kept (3 times, first here)"


def test_parameters_and_definitions_are_read() -> None:
    level = {"param": "level"}
    test = {
        "lhs-fn": "relative-strength-index",
        "lhs-val": {"param": "pick"},
        "lhs-fn-params": {"window": level},
        "comparator": "gt",
        "rhs-fixed-value?": True,
        "rhs-val": level,
    }
    found = symphony(
        root(
            {"step": "use", "definition": "shape", "as": "first", "arguments": {"in_ner": tlt}},
            {"step": "if", "children": [{"step": "if-child", "children": []} | test]},
            {"step": "wt-cash-specified", "children": [{"param": "basket", "weight": level}]},
            parameters={
                "level": 9,
                "pick": "spy",
                "basket": ["SPY", "TLT"],
                "calm": spy,
                "gate": None,
            },
            definitions={
                "shape": {"step": "group", "name": "s", "children": [{"param": "in_ner"}]}
            },
        )
    )
    values = {"level": 9.0, "pick": "SPY", "basket": ("SPY", "TLT"), "calm": SPY, "gate": None}
    assert found.parameters == values
    assert found.definitions == {"shape": Group("s", (BlockParameter("in-ner"),))}
    use, test_block, split = found.body
    assert use == Use("shape", {"in-ner": TLT}, "first")
    assert isinstance(test_block, If)
    assert test_block.condition.left == Indicator(
        Measure(IndicatorKind.RSI, (Parameter("level"),)), Parameter("pick")
    )
    assert split == WeightSpecified((Parameter("level"),), ((BlockParameter("basket"),),))


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ({"step": "foo"}, ".step unknown-operator: unknown operator 'foo'"),
        ({"name": "x"}, ".step unknown-operator: unknown operator 'null'"),
        (7, " malformed-block: '7' stands where a block is needed"),
        ({"step": "asset"}, '.ticker malformed-block: the key "ticker" is missing'),
        ({"step": "asset", "ticker": None}, ".ticker malformed-block: null is not a ticker symbol"),
        ({"step": "asset", "ticker": ["SPY"]}, ".ticker malformed-block: an array is not a"),
        (spy | {"name": True}, ".name malformed-block: true stands where a text is needed"),
        ({"step": "group", "children": {}}, ".children malformed-block: an object stands where"),
        ({"step": "wt-inverse-vol", "children": [spy]}, ".window-days malformed-block: null"),
        (
            {"step": "wt-inverse-vol", "window-days": "2.5", "children": [spy]},
            ".window-days malformed-block: '2.5' stands where a whole number is needed",
        ),
        (
            {"step": "wt-cash-specified", "children": [spy]},
            ".children[0].weight malformed-block: null stands where the weight of a block",
        ),
        (
            {"step": "wt-cash-specified", "children": [spy | {"weight": {"num": 1, "den": 0}}]},
            ".children[0].weight.den malformed-block: the den of a weight is not above 0",
        ),
        (
            {"step": "wt-cash-specified", "children": [spy | {"weight": {"num": {"param": "a"}}}]},
            ".children[0].weight malformed-block: a parameter is half of a weight",
        ),
        ({"step": "if", "children": []}, " malformed-block: an if has 0 conditions and 0 else"),
        (
            {"step": "if", "children": [{"step": "if-child", "children": []}]},
            ".children[0].comparator unknown-operator: unknown operator 'null'",
        ),
        (
            {"step": "if", "children": [{"step": "x", "children": []} | rsi | fixed]},
            ".children[0].step unknown-operator: unknown operator 'x'",
        ),
        (
            {"step": "if", "children": [{"step": "if-child"} | rsi | fixed]},
            ".children[0].lhs-fn-params malformed-block: relative-strength-index lacks its window",
        ),
        (
            {
                "step": "if",
                "children": [
                    {"step": "if-child", "condition": {"condition-type": "binary-compound"}}
                    | rsi
                    | fixed
                ],
            },
            ".children[0].condition malformed-block: conditions made of several",
        ),
        (
            {"step": "filter", "sort-by-fn": "beta", "select-fn": "top", "select-n": 1},
            ".sort-by-fn unknown-operator: unknown operator 'beta'",
        ),
        (
            {
                "step": "filter",
                "sort-by-fn": "max-drawdown",
                "sort-by-fn-params": {"window": 3, "y": 1},
                "select-fn": "middle",
                "select-n": 1,
                "children": [spy],
            },
            ".select-fn unknown-operator: unknown operator 'middle'",
        ),
        ({"param": "a", "id": 3}, ".id malformed-block: a parameter has no key 'id'"),
        ({"step": "use"}, " malformed-block: use takes a definition"),
        ({"step": "wt-cash-equal", "children": []}, " empty-block: weight-equal has no blocks"),
    ],
)
def test_what_is_no_symphony_is_a_fault_with_its_path(block: object, fault: str) -> None:
    found = faults(json.dumps({"a": root(spy, block)}), "x.json")
    assert f"x.json: $.a.children[1]{fault}" in " | ".join(found)


def test_faults_of_the_root_have_their_paths_too() -> None:
    wrong = root(
        spy,
        rebalance="hourly",
        parameters=3,
        definitions={"a": 3},
        **{"rebalance-corridor-width": 0.1, "rebalance-threshold": {"param": "x"}},
    )
    assert {fault.split(" ")[0] for fault in faults(json.dumps(wrong))} == {
        "$.rebalance",
        "$.parameters",
        "$.definitions.a",
        "$.rebalance-threshold",
    }
    both = root(spy, **{"rebalance-corridor-width": 0.1, "rebalance-threshold": 0.2})
    assert faults(json.dumps(both)) == [
        "$ malformed-block: two different rebalance thresholds are given"
    ]
    twice = root(spy, parameters={"a_b": 1, "a-b": True})
    assert len(faults(json.dumps(twice))) == 2


def test_faults_come_in_the_order_of_the_text() -> None:
    blocks = [{"step": f"foo{i}"} for i in range(4)]
    found = faults(json.dumps(root({"step": "wt-cash-equal", "children": blocks}, blocks[0])))
    assert [f.split("'")[1] for f in found] == ["foo0", "foo1", "foo2", "foo3", "foo0"]


def test_the_window_of_a_current_price_is_left_out_with_a_warning() -> None:
    test = fixed | {
        "lhs-fn": "current-price",
        "lhs-fn-params": {"window": 10},
        "lhs-val": "SPY",
        "comparator": "gt",
    }
    block = {"step": "if", "children": [{"step": "if-child", "children": [spy]} | test]}
    (warning,) = read(json.dumps(root(block))).unwrap().warnings
    assert warning.code == "meaningless-window"
    assert warning.where == "$.children[0].children[0].lhs-fn-params.window"


def test_a_misspelt_ticker_is_named_beside_the_key_that_is_missing():
    text = '{"step": "root", "children": [{"step": "asset", "tickr": "SPY"}]}'
    (problem,) = read(text).failure().problems()
    assert problem.what == 'the key "ticker" is missing'
    assert problem.why == "there is a key 'tickr'"
    assert '"ticker": "SPY"' in problem.hint
