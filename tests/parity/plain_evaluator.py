"""A plain evaluator of symphonies, one date at a time, written from the notation's definition.

It shares nothing with the engine but the tree it reads: explicit windows, plain loops, ordinary
recursion. It is the judge in the parity tests and the baseline of the benchmarks; being obviously
right matters more here than being quick. Only what was computed once for a block and a date, or
for a series, a measure and a date, is remembered.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import pairwise

import numpy as np
from attrs import define, field, frozen

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind, Measure
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
    Operand,
    Select,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)

CARRY = 5
"""Sessions for which the last price stands in for a missing one."""

Weights = dict[str, float]
Floats = list[float]

_TEN_DIGITS = Context(prec=10, rounding=ROUND_HALF_EVEN)


@frozen
class Undecided:
    """A date on which a block cannot be decided, with every reason found on its path."""

    reasons: tuple[str, ...]


def decide_plain(symphony: Symphony, history: BarHistory, row: int) -> Weights | Undecided:
    """Target weights at one row, from the rows up to it alone."""
    return PlainEvaluator(history.rows(0, row + 1)).decide(symphony, row)


def decide_all_plain(symphony: Symphony, history: BarHistory) -> list[Weights | Undecided]:
    """Target weights at every row, one after the other."""
    evaluator = PlainEvaluator(history)
    return [evaluator.decide(symphony, row) for row in range(len(history))]


def rounded(value: float) -> Decimal:
    """What a comparison sees: 10 decimals below 1, 10 significant digits from 1 on."""
    exact = Decimal(value)
    if abs(exact) < 1:
        return exact.quantize(Decimal("1e-10"), rounding=ROUND_HALF_EVEN)
    return _TEN_DIGITS.plus(exact)


# --- series --------------------------------------------------------------------------------------


@define(eq=False)
class Series:
    """Prices of a symbol or values of a block's own index, in unbroken runs."""

    values: list[float]
    """One a row; NaN where there is nothing."""
    run_start: list[int]
    """Row on which the run of this row began; -1 outside runs."""
    usable: list[bool]
    """Whether the row has a value of its own, not a carried one."""
    known: dict[tuple[Measure, int], float] = field(factory=dict)

    def bars(self, row: int) -> int:
        """Bars of the run up to a row; 0 where the row has no value of its own."""
        return row - self.run_start[row] + 1 if self.usable[row] else 0

    def measure(self, measure: Measure, row: int) -> float | None:
        """The measure at a row; `None` where bars are missing."""
        if self.bars(row) < bars_needed(measure):
            return None
        key = (measure, row)
        if key not in self.known:
            if measure.kind in _RECURSIVE:
                self._fill_run(measure, row)
            else:
                window = self.values[row + 1 - bars_needed(measure) : row + 1]
                self.known[key] = _WINDOWED[measure.kind](window)
        return self.known[key]

    def _fill_run(self, measure: Measure, row: int) -> None:
        """Remember a recursive measure for the whole run: it loops over all of it anyway."""
        start = self.run_start[row]
        stop = row
        while stop + 1 < len(self.values) and self.run_start[stop + 1] == start:
            stop += 1
        column = _RECURSIVE[measure.kind](self.values[start : stop + 1], *_windows(measure))
        for offset, value in enumerate(column):
            self.known[(measure, start + offset)] = value


def price_series(prices: Sequence[float], carry: int = CARRY) -> Series:
    """Prices with gaps of up to `carry` sessions filled, and a new run after a longer one."""
    series = Series(values=[], run_start=[], usable=[])
    last = math.nan
    since = carry + 1
    start = -1
    for row, price in enumerate(prices):
        good = math.isfinite(price) and price > 0
        since = 0 if good else since + 1
        if good:
            last = float(price)
        if since > carry:
            start = -1
        elif start == -1:
            start = row
        series.values.append(last if start != -1 else math.nan)
        series.run_start.append(start)
        series.usable.append(good)
    return series


# --- indicators ----------------------------------------------------------------------------------


def _windows(measure: Measure) -> tuple[int, ...]:
    """The windows of a plain measure."""
    if not all(isinstance(window, int) for window in measure.windows):
        raise TypeError(f"not a plain measure: {measure}")
    return tuple(int(window) for window in measure.windows if isinstance(window, int))


