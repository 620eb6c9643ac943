"""The EDN form is read as it is found in public, and faults are named with line and column."""

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.measure import IndicatorKind, Measure, Parameter
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Symphony, read
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
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

SPY, TLT, BIL = (Asset(Symbol(text)) for text in ("SPY", "TLT", "BIL"))
RSI_10 = Measure(IndicatorKind.RSI, (10,))


def symphony(text: str) -> Symphony:
    result = read(text)
    assert isinstance(result, Success), [str(p) for p in result.failure().problems()]
    found: Symphony = result.unwrap().symphony
    return found


def body(text: str) -> Block:
    (block,) = symphony(text).body
    return block


def faults(text: str, origin: str = "") -> list[str]:
    result = read(text, origin=origin)
    assert isinstance(result, Failure)
    return [f"{p.where} {p.code}: {p.what}" for p in result.failure().problems()]


PUBLISHED = """
; exported 2026-01-05
(defsymphony
 "TQQQ or not"
 {:asset-class "EQUITIES", :rebalance-frequency :weekly}
 (weight-equal
  [(if
    (> (current-price "SPY") (moving-average-price "SPY" {:window 200}))
    [(asset "TQQQ" "ProShares UltraPro QQQ")]
    [(filter
      (max-drawdown {:window 20})
      (select-bottom 1)
      [(asset "TLT" nil) (asset "BIL")])])]))
"""


def test_a_published_symphony_is_read_as_it_is() -> None:
    average = Measure(IndicatorKind.MOVING_AVERAGE_PRICE, (200,))
    spy = Symbol("SPY")
    left = Indicator(Measure(IndicatorKind.CURRENT_PRICE), spy)
    condition = Condition(Comparator.GREATER, left, Indicator(average, spy))
    drawdown = Measure(IndicatorKind.MAX_DRAWDOWN, (20,))
    calm = Filter(drawdown, Select.BOTTOM, 1, (TLT, BIL))
    bold = Asset(Symbol("TQQQ"), "ProShares UltraPro QQQ")
    assert symphony(PUBLISHED) == Symphony(
        "TQQQ or not",
        (WeightEqual((If(condition, (bold,), (calm,)),)),),
        RebalancePolicy(Frequency.WEEKLY),
        attributes={"asset-class": "EQUITIES"},
    )
    assert read(PUBLISHED).unwrap().warnings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('(asset "BRK/B" nil)', Asset(Symbol("BRK.B"))),
        ('(asset "brk-b")', Asset(Symbol("BRK.B"))),
        ('(asset "SPY" "")', Asset(Symbol("SPY"), "")),
        (
            '(weight-specified 0.75 (asset "SPY") 0.25 [(asset "TLT") (asset "BIL")])',
            WeightSpecified((0.75, 0.25), ((SPY,), (TLT, BIL))),
        ),
        (
            '(weight-inverse-volatility 20 [(asset "SPY") (group "g" [(asset "TLT")])])',
            WeightInverseVolatility(20, (SPY, Group("g", (TLT,)))),
        ),
        (
            '(weight-equal [(asset "SPY") [(asset "TLT") [(asset "BIL")]]])',
            WeightEqual((SPY, TLT, BIL)),
        ),
        ('(weight-equal (asset "SPY") (asset "TLT"))', WeightEqual((SPY, TLT))),
        (
            '(if (<= 3 (rsi "SPY" {:window 10})) [(asset "SPY") (asset "TLT")])',
            If(
                Condition(
                    Comparator.LESS_OR_EQUAL, Constant(3.0), Indicator(RSI_10, Symbol("SPY"))
                ),
                (SPY, TLT),
            ),
        ),
        (
            '(if (= 1 2.5e-1) (asset "SPY") [])',
            If(Condition(Comparator.EQUAL, Constant(1.0), Constant(0.25)), (SPY,)),
        ),
        (
            "(filter (percentage-price-oscillator-signal"
            " {:short-window 5 :long-window 9 :smooth-window 3})"
            ' (select-top 2.0) [(asset "SPY")])',
            Filter(Measure(IndicatorKind.PPO_SIGNAL, (5, 9, 3)), Select.TOP, 2, (SPY,)),
        ),
        (
            '(filter (relative-strength-index {:window 10}) (select-top 1) [(asset "SPY")])',
            Filter(RSI_10, Select.TOP, 1, (SPY,)),
        ),
    ],
)
def test_every_block_is_read(text: str, expected: Block) -> None:
    assert body(text) == expected


