"""Checks of trees that were made by a program: all faults, each with the blocks around it."""

import pytest
from attrs import evolve

from alchemiser_core.domain.measure import IndicatorKind, Measure, Parameter
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Limits, Symphony, check
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

SPY = Asset(Symbol("SPY"))
NAN = float("nan")


def rsi(window: int) -> Measure:
    return Measure(IndicatorKind.RSI, (window,))


def branching_on(left: Measure, right: float = 1.0) -> Block:
    condition = Condition(Comparator.GREATER, Indicator(left, Symbol("SPY")), Constant(right))
    return If(condition, ())


def faults(*blocks: Block, limits: Limits | None = None) -> list[str]:
    errors = check(Symphony("n", blocks), limits=limits or Limits())
    return [] if errors is None else [f"{p.where}: {p.what}" for p in errors.problems()]


@pytest.mark.parametrize(
    "block",
    [
        branching_on(rsi(1)),
        branching_on(rsi(5000)),
        branching_on(Measure(IndicatorKind.STDEV_PRICE, (2,))),
        branching_on(Measure(IndicatorKind.CURRENT_PRICE)),
        WeightSpecified((0.0, 1e-300), ((SPY,), (SPY, SPY))),
        WeightInverseVolatility(2, (SPY,)),
        Filter(rsi(Parameter("n")), Select.TOP, Parameter("k"), (BlockParameter("b"),)),  # type: ignore[arg-type]
        WeightSpecified((Parameter("s"), 0.0), ((SPY,), (SPY,))),
    ],
)
def test_sound_blocks_and_parameters_pass(block: Block) -> None:
    assert faults(block) == []


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (branching_on(rsi(0)), "the window of rsi is 0"),
        (branching_on(rsi(5001)), "the window of rsi is 5001"),
        (
            branching_on(Measure(IndicatorKind.STDEV_RETURN, (1,))),
            "the window of stdev-return is 1",
        ),
        (branching_on(Measure(IndicatorKind.STDEV_PRICE, (1,))), "the window of stdev-price is 1"),
        (branching_on(Measure(IndicatorKind.RSI)), "rsi has 0 windows"),
        (branching_on(Measure(IndicatorKind.PPO, (9, 0))), "the long-window of percentage-price"),
        (branching_on(rsi(3), NAN), "a condition compares with nan"),
        (branching_on(rsi(3), float("inf")), "a condition compares with inf"),
        (WeightEqual(()), "weight-equal has no blocks in it"),
        (Group("g", ()), "group 'g' has no blocks in it"),
        (WeightInverseVolatility(5, ()), "weight-inverse-volatility has no blocks in it"),
        (WeightInverseVolatility(1, (SPY,)), "the window of weight-inverse-volatility is 1"),
        (Filter(rsi(3), Select.TOP, 1, ()), "filter has no blocks in it"),
        (Filter(rsi(3), Select.TOP, 0, (SPY,)), "a filter selects 0 blocks"),
        (Filter(rsi(0), Select.TOP, 1, (SPY,)), "the window of rsi is 0"),
        (WeightSpecified((), ()), "weight-specified has no blocks in it"),
        (WeightSpecified((-0.1, 1.0), ((SPY,), (SPY,))), "a share is -0.1"),
        (WeightSpecified((NAN,), ((SPY,),)), "a share is nan"),
        (WeightSpecified((0.0, 0.0), ((SPY,), (SPY,))), "all shares are 0"),
        (WeightSpecified((1e308, 1e308), ((SPY,), (SPY,))), "the shares add up to infinity"),
        (WeightSpecified((1.0, 2.0), ((SPY,),)), "2 shares stand before 1 blocks"),
        (WeightSpecified((1.0, 2.0), ((SPY,), ())), "the share 2 has no blocks in it"),
        (WeightSpecified((1.0, Parameter("s")), ((SPY,), ())), "the share s has no blocks in it"),
    ],
)
def test_what_is_wrong_is_named_with_the_blocks_around_it(block: Block, what: str) -> None:
    (fault,) = faults(Group("outer", (SPY, block)))
    assert what in fault
    assert fault.startswith("symphony 'n' > group 'outer' > ")


def test_all_faults_are_found_in_text_order() -> None:
    blocks = (
        branching_on(rsi(0)),
        WeightEqual(()),
        Use("d", {"x": Group("g", ())}),
        branching_on(rsi(0)),
    )
    assert [fault.split(": ")[1] for fault in faults(*blocks)] == [
        "the window of rsi is 0",
        "weight-equal has no blocks in it",
        "group 'g' has no blocks in it",
    ]


def test_definitions_and_parameters_are_checked_too() -> None:
    symphony = Symphony(
        "", (SPY,), parameters={"a": WeightEqual(()), "b": 1.0}, definitions={"d": Group("g", ())}
    )
    errors = check(symphony)
    assert errors is not None
    assert [p.where for p in errors.problems()] == [
        "the symphony > weight-equal",
        "the symphony > group 'g'",
    ]


def test_a_symphony_needs_a_body_and_a_threshold_that_is_a_fraction() -> None:
    assert faults() == ["symphony 'n': symphony 'n' has no blocks in it"]
    for threshold in (-0.1, 1.5, NAN):
        policy = RebalancePolicy(threshold=threshold)
        errors = check(evolve(Symphony("n", (SPY,)), policy=policy))
        assert errors is not None
        assert "the rebalance threshold is" in errors.problems()[0].what
    assert check(Symphony("n", (SPY,), RebalancePolicy(threshold=0.0))) is None


def test_size_and_depth_are_bounded() -> None:
    assert faults(SPY, SPY, limits=Limits(nodes=2)) == []
    assert faults(SPY, SPY, SPY, limits=Limits(nodes=2)) == [
        ": the symphony has more than 2 blocks"
    ]
    assert faults(Group("g", (SPY,)), limits=Limits(depth=2)) == []
    assert faults(Group("g", (SPY,)), limits=Limits(depth=1)) == [
        ": the symphony has more than 1 blocks inside one another"
    ]