def bars_needed(measure: Measure) -> int:
    """Bars that a measure needs, the decision's own included."""
    windows = _windows(measure)
    match measure.kind:
        case IndicatorKind.CURRENT_PRICE:
            return 1
        case (
            IndicatorKind.RSI
            | IndicatorKind.CUMULATIVE_RETURN
            | IndicatorKind.MOVING_AVERAGE_RETURN
            | IndicatorKind.STDEV_RETURN
        ):
            return windows[0] + 1
        case IndicatorKind.PPO:
            return max(windows)
        case IndicatorKind.PPO_SIGNAL:
            return max(windows[:2]) + windows[2] - 1
        case _:
            return windows[0]


# Each of these gets exactly the bars that it needs, oldest first.


def _daily_returns(bars: Floats) -> Floats:
    return [after / before - 1 for before, after in pairwise(bars)]


def _current_price(bars: Floats) -> float:
    return bars[0]


def _moving_average_price(bars: Floats) -> float:
    return float(np.mean(bars))


def _cumulative_return(bars: Floats) -> float:
    return (bars[-1] / bars[0] - 1) * 100


def _moving_average_return(bars: Floats) -> float:
    return float(np.mean(_daily_returns(bars))) * 100


def _stdev_return(bars: Floats) -> float:
    return float(np.std(_daily_returns(bars), ddof=1)) * 100


def _stdev_price(bars: Floats) -> float:
    return float(np.std(bars, ddof=1))


def _max_drawdown(bars: Floats) -> float:
    peak, worst = 0.0, 0.0
    for price in bars:
        peak = max(peak, price)
        worst = max(worst, (peak - price) / peak)
    return worst * 100


# Each of these gets all bars of the run, oldest first, and gives a value for every one of them.


def _rsi(run: Floats, window: int) -> Floats:
    changes = [after - before for before, after in pairwise(run)]
    column = [math.nan] * len(run)
    if len(changes) < window:
        return column
    gain = sum(max(change, 0.0) for change in changes[:window]) / window
    loss = sum(max(-change, 0.0) for change in changes[:window]) / window
    column[window] = _strength(gain, loss)
    for row in range(window, len(changes)):
        gain = (gain * (window - 1) + max(changes[row], 0.0)) / window
        loss = (loss * (window - 1) + max(-changes[row], 0.0)) / window
        column[row + 1] = _strength(gain, loss)
    return column


def _strength(gain: float, loss: float) -> float:
    return 50.0 if gain == 0 and loss == 0 else 100 * gain / (gain + loss)


def _ema(run: Floats, window: int) -> Floats:
    alpha = 2 / (window + 1)
    column = run[:1]
    for value in run[1:]:
        column.append(alpha * value + (1 - alpha) * column[-1])
    return column


def _ppo(run: Floats, short: int, long: int) -> Floats:
    pairs = zip(_ema(run, short), _ema(run, long), strict=True)
    return [(quick - slow) / slow * 100 for quick, slow in pairs]


def _ppo_signal(run: Floats, short: int, long: int, smooth: int) -> Floats:
    before = min(max(short, long) - 1, len(run))
    return [math.nan] * before + _ema(_ppo(run, short, long)[before:], smooth)


_WINDOWED: dict[IndicatorKind, Callable[[Floats], float]] = {
    IndicatorKind.CURRENT_PRICE: _current_price,
    IndicatorKind.MOVING_AVERAGE_PRICE: _moving_average_price,
    IndicatorKind.CUMULATIVE_RETURN: _cumulative_return,
    IndicatorKind.MOVING_AVERAGE_RETURN: _moving_average_return,
    IndicatorKind.STDEV_RETURN: _stdev_return,
    IndicatorKind.STDEV_PRICE: _stdev_price,
    IndicatorKind.MAX_DRAWDOWN: _max_drawdown,
}
_RECURSIVE: dict[IndicatorKind, Callable[..., Floats]] = {
    IndicatorKind.RSI: _rsi,
    IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE: _ema,
    IndicatorKind.PPO: _ppo,
    IndicatorKind.PPO_SIGNAL: _ppo_signal,
}


# --- blocks --------------------------------------------------------------------------------------


