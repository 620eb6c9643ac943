"""Parameters and definitions are put in: what names mean, what nil drops, what overrides reach."""

import pytest
from hypothesis import given, settings
from returns.result import Failure, Success

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Symphony, expand, parameter_value, parameters_of, read
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Filter,
    Group,
    If,
    ParameterValue,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)
from alchemiser_core.symphony.parameters.expand import ALL_CASH
from alchemiser_core.symphony.parameters.listing import ParameterInfo, is_plain
from alchemiser_core.testing.symphonies import parametrised_symphonies

SPY, TLT, BIL = (Asset(Symbol(text)) for text in ("SPY", "TLT", "BIL"))


def symphony(attributes: str, body: str) -> Symphony:
    result = read(f'(defsymphony "n" {{{attributes}}} {body})')
    assert isinstance(result, Success), [str(p) for p in result.failure().problems()]
    found: Symphony = result.unwrap().symphony
    return found


def plain(attributes: str, body: str, **overrides: ParameterValue) -> tuple[Block, ...]:
    found = expand(symphony(attributes, body), overrides).unwrap()
    assert is_plain(found)
    blocks: tuple[Block, ...] = found.body
    return blocks


def block(text: str) -> Block:
    (found,) = symphony("", text).body
    return found


def faults(attributes: str, body: str) -> list[str]:
    result = read(f'(defsymphony "n" {{{attributes}}}\n {body})')
    assert isinstance(result, Failure)
    return [f"{p.where} {p.code}: {p.what}" for p in result.failure().problems()]


def test_a_plain_symphony_is_given_back_as_it_is() -> None:
    found = symphony("", '(asset "SPY")')
    assert expand(found).unwrap() is found


def test_numbers_windows_symbols_and_blocks_are_put_in() -> None:
    parameters = ':parameters {:n 10 :x 0.5 :s "SPY" :b (asset "BIL")}'
    (test, split, ranked, inverse) = plain(
        parameters,
        """(if (> (rsi #param s {:window #param n}) #param x) [#param b] [(asset #param s "name")])
           (weight-specified #param x #param b 0.25 [(asset "TLT") #param s])
           (filter (rsi {:window #param n}) (select-top #param n) [#param b])
           (weight-inverse-volatility #param n [#param s])""",
    )
    assert test == block(
        '(if (> (rsi "SPY" {:window 10}) 0.5) [(asset "BIL")] [(asset "SPY" "name")])'
    )
    assert split == WeightSpecified((0.5, 0.25), ((BIL,), (TLT, SPY)))
    assert isinstance(ranked, Filter)
    assert (ranked.count, type(ranked.count)) == (10, int)
    assert (ranked.measure.windows, type(ranked.measure.windows[0])) == ((10,), int)
    assert inverse == WeightInverseVolatility(10, (SPY,))


def test_a_vector_of_symbols_is_spliced_where_blocks_are_listed() -> None:
    parameters = ':parameters {:v ["SPY" "TLT"] :none []}'
    assert plain(parameters, '(weight-equal [#param v (asset "BIL") #param none])') == (
        WeightEqual((SPY, TLT, BIL)),
    )


def test_kept_attributes_and_display_names_survive() -> None:
    (found,) = plain(':parameters {:v ["SPY"]}', '(group "g" [#param v] {:id 7})')
    assert found == Group("g", (SPY,), attributes={"id": 7})


GATE = '(if (> (rsi #param gate {:window 5}) 60) [(asset "TLT")] '


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'{GATE} [(asset "SPY")])', SPY),
        (f'{GATE} [(asset "SPY") (asset "BIL")])', WeightEqual((SPY, BIL))),
        (f'{GATE} [{GATE} [(asset "SPY")])])', SPY),
        (f'(group "g" [{GATE}) (asset "SPY")])', Group("g", (ALL_CASH, SPY))),
        ('(if (> 1 #param gate) [#param gate] [(asset "SPY")])', SPY),
        ('(if (> 1 (rsi "SPY" {:window #param gate})) [] [(asset "SPY")])', SPY),
    ],
)
def test_nil_drops_the_if_that_tests_it(body: str, expected: Block) -> None:
    assert plain(":parameters {:gate nil}", body) == (expected,)


def test_a_branch_that_a_dropped_if_leaves_empty_is_cash() -> None:
    (found,) = plain(":parameters {:gate nil}", f'(if (> 1 2) [{GATE})] [(asset "SPY")])')
    assert isinstance(found, If)
    assert found.then == ()


def test_an_override_brings_a_dropped_if_back() -> None:
    (found,) = plain(":parameters {:gate nil}", f"{GATE} [])", gate=Symbol("UVXY"))
    assert found == block('(if (> (rsi "UVXY" {:window 5}) 60) [(asset "TLT")] [])')