def test_a_file_may_hold_a_bare_body() -> None:
    assert symphony('[(asset "SPY") (asset "TLT")]') == Symphony("", (SPY, TLT))
    assert symphony('\ufeff; note\n(asset "SPY")') == Symphony("", (SPY,))


@pytest.mark.parametrize(
    ("attributes", "policy"),
    [
        ("", RebalancePolicy()),
        ("{}", RebalancePolicy()),
        ("{:rebalance-frequency :none}", RebalancePolicy(Frequency.NONE)),
        ('{:rebalance-frequency "monthly"}', RebalancePolicy(Frequency.MONTHLY)),
        ("{:rebalance-threshold 0.05}", RebalancePolicy(Frequency.DAILY, 0.05)),
        (
            "{:rebalance-frequency :yearly :rebalance-corridor-width 0.1}",
            RebalancePolicy(Frequency.YEARLY, 0.1),
        ),
    ],
)
def test_the_policy_is_read_from_the_attributes(attributes: str, policy: RebalancePolicy) -> None:
    assert symphony(f'(defsymphony "n" {attributes} (asset "SPY"))').policy == policy


def test_unknown_attributes_are_kept_and_warned_about() -> None:
    found = read(
        '(defsymphony "n" {:mood {:today :calm, "x y" [1 nil true]} :asset-class "EQUITIES"}\n'
        ' (asset "SPY" "Spider" {:exchange "ARCX" :colour 2.5}) (asset "SPY" {:colour 3}))'
    ).unwrap()
    kept = found.symphony.attributes
    assert kept == {"mood": {"today": "calm", "x y": (1, None, True)}, "asset-class": "EQUITIES"}
    assert found.symphony.body[0].attributes == {"exchange": "ARCX", "colour": 2.5}
    assert [(w.where, w.what) for w in found.warnings] == [
        (
            "2:24",
            "attribute 'colour' of a block has no meaning here; it is kept (2 times, first here)",
        ),
        ("1:25", "attribute 'mood' has no meaning here; it is kept"),
    ]


def test_parameters_of_every_kind_and_definitions_are_read() -> None:
    found = symphony(
        """(defsymphony "n" {:parameters {:level 79 :over_bought -1.5 :pick "spy"
             :basket ["SPY" "TLT"]
             :calm [(asset "BIL")] :gate nil :other #param level}
           :definitions {:shape (group "s" [#param calm #param inner])}}
         (use :shape {:inner (asset "TLT") :as "first"})
         (asset #param pick)
         (if (> (rsi #param pick {:window #param level}) #param over_bought) []))"""
    )
    assert found.parameters["level"] == 79.0
    assert found.parameters["over-bought"] == -1.5
    assert found.parameters["pick"] == "SPY"
    assert found.parameters["basket"] == ("SPY", "TLT")
    assert found.parameters["calm"] == BIL
    assert found.parameters["gate"] is None
    assert isinstance(found.definitions["shape"], Group)
    assert found.body[0] == Use("shape", {"inner": TLT}, "first")
    assert found.body[1] == Asset(Parameter("pick"))
    assert isinstance(found.body[2], If)
    assert found.body[2].condition.right == Constant(Parameter("over-bought"))


