"""Hypothesis strategies for symphonies: plain trees, and trees with parameters and definitions.

Used by the package's own tests for its laws (round trips, no look-ahead, equal decisions of both
paths) and meant for authors of engines and adapters. Needs `hypothesis`, which is imported here
alone.
"""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from alchemiser_core.domain.measure import IndicatorKind, Measure, Parameter, Window
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
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
    Operand,
    ParameterValue,
    Select,
    Symphony,
    Ticker,
    Use,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)
from alchemiser_core.symphony.notation import WINDOW_KEYS

SYMBOLS = tuple(Symbol(text) for text in ("SPY", "QQQ", "TLT", "BRK.B", "UVXY"))
"""Symbols that trees are made of unless others are given."""

names = st.text(max_size=12)
"""Display names, with quotes, control characters and all."""


def measures(max_window: int = 12) -> st.SearchStrategy[Measure]:
    """Any indicator with windows of 2 to `max_window`."""
    window = st.integers(2, max_window)
    return st.one_of(
        [
            st.builds(Measure, st.just(kind), st.tuples(*[window] * len(WINDOW_KEYS[kind])))
            for kind in IndicatorKind
        ]
    )


def constants() -> st.SearchStrategy[Constant]:
    """Thresholds: the kind that people write, and any finite float."""
    usual = st.integers(-200, 1000).map(lambda number: number / 10)
    return st.one_of(usual, st.floats(allow_nan=False, allow_infinity=False)).map(Constant)


def operands(symbols: Sequence[Symbol], max_window: int = 12) -> st.SearchStrategy[Operand]:
    """One side of a condition."""
    indicators = st.builds(Indicator, measures(max_window), st.sampled_from(symbols))
    return st.one_of(indicators, indicators, constants())


def conditions(
    symbols: Sequence[Symbol] = SYMBOLS, max_window: int = 12
) -> st.SearchStrategy[Condition]:
    """Comparisons of indicators with one another or with numbers."""
    sides = operands(symbols, max_window)
    return st.builds(Condition, st.sampled_from(Comparator), sides, sides)


def assets(symbols: Sequence[Ticker] = SYMBOLS) -> st.SearchStrategy[Asset]:
    """Assets, with and without a display name."""
    return st.builds(Asset, st.sampled_from(symbols), st.none() | names)


def specified_weights(
    children: st.SearchStrategy[Block], bundles: bool = True
) -> st.SearchStrategy[WeightSpecified]:
    """Shares that are not all 0; with `bundles`, a share may hold two blocks."""
    share = st.one_of(st.integers(0, 100).map(float), st.floats(0, 1))
    bundle = st.lists(children, min_size=1, max_size=2 if bundles else 1).map(tuple)
    return st.lists(st.tuples(share, bundle), min_size=1, max_size=3).map(_split)


def _split(parts: list[tuple[float, tuple[Block, ...]]]) -> WeightSpecified:
    shares = tuple(share for share, _ in parts)
    if not any(shares):
        shares = (1.0, *shares[1:])
    return WeightSpecified(shares, tuple(bundle for _, bundle in parts))


def blocks(
    symbols: Sequence[Symbol] = SYMBOLS,
    *,
    max_window: int = 12,
    max_leaves: int = 10,
    bundles: bool = True,
    leaves: st.SearchStrategy[Block] | None = None,
) -> st.SearchStrategy[Block]:
    """Trees of every kind of block: filters over groups, rankings inside rankings, empty branches.

    `leaves` are the blocks at the ends, assets of `symbols` unless given.
    """
    ends = assets(symbols) if leaves is None else leaves

    def around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        some = st.lists(inner, min_size=1, max_size=3).map(tuple)
        branch = st.lists(inner, max_size=2).map(tuple)
        window = st.integers(2, max_window)
        count = st.integers(1, 3)
        select = st.sampled_from(Select)
        return st.one_of(
            st.builds(WeightEqual, some),
            st.builds(Group, names, some),
            specified_weights(inner, bundles),
            st.builds(WeightInverseVolatility, window, some),
            st.builds(If, conditions(symbols, max_window), branch, branch),
            st.builds(Filter, measures(max_window), select, count, some),
        )

    return st.recursive(ends, around, max_leaves=max_leaves)