class PlainEvaluator:
    """Decides any block of a plain tree at any row of one history."""

    def __init__(self, history: BarHistory, carry: int = CARRY) -> None:
        self.history = history
        self.carry = carry
        self._prices: dict[str, Series] = {}
        self._indices: dict[int, Series] = {}
        self._decided: dict[tuple[int, int], Weights | Undecided] = {}
        self._kept: dict[int, Block] = {}
        """Blocks that something is remembered for: an `id` is theirs as long as they live."""

    def decide(self, block: Block, row: int) -> Weights | Undecided:
        """Weights that the block itself would hold from the close of `row` on."""
        with _deep_recursion():
            return self._decide(block, row)

    def _decide(self, block: Block, row: int) -> Weights | Undecided:
        key = (id(block), row)
        if key not in self._decided:
            self._kept[id(block)] = block
            self._decided[key] = self._decide_anew(block, row)
        return self._decided[key]

    def _decide_anew(self, block: Block, row: int) -> Weights | Undecided:
        match block:
            case Asset(symbol=symbol):
                if self.prices(str(symbol)).usable[row]:
                    return {str(symbol): 1.0}
                return Undecided(
                    (f"{symbol} would get weight but has no price on {self.history.session(row)}",)
                )
            case WeightEqual(children=children) | Group(children=children):
                return self._equal(children, row)
            case Symphony(body=body):
                return self._equal(body, row)
            case WeightSpecified():
                return self._specified(block, row)
            case WeightInverseVolatility():
                return self._inverse_volatility(block, row)
            case If():
                return self._if(block, row)
            case Filter():
                return self._filter(block, row)
        raise TypeError(f"not a plain block: {block!r}")

    def _equal(self, blocks: Sequence[Block], row: int) -> Weights | Undecided:
        """An even split; nothing at all is cash."""
        return _sum([(1 / len(blocks), self._decide(block, row)) for block in blocks])

    def _specified(self, block: WeightSpecified, row: int) -> Weights | Undecided:
        shares = [float(share) for share in block.shares]  # type: ignore[arg-type]
        return _sum(
            [
                (share / sum(shares), self._equal(bundle, row))
                for share, bundle in zip(shares, block.bundles, strict=True)
                if share > 0
            ]
        )

    def _if(self, block: If, row: int) -> Weights | Undecided:
        outcome = self._holds(block.condition, row)
        if isinstance(outcome, Undecided):
            return outcome
        return self._equal(block.then if outcome else block.otherwise, row)

    def _holds(self, condition: Condition, row: int) -> bool | Undecided:
        left, right = self._operand(condition.left, row), self._operand(condition.right, row)
        reasons = [side for side in (left, right) if isinstance(side, str)]
        if reasons:
            return Undecided(tuple(reasons))
        a, b = rounded(left), rounded(right)  # type: ignore[arg-type]
        match condition.comparator:
            case Comparator.GREATER:
                return a > b
            case Comparator.LESS:
                return a < b
            case Comparator.GREATER_OR_EQUAL:
                return a >= b
            case Comparator.LESS_OR_EQUAL:
                return a <= b
            case Comparator.EQUAL:
                return a == b

    def _operand(self, operand: Operand, row: int) -> float | str:
        """The value, or in words what is missing."""
        match operand:
            case Constant(value=value):
                return float(value)  # type: ignore[arg-type]
            case Indicator(measure=measure, symbol=symbol):
                series = self.prices(str(symbol))
                found = series.measure(measure, row)
                return _lack(str(symbol), measure, series, row) if found is None else found

    def _inverse_volatility(self, block: WeightInverseVolatility, row: int) -> Weights | Undecided:
        measure = Measure(IndicatorKind.STDEV_RETURN, (block.window,))
        parts: list[tuple[float, Weights]] = []
        reasons: list[str] = []
        for child in block.children:
            decided = self._decide(child, row)
            series = self.series(child)
            volatility = series.measure(measure, row)
            if isinstance(decided, Undecided) and not isinstance(child, Asset):
                reasons.extend(decided.reasons)
            elif isinstance(decided, Undecided) or volatility is None:
                reasons.append(_lack(_label(child), measure, series, row))
            elif volatility == 0:
                reasons.append(f"the volatility of {_label(child)} is 0")
            else:
                parts.append((1 / volatility, decided))
        if reasons:
            return Undecided(tuple(reasons))
        total = sum(inverse for inverse, _ in parts)
        return _sum([(inverse / total, decided) for inverse, decided in parts])

    def _filter(self, block: Filter, row: int) -> Weights | Undecided:
        ranked: list[tuple[Decimal, Weights]] = []
        out: list[str] = []
        for candidate in _candidates(block):
            decided = self._decide(candidate, row)
            if isinstance(decided, Undecided):
                out.append(f"{_label(candidate)}: {'; '.join(decided.reasons)}")
                continue
            series = self.series(candidate)
            score = series.measure(block.measure, row)
            if score is None:
                out.append(_lack(_label(candidate), block.measure, series, row))
            else:
                ranked.append((rounded(score), decided))
        if not ranked:
            return Undecided((f"nothing to rank: {' | '.join(out)}",))
        ranked.sort(key=lambda item: item[0], reverse=block.select is Select.TOP)
        chosen = ranked[: int(block.count)]  # type: ignore[arg-type]
        return _sum([(1 / len(chosen), decided) for _, decided in chosen])

    # --- series of symbols and blocks ------------------------------------------------------------

    def prices(self, symbol: str) -> Series:
        """The prices of a symbol; one without a column has none."""
        if symbol not in self._prices:
            column = self.history.columns.get(symbol)  # type: ignore[call-overload]
            closes = (
                [math.nan] * len(self.history)
                if column is None
                else self.history.close[:, column].tolist()
            )
            self._prices[symbol] = price_series(closes, self.carry)
        return self._prices[symbol]

    def series(self, block: Block) -> Series:
        """Prices of a bare asset; of anything else the index of its own decisions."""
        if isinstance(block, Asset):
            return self.prices(str(block.symbol))
        if id(block) not in self._indices:
            self._indices[id(block)] = self._own_index(block)
        return self._indices[id(block)]

    def _own_index(self, block: Block) -> Series:
        """Starts at 1 on every run of decidable rows and grows by what the block itself held."""
        index = Series([], [], [])
        for row in range(len(self.history)):
            decidable = not isinstance(self._decide(block, row), Undecided)
            growth = self._growth(block, row) if decidable and row > 0 else None
            if not decidable:
                value, start = math.nan, -1
            elif growth is None:
                value, start = 1.0, row
            else:
                value, start = index.values[-1] * (1 + growth), index.run_start[-1]
            index.values.append(value)
            index.run_start.append(start)
            index.usable.append(decidable)
        return index

    def _growth(self, block: Block, row: int) -> float | None:
        """Return from `row - 1` to `row` of what was decided then; `None` where a run begins."""
        held = self._decide(block, row - 1)
        if isinstance(held, Undecided):
            return None
        growth = 0.0
        for symbol, weight in held.items():
            prices = self.prices(symbol)
            if prices.run_start[row] == -1 or prices.run_start[row] == row:
                return None
            growth += weight * (prices.values[row] / prices.values[row - 1] - 1)
        return growth