def test_lesson_escaped_quotes() -> None:
    text = r'(group "say \"hi\" \\ \n\t(asset \u00e9 \ud83d\ude00" [(asset "SPY" "a\"b")])'
    assert body(text) == Group('say "hi" \\ \n\t(asset é 😀', (Asset(Symbol("SPY"), 'a"b'),))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "UnreadableText"),
        ("  \n ", "UnreadableText"),
        ("(asset", "1:1 unreadable-text: '(' is opened here and never closed"),
        ('(asset "SPY")\n)', "2:1 unreadable-text: ')' closes nothing"),
        ('(asset ["SPY")', "1:14 unreadable-text: ')' cannot close the '[' opened at 1:8"),
        ('(asset "SPY)', "1:8 unreadable-text: a string is opened and never closed"),
        (r'(asset "a\qb")', "1:10 unreadable-text: '\\\\q' is no escape in a string"),
        (
            r'(group "\ud83d" [])',
            "1:8 unreadable-text: half of a surrogate pair stands in a string",
        ),
        ("(if (> 1 7x) [])", "1:10 unreadable-text: '7x' is not a number"),
        ("(if (> 1 1e999) [])", "1:10 unreadable-text: '1e999' is not a number"),
        (f"(if (> 1 {'9' * 5000}) [])", "is not a number"),
        ("(if (> 1 #inst x) [])", "1:10 unreadable-text: '#inst' is not part of the notation"),
        ("(group : [])", "1:8 unreadable-text: ':' without a name is no keyword"),
        ("(weight-equals [])", "1:1 unknown-operator: unknown operator 'weight-equals'"),
        ("()", "1:1 malformed-block: () is empty"),
        ("(3 4)", "1:1 malformed-block: '3' is no operator"),
        ("7", "1:1 malformed-block: '7' stands where a block is needed"),
        ("(asset)", "1:1 malformed-block: asset takes a ticker"),
        ('(asset "a b")', "1:8 malformed-block: 'a b' is not a ticker symbol"),
        ("(asset SPY)", "1:8 malformed-block: the name 'SPY' stands where a ticker is needed"),
        ('(asset "SPY" 3)', "1:14 malformed-block: '3' is no display name"),
        ('(group [(asset "SPY")])', "1:1 malformed-block: group lacks its name"),
        ('(weight-equal ["SPY"])', "1:16 malformed-block: 'SPY' stands where a block is needed"),
        ("(weight-inverse-volatility)", "lacks its window"),
        ('(weight-inverse-volatility 2.5 [(asset "SPY")])', "1:28 malformed-block: the window of"),
        ('(weight-specified (asset "SPY"))', "1:19 malformed-block: a block stands where a share"),
        (
            '(weight-specified 1 (asset "SPY") (asset "SPY"))',
            "1:35 malformed-block: a block stands",
        ),
        ("(if (> 1 2))", "1:1 malformed-block: if takes a condition"),
        ('(if (asset "SPY") [])', "1:5 malformed-block: a block is no condition"),
        ("(if (> 1) [])", "1:5 malformed-block: > takes two sides, 1 stand here"),
        ("(if (> (rsi {:window 3}) 1) [])", "1:8 malformed-block: rsi needs a symbol here"),
        ('(if (> "SPY" 1) [])', "1:8 malformed-block: 'SPY' cannot be one side of a condition"),
        ('(if (> (rsi "SPY") 1) [])', "1:8 malformed-block: rsi lacks its :window"),
        ('(if (> (rsi "SPY" {:window "x"}) 1) [])', "1:28 malformed-block: the :window of rsi is"),
        ('(if (> (rsi "SPY" {:window 3 :x 1}) 1) [])', "1:8 malformed-block: rsi has no parameter"),
        ('(if (> (rsi "SPY" "TLT" {:window 3}) 1) [])', "1:8 malformed-block: rsi takes a symbol"),
        (
            '(if (> (rsi "SPY" {:window 3 :window 4}) 1) [])',
            "1:30 malformed-block: ':window' stands",
        ),
        ('(if (> (rsi "SPY" {:window}) 1) [])', "1:19 malformed-block: a key in this map has no"),
        ('(asset "SPY" {3 4})', "1:15 malformed-block: '3' is no key"),
        ('(asset "SPY" {:a (asset "SPY")})', "1:18 malformed-block: a block cannot stand in an"),
        ('(filter (rsi {:window 3}) [(asset "SPY")])', "1:1 malformed-block: filter lacks some"),
        ('(filter 3 (select-top 1) [(asset "SPY")])', "1:9 malformed-block: '3' cannot rank"),
        (
            '(filter (rsi {:window 3}) 1 [(asset "SPY")])',
            "1:27 malformed-block: '1' is no selection",
        ),
        (
            '(filter (rsi {:window 3}) (select-top) [(asset "SPY")])',
            "1:27 malformed-block: select-top",
        ),
        (
            '(filter (rsi {:window 3}) (select-top nil) [(asset "SPY")])',
            "1:39 malformed-block: the",
        ),
        (
            '(defsymphony "n" {:definitions {:d (group "g" [#param a-b])}}'
            " (use :d {:a-b 1 :a_b 2}))",
            "malformed-block: 'a-b' stands twice in this map",
        ),
        ("(use shape)", "1:1 malformed-block: use takes a definition"),
        ("(use :shape 3)", "1:13 malformed-block: '3' is no map of parameters"),
        ("(defsymphony)", "1:1 malformed-block: defsymphony lacks its name"),
        ('(defsymphony "n" {} (defsymphony "m" (asset "SPY")))', "stands inside another"),
        ('(defsymphony "n" (asset "SPY")) (asset "SPY")', "1:33 malformed-block: something stands"),
        ('(defsymphony "n" {:rebalance-frequency :hourly} (asset "SPY"))', "1:40 malformed-block"),
        ('(defsymphony "n" {:rebalance-threshold "a"} (asset "SPY"))', "1:40 malformed-block"),
        (
            '(defsymphony "n" {:rebalance-threshold 1 :rebalance-corridor-width 0.2} (asset "A"))',
            "1:68 malformed-block: two different rebalance thresholds",
        ),
        ('(defsymphony "n" {:parameters [1]} (asset "A"))', "1:31 malformed-block: a vector is no"),
        ('(defsymphony "n" {:parameters {:a_b 1 :a-b 2}} (asset "A"))', "stands twice in this map"),
        (
            '(defsymphony "n" {:definitions {:a []}} (asset "A"))',
            "1:36 malformed-block: a definition",
        ),
        (
            '(defsymphony "n" {:parameters {:a [(asset "A") (asset "B")]}} (asset "A"))',
            "1:35 malformed-block: 2 blocks stand where one is needed",
        ),
        ('(defsymphony "n" {:parameters {:a true}} (asset "A"))', "1:35 malformed-block: 'True'"),
        ('(group "g\ud800" [])', "1:10 unreadable-text: half of a surrogate pair"),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_place(text: str, fault: str) -> None:
    result = read(text)
    assert isinstance(result, Failure)
    found = faults(text)
    shown = " | ".join(found) + " " + " ".join(type(e).__name__ for e in result.failure().found)
    assert fault in shown