def policies() -> st.SearchStrategy[RebalancePolicy]:
    """Every frequency, with and without a threshold."""
    thresholds = st.none() | st.floats(0, 1)
    return st.builds(RebalancePolicy, st.sampled_from(Frequency), thresholds)


def attributes() -> st.SearchStrategy[dict[str, Any]]:
    """Attributes without a meaning, as an export might carry them, nested ones too."""
    plain = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(-1e9, 1e9, allow_nan=False), names
    )
    nested = st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(tuple), st.dictionaries(names, inner, max_size=3)
        ),
        max_leaves=5,
    )
    return st.dictionaries(names.map(lambda text: f"x-{text}"), nested, max_size=3)


def symphonies(
    symbols: Sequence[Symbol] = SYMBOLS,
    *,
    max_window: int = 12,
    max_leaves: int = 10,
    bundles: bool = True,
) -> st.SearchStrategy[Symphony]:
    """Plain symphonies over the given symbols; all of them pass `check`."""
    body = blocks(symbols, max_window=max_window, max_leaves=max_leaves, bundles=bundles)
    return st.builds(
        Symphony,
        name=names,
        body=st.lists(body, min_size=1, max_size=2).map(tuple),
        policy=policies(),
        attributes=attributes(),
    )


_LEVEL, _LENGTH, _PICK, _GATE = (Parameter(n) for n in ("level", "length", "pick", "gate"))


def _gated(
    symbols: Sequence[Symbol], inner: st.SearchStrategy[Block], length: Window
) -> st.SearchStrategy[Block]:
    rsi = Measure(IndicatorKind.RSI, (length,))
    gate = Condition(Comparator.GREATER, Indicator(rsi, _GATE), Constant(_LEVEL))
    return st.builds(If, st.just(gate), st.tuples(inner), st.tuples(inner))


def parametrised_symphonies(
    symbols: Sequence[Symbol] = SYMBOLS, *, max_leaves: int = 6
) -> st.SearchStrategy[Symphony]:
    """Symphonies with parameters of every kind (nil too) and a definition used several times.

    Parameters are `level` and `length` (numbers), `pick` (a symbol), `gate` (a symbol or nil, only
    tested), `basket` (symbols), `calm` (a block); the definition is `shape`, with `inner`.
    """
    symbol = st.sampled_from(symbols)
    plain = blocks(symbols, max_leaves=max_leaves)
    basket = st.lists(symbol, min_size=1, max_size=3).map(tuple)
    parameters: dict[str, st.SearchStrategy[ParameterValue]] = {
        "level": st.integers(0, 100).map(float),
        "length": st.integers(2, 9).map(float),
        "pick": symbol,
        "gate": st.none() | symbol,
        "basket": basket,
        "calm": plain,
    }
    named = st.sampled_from(
        (Asset(_PICK), BlockParameter("basket"), BlockParameter("calm"), BlockParameter("pick"))
    )
    leaf = st.one_of(assets(symbols), named, _gated(symbols, assets(symbols), _LENGTH))
    inner = st.just(BlockParameter("inner"))
    shape = blocks(symbols, max_leaves=max_leaves, leaves=st.one_of(leaf, inner))
    use = st.builds(
        Use,
        st.just("shape"),
        st.fixed_dictionaries({"inner": st.one_of(plain, symbol, basket, st.just(_CALM))}),
        st.none() | st.sampled_from(("first", "second")),
    )
    body = blocks(symbols, max_leaves=max_leaves, leaves=st.one_of(leaf, use))
    return st.builds(
        Symphony,
        name=names,
        body=st.tuples(body, use),
        policy=policies(),
        parameters=st.fixed_dictionaries(parameters),
        definitions=st.fixed_dictionaries({"shape": shape.map(_shape)}),
    )


_CALM = BlockParameter("calm")


def _shape(block: Block) -> Block:
    return Group("shape", (block, BlockParameter("inner")))