def _candidates(block: Filter) -> Iterator[Block]:
    """The candidates in text order; a bare asset that is listed again is the same one."""
    seen = set()
    for child in block.children:
        if isinstance(child, Asset):
            if child.symbol in seen:
                continue
            seen.add(child.symbol)
        yield child


def _sum(parts: Sequence[tuple[float, Weights | Undecided]]) -> Weights | Undecided:
    """Shares times weights, added up by symbol; all reasons where any part is undecided."""
    reasons = [r for _, part in parts if isinstance(part, Undecided) for r in part.reasons]
    if reasons:
        return Undecided(tuple(dict.fromkeys(reasons)))
    total: Weights = {}
    for share, part in parts:
        assert not isinstance(part, Undecided)
        for symbol, weight in part.items():
            total[symbol] = total.get(symbol, 0.0) + share * weight
    return total


def _label(block: Block) -> str:
    match block:
        case Asset(symbol=symbol):
            return str(symbol)
        case Group(name=name):
            return name
        case _:
            return type(block).__name__


def _lack(label: str, measure: Measure, series: Series, row: int) -> str:
    name = " ".join([measure.kind, *(str(window) for window in measure.windows)])
    needed, there = bars_needed(measure), series.bars(row)
    return f"{name} of {label} needs {needed} bars, {there} are there"


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Room for trees that are deeper than Python's usual limit."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 20_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