SHAPE = ':definitions {:shape (group "s" [#param inner (asset #param s)])} :parameters {:s "SPY"}'


def test_a_definition_is_used_with_different_arguments() -> None:
    uses = '(use :shape {:inner (asset "TLT")}) (use :shape {:inner ["BIL" "TLT"] :s "BIL"})'
    assert plain(SHAPE, uses) == (Group("s", (TLT, SPY)), Group("s", (BIL, TLT, BIL)))


def test_an_argument_means_what_it_means_where_it_is_written() -> None:
    definitions = """:parameters {:x "SPY"} :definitions
      {:outer (group "o" [(use :inner {:y (asset #param x)})])
       :inner (group "i" [#param y #param x])}"""
    (found,) = plain(definitions, '(use :outer {:x "TLT"})')
    assert found == Group("o", (Group("i", (TLT, SPY)),))


def test_a_parameter_may_be_handed_on_under_another_name() -> None:
    definitions = ':parameters {:x "SPY" :z #param x} :definitions {:d (group "i" [#param y])}'
    assert plain(definitions, "(use :d {:y #param z})") == (Group("i", (SPY,)),)


def test_equal_uses_share_what_they_give() -> None:
    first, second = plain(SHAPE, '(use :shape {:inner "TLT"}) (use :shape {:inner "TLT"})')
    assert first is second


NAMED = """:parameters {:level 79 :s "SPY"}
  :definitions {:d (if (> (rsi #param s {:window 5}) #param level) [(asset #param s)])}"""
USES = """(group "506/38" [(use :d)]) (group "Nova" [(use :d {:s "TLT"})])
  (use :d {:as "third" :s "BIL"}) (if (> 1 #param level) [])"""


def levels(*blocks: Block) -> list[object]:
    found: list[object] = []
    for item in blocks:
        inner = item.children[0] if isinstance(item, Group) else item
        assert isinstance(inner, If)
        found.append(inner.condition.right.value)  # type: ignore[union-attr]
    return found


def overridden(**overrides: ParameterValue) -> list[object]:
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    return levels(*expand(symphony(NAMED, USES), given).unwrap().body)


def test_an_override_without_a_dot_sets_all_uses() -> None:
    assert overridden() == [79.0, 79.0, 79.0, 79.0]
    assert overridden(level=80.0) == [80.0, 80.0, 80.0, 80.0]
    (_, second, third, _) = expand(symphony(NAMED, USES), {"s": Symbol("IEF")}).unwrap().body
    assert isinstance(second, Group)
    assert isinstance(second.children[0], If)
    assert second.children[0].then == (Asset(Symbol("IEF")),)
    assert third == second.children[0]


def test_an_override_with_a_dot_sets_one_use() -> None:
    assert overridden(nova__level=70.0) == [79.0, 70.0, 79.0, 79.0]
    assert overridden(third__level=70, level=80) == [80.0, 80.0, 70.0, 80.0]
    given = {"506/38.level": 1.0}
    assert levels(*expand(symphony(NAMED, USES), given).unwrap().body)[0] == 1.0
    assert overridden(d__level=60.0) == [60.0, 60.0, 79.0, 79.0]


def test_whole_numbers_are_taken_for_floats() -> None:
    assert [type(level) for level in overridden(level=80)] == [float] * 4


def test_an_override_may_be_a_block_with_names_of_its_own() -> None:
    inner = block('(group "new" [(asset "BIL")])')
    (found,) = plain(SHAPE, '(use :shape {:inner "TLT"})', inner=inner)
    assert found == Group("s", (inner, SPY))


@pytest.mark.parametrize("name", ["levels", "nova.gate", "novo.level", "nova.d.level", ""])
def test_an_unknown_name_is_an_error_that_lists_those_there_are(name: str) -> None:
    result = expand(symphony(NAMED, USES), {name: 1.0})
    (problem,) = result.failure().problems()
    assert problem.code == "unknown-parameter"
    assert "level, s, nova.s, third.s" in problem.why


def test_parameters_are_listed_with_their_values_and_uses() -> None:
    assert parameters_of(symphony(NAMED, USES)) == {
        "level": ParameterInfo(79.0, 2),
        "s": ParameterInfo(Symbol("SPY"), 2),
        "nova.s": ParameterInfo(Symbol("TLT"), 1),
        "third.s": ParameterInfo(Symbol("BIL"), 1),
    }
    assert parameters_of(symphony(SHAPE, '(use :shape {:inner "TLT"})'))["shape.inner"].uses == 1