def test_all_faults_are_reported_together_in_the_order_of_the_text() -> None:
    text = """(weight-equal
      [(if (> (rsi "SPY" {:window 0}) 79)
         [(asset "no ticker")]
         [(weight-equal [])])
       (weight-specified -1 (asset "SPY") 2 (foo))
       (filter (stdev-return {:window 1}) (select-top 0) [(asset "SPY")])])"""
    assert [fault.split(": ")[0] for fault in faults(text, "klm.edn")] == [
        "klm.edn:2:15 wrong-number",
        "klm.edn:3:18 malformed-block",
        "klm.edn:4:11 empty-block",
        "klm.edn:5:8 wrong-number",
        "klm.edn:5:45 unknown-operator",
        "klm.edn:6:8 wrong-number",
        "klm.edn:6:8 wrong-number",
    ]


def test_a_misspelt_operator_is_answered_with_the_nearest_one() -> None:
    (problem,) = read('(wieght-equal [(asset "SPY")])').failure().problems()
    assert problem.hint == "did you mean 'weight-equal'?"
    assert "weight-inverse-volatility" in problem.why


def test_the_window_of_a_current_price_is_left_out_with_a_warning() -> None:
    found = read('(if (> (current-price "SPY" {:window 10}) 1) [(asset "SPY")])').unwrap()
    assert [w.code for w in found.warnings] == ["meaningless-window"]


def test_only_so_many_faults_and_warnings_are_kept() -> None:
    assert len(faults("".join(f"(foo{i})" for i in range(200)))) == 50
    many = " ".join(f":a{i} 1" for i in range(80))
    warnings = read(f'(asset "SPY" {{{many}}})').unwrap().warnings
    assert len(warnings) == 51
    assert warnings[-1].what == "30 more like these"