@pytest.mark.parametrize(
    ("attributes", "body", "fault"),
    [
        ("", "(asset #param x)", "2:2 unknown-parameter: there is no parameter 'x' here"),
        ("", "(use :d)", "2:2 unknown-definition: there is no definition 'd'"),
        (
            ":parameters {:x 1}",
            "(asset #param x)",
            "2:2 wrong-parameter-value: parameter 'x' is 1.0, but a ticker is needed",
        ),
        (
            ':parameters {:x ["SPY"]}',
            "(asset #param x)",
            "parameter 'x' is [SPY], but one ticker (write #param x in place of the whole block)",
        ),
        (
            ':parameters {:x "SPY"}',
            "(if (> 1 #param x) [])",
            "2:2 wrong-parameter-value: parameter 'x' is SPY, but a number is needed",
        ),
        (
            ":parameters {:x 2.5}",
            '(filter (rsi {:window #param x}) (select-top 1) [(asset "A")])',
            "parameter 'x' is 2.5, but a whole number is needed",
        ),
        (
            ":parameters {:x 0}",
            '(filter (rsi {:window #param x}) (select-top 1) [(asset "A")])',
            "2:2 wrong-number: the window of rsi is 0",
        ),
        (
            ":parameters {:x nil}",
            '(group "g" [#param x])',
            "parameter 'x' is nil, but a block or tickers is needed",
        ),
        (
            ":parameters {:x 1}",
            '(group "g" [#param x])',
            "parameter 'x' is 1.0, but a block or tickers is needed",
        ),
        (
            ':parameters {:x (group "g" [#param x])}',
            "#param x",
            "recursive-definition: parameter x contains itself",
        ),
        (
            ":parameters {:x #param y :y #param x}",
            '(group "g" [#param x])',
            "recursive-definition: parameter x contains itself",
        ),
        (
            ':definitions {:d (group "g" [(use :e)]) :e (use :d)}',
            "(use :d)",
            "1:62 recursive-definition: definition d contains itself",
        ),
        (
            ':definitions {:d (group "g" [#param x])}',
            '(use :d {:x (use :d {:x (asset "A")}) :y 1})',
            "2:2 unknown-parameter: there is no parameter 'y' here",
        ),
        (":parameters {:v []}", '(group "g" [#param v])', "2:2 empty-block: group 'g' has no"),
    ],
)
def test_what_cannot_be_put_in_is_a_fault_with_its_place(
    attributes: str, body: str, fault: str
) -> None:
    assert fault in " | ".join(faults(attributes, body))


def test_a_definition_may_be_used_inside_an_argument_of_itself() -> None:
    definitions = ':definitions {:d (group "g" [#param x])}'
    assert plain(definitions, '(use :d {:x (use :d {:x (asset "SPY")})})') == (
        Group("g", (Group("g", (SPY,)),)),
    )


def test_a_wrong_override_is_named_without_a_place() -> None:
    result = expand(symphony(NAMED, USES), {"level": Symbol("SPY")})
    (problem,) = result.failure().problems()
    assert str(problem) == "parameter 'level' is SPY, but a number is needed"


@settings(max_examples=40, deadline=None)
@given(parametrised_symphonies())
def test_overriding_every_parameter_with_its_own_value_changes_nothing(found: Symphony) -> None:
    given = dict(found.parameters)
    assert expand(found, given).unwrap() == expand(found).unwrap()


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (80, 80.0),
        ("80", 80.0),
        (" -1e-3 ", -0.001),
        (None, None),
        ("nil", None),
        ("uvxy", "UVXY"),
        ('"BRK/B"', "BRK.B"),
        ("[SQQQ TLT]", ("SQQQ", "TLT")),
        ("SQQQ, TLT", ("SQQQ", "TLT")),
        ("[SQQQ]", ("SQQQ",)),
        ("[]", ()),
        (["SQQQ", "TLT"], ("SQQQ", "TLT")),
        ('(asset "SPY")', SPY),
        (SPY, SPY),
    ],
)
def test_values_are_taken_from_command_lines_and_configuration(
    raw: object, value: ParameterValue
) -> None:
    assert parameter_value(raw).unwrap() == value


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a b",
        "1e999",
        10**400,
        -(10**400),
        float("inf"),
        True,
        ["a b"],
        [1],
        {},
        "[a_b]",
        "(foo)",
        "(asset",
    ],
)
def test_what_is_no_value_is_a_fault(raw: object) -> None:
    result = parameter_value(raw, name="level")
    assert isinstance(result, Failure)
    assert result.failure().problems()


def test_two_blocks_are_no_value() -> None:
    assert isinstance(parameter_value('(asset "A") (asset "B")'), Failure)
