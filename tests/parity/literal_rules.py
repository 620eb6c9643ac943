"""The three built-in strategies once more, written out by hand as plain rules in Python.

Nothing here reads a symphony: only prices and indicators are looked up, one date at a time. It
is the judge of the shipped symphony files.
"""

import math
from collections.abc import Callable
from decimal import Decimal

from plain_evaluator import PlainEvaluator, Series, Weights, rounded

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind, Measure


class MissingError(Exception):
    """A rule on the path lacks bars or a price."""


class Market:
    """A history, and the own series of every rule that was ever ranked on it."""

    def __init__(self, history: BarHistory) -> None:
        self.history = history
        self.look_up = PlainEvaluator(history)
        self._decided: dict[tuple[Rule, int], Weights | None] = {}
        self._series: dict[Rule, Series] = {}

    def decide(self, rule: "Rule", row: int) -> Weights | None:
        """What a rule holds; `None` where it cannot be decided."""
        if (rule, row) not in self._decided:
            try:
                self._decided[rule, row] = rule(Day(self, row))
            except MissingError:
                self._decided[rule, row] = None
        return self._decided[rule, row]

    def series(self, item: "str | Rule") -> Series:
        """Prices of a symbol, or the index of what a rule itself would have held."""
        if isinstance(item, str):
            return self.look_up.prices(item)
        if item not in self._series:
            self._series[item] = self._own_series(item)
        return self._series[item]

    def _own_series(self, rule: "Rule") -> Series:
        own = Series([], [], [])
        before: Weights | None = None
        for row in range(len(self.history)):
            today = self.decide(rule, row)
            if today is None:
                value, start = math.nan, -1
            elif before is None:
                value, start = 1.0, row
            else:
                value, start = own.values[-1], own.run_start[-1]
                value *= 1 + sum(w * self._daily_return(s, row) for s, w in before.items())
            own.values.append(value)
            own.run_start.append(start)
            own.usable.append(today is not None)
            before = today
        return own

    def _daily_return(self, symbol: str, row: int) -> float:
        prices = self.look_up.prices(symbol).values
        return prices[row] / prices[row - 1] - 1


class Day:
    """What can be looked up at the close of one day."""

    def __init__(self, market: Market, row: int) -> None:
        self.market = market
        self.row = row

    def measure(self, kind: IndicatorKind, window: int | None, item: "str | Rule") -> Decimal:
        """An indicator, rounded as comparisons want it."""
        windows = () if window is None else (window,)
        value = self.market.series(item).measure(Measure(kind, windows), self.row)
        if value is None:
            raise MissingError(f"{kind} {window} of {item}")
        return rounded(value)

    def px(self, symbol: str) -> Decimal:
        return self.measure(IndicatorKind.CURRENT_PRICE, None, symbol)

    def rsi(self, window: int, symbol: str) -> Decimal:
        return self.measure(IndicatorKind.RSI, window, symbol)

    def sma(self, window: int, symbol: str) -> Decimal:
        return self.measure(IndicatorKind.MOVING_AVERAGE_PRICE, window, symbol)

    def cum(self, window: int, symbol: str) -> Decimal:
        return self.measure(IndicatorKind.CUMULATIVE_RETURN, window, symbol)

    def mar(self, window: int, symbol: str) -> Decimal:
        return self.measure(IndicatorKind.MOVING_AVERAGE_RETURN, window, symbol)

    def hold(self, item: "str | Rule") -> Weights:
        """All of it in a symbol, or in what a rule holds."""
        if isinstance(item, str):
            self.px(item)
            return {item: 1.0}
        weights = self.market.decide(item, self.row)
        if weights is None:
            raise MissingError(f"{item}")
        return weights

    def mix(self, *parts: "tuple[float, str | Rule]") -> Weights:
        """A fixed split."""
        total: Weights = {}
        for share, item in parts:
            for symbol, weight in self.hold(item).items():
                total[symbol] = total.get(symbol, 0.0) + share * weight
        return total

    def equal(self, *items: "str | Rule") -> Weights:
        return self.mix(*((1 / len(items), item) for item in items))

    def top(self, count: int, kind: str, window: int, *items: "str | Rule") -> Weights:
        return self._select(-1, count, kind, window, items)

    def bottom(self, count: int, kind: str, window: int, *items: "str | Rule") -> Weights:
        return self._select(1, count, kind, window, items)

    def _select(
        self, sign: int, count: int, kind: str, window: int, items: "tuple[str | Rule, ...]"
    ) -> Weights:
        ranking: list[tuple[Decimal, int]] = []
        for place, item in enumerate(items):
            try:
                self.hold(item)
                ranking.append((sign * self.measure(_KINDS[kind], window, item), place))
            except MissingError:
                continue
        if not ranking:
            raise MissingError("nothing to rank")
        return self.equal(*(items[place] for _, place in sorted(ranking)[:count]))


Rule = Callable[[Day], Weights]

_KINDS = {
    "rsi": IndicatorKind.RSI,
    "std": IndicatorKind.STDEV_RETURN,
    "mar": IndicatorKind.MOVING_AVERAGE_RETURN,
}


# --- nuclear -------------------------------------------------------------------------------------


def nuclear(d: Day) -> Weights:
    if d.rsi(10, "SPY") > 79:
        return _hedge(d, "SPY", "IOO", "TQQQ", "VTV", "XLF")
    if d.rsi(10, "IOO") > 79:
        return _hedge(d, "IOO", "TQQQ", "VTV", "XLF")
    if d.rsi(10, "TQQQ") > 79:
        return _hedge(d, "TQQQ", "VTV", "XLF")
    if d.rsi(10, "VTV") > 79:
        return _hedge(d, "VTV", "XLF")
    if d.rsi(10, "XLF") > 79:
        return _hedge(d, "XLF")
    if d.rsi(10, "VOX") > 79:
        return _hedge(d, "XLF")
    if d.rsi(10, "TQQQ") < 30:
        return d.hold("TQQQ")
    if d.rsi(10, "SPY") < 30:
        return d.hold("UPRO")
    if d.px("SPY") > d.sma(200, "SPY"):
        return d.top(3, "mar", 90, "SMR", "BWXT", "LEU", "EXC", "NLR", "OKLO")
    return _bear(d)


def _hedge(d: Day, *ladder: str) -> Weights:
    for symbol in ladder:
        if d.rsi(10, symbol) > 81:
            return d.hold("UVXY")
    return d.mix((0.75, "UVXY"), (0.25, "BTAL"))


def _bear(d: Day) -> Weights:
    inverse = []
    for group in (_bear_1, _bear_2):
        d.hold(group)
        d.measure(IndicatorKind.STDEV_RETURN, 14, group)
        own = d.market.series(group).values[d.row - 14 : d.row + 1]
        returns = [own[i + 1] / own[i] - 1 for i in range(14)]
        mean = sum(returns) / 14
        deviation = math.sqrt(sum((r - mean) ** 2 for r in returns) / 13)
        if deviation == 0:
            raise MissingError("zero volatility")
        inverse.append(1 / deviation)
    total = sum(inverse)
    return d.mix((inverse[0] / total, _bear_1), (inverse[1] / total, _bear_2))


def _bear_1(d: Day) -> Weights:
    if d.rsi(10, "PSQ") < 35:
        return d.hold("SQQQ")
    if d.cum(60, "QQQ") < -10:
        return d.hold("TQQQ" if d.rsi(20, "TLT") > d.rsi(20, "PSQ") else "PSQ")
    if d.px("TQQQ") > d.sma(20, "TQQQ"):
        return d.hold("TQQQ" if d.rsi(20, "TLT") > d.rsi(20, "PSQ") else "SQQQ")
    if d.rsi(10, "IEF") > d.rsi(20, "PSQ"):
        return d.hold("SQQQ")
    return d.hold("QQQ" if d.rsi(20, "TLT") > d.rsi(20, "PSQ") else "SQQQ")


def _bear_2(d: Day) -> Weights:
    if d.rsi(10, "PSQ") < 35:
        return d.hold("SQQQ")
    if d.px("TQQQ") > d.sma(20, "TQQQ"):
        return d.hold("TQQQ" if d.rsi(20, "TLT") > d.rsi(20, "PSQ") else "SQQQ")
    return d.hold("QQQ" if d.rsi(20, "TLT") > d.rsi(20, "PSQ") else "SQQQ")


# --- tecl ----------------------------------------------------------------------------------------


def tecl(d: Day) -> Weights:
    if d.px("SPY") > d.sma(200, "SPY"):
        if d.rsi(10, "TQQQ") > 79:
            return d.mix((0.25, "UVXY"), (0.75, "BIL"))
        if d.rsi(10, "SPY") > 80:
            return d.mix((0.25, "UVXY"), (0.75, "BIL"))
        if d.rsi(10, "XLK") > d.rsi(10, "KMLM"):
            return d.hold("BIL" if d.rsi(10, "XLK") > 81 else "TECL")
        return d.hold("TECL" if d.rsi(10, "XLK") < 29 else "BIL")
    return _tecl_bear(d)


def _tecl_bear(d: Day) -> Weights:
    if d.rsi(10, "TQQQ") < 31:
        return d.hold("TECL")
    if d.rsi(10, "SPXL") < 29:
        return d.hold("SPXL")
    if d.rsi(10, "UVXY") > 84:
        return d.mix((0.15, "UVXY"), (0.85, "BIL"))
    if d.rsi(10, "UVXY") > 74:
        return d.hold("BIL")
    if d.rsi(10, "XLK") > d.rsi(10, "KMLM"):
        return d.hold("BIL" if d.rsi(10, "XLK") > 81 else "TECL")
    if d.rsi(10, "XLK") < 29:
        return d.hold("TECL")
    return d.top(1, "rsi", 9, "SQQQ", "BSV")


# --- klm -----------------------------------------------------------------------------------------


def klm(d: Day) -> Weights:
    return d.top(1, "std", 5, *(rule for _, rule in KLM_VARIANTS))


def _variant(
    d: Day, vix_gate: str | None, risk_on: Rule, risk_off: Rule, labu_dip: bool = False
) -> Weights:
    for symbol, threshold in (
        ("QQQE", 79), ("VTV", 79), ("VOX", 79), ("TECL", 79), ("VOOG", 79), ("VOOV", 79),
        ("XLP", 75), ("TQQQ", 79), ("XLY", 80), ("FAS", 80), ("SPY", 80),
    ):  # fmt: skip
        if d.rsi(10, symbol) > threshold:
            return d.hold("UVXY")
    if vix_gate is not None and d.rsi(21, vix_gate) > 65:
        return d.hold("VIXM" if d.rsi(21, "SPY") > 30 else "SPXL")
    for symbol, bought in (("TQQQ", "TECL"), ("SOXL", "SOXL"), ("SPXL", "SPXL")):
        if d.rsi(10, symbol) < 30:
            return d.hold(bought)
    if labu_dip and d.rsi(10, "LABU") < 25:
        return d.hold("LABU")
    return risk_on(d) if d.rsi(10, "XLK") > d.rsi(10, "KMLM") else risk_off(d)


def _calmest_of_three(d: Day) -> Weights:
    return d.bottom(1, "std", 6, "UUP", "FTLS", "KMLM")


def _shorts_or_bonds(d: Day) -> Weights:
    return d.top(1, "rsi", 10, "SQQQ", "TLT")


def _506_38(d: Day) -> Weights:
    return _variant(d, "UVXY", lambda d: d.bottom(1, "rsi", 10, "FNGU"), _calmest_of_three)


def _1280_26(d: Day) -> Weights:
    return _variant(
        d,
        None,
        lambda d: d.bottom(2, "rsi", 10, "TECL", "SOXL", "SVIX"),
        _shorts_or_bonds,
        labu_dip=True,
    )


def _1200_28(d: Day) -> Weights:
    return _variant(
        d, "UVXY", lambda d: d.bottom(1, "rsi", 10, "TECL", "SOXL", "SVIX"), _shorts_or_bonds
    )


def _520_22(d: Day) -> Weights:
    return _variant(
        d,
        "UVXY",
        lambda d: d.bottom(1, "rsi", 10, "TECL", "SVIX"),
        lambda d: d.bottom(3, "std", 6, "TMV", "TMF", "SVXY", "VIXM", "FTLS", "KMLM", "UUP"),
    )


def _410_38(d: Day) -> Weights:
    return _506_38(d)


def _nova(d: Day) -> Weights:
    stocks = ("FNGO", "TSLA", "MSFT", "AAPL", "NVDA", "GOOGL", "AMZN")
    return _variant(d, "UVIX", lambda d: d.top(1, "rsi", 11, *stocks), _calmest_of_three)


def _830_21(d: Day) -> Weights:
    def risk_off(d: Day) -> Weights:
        if d.mar(20, "BND") > 0:
            return d.bottom(1, "rsi", 10, "KMLM", "SPLV")
        return d.top(1, "rsi", 10, "TLT", "LABD", "TZA")

    return _variant(d, "UVXY", lambda d: d.top(1, "rsi", 10, "TECL", "SOXL", "SVIX"), risk_off)


def _blend_strongest(d: Day) -> Weights:
    return d.equal("UVXY", "UVXY", "VIXM")


def _blend_strong(d: Day) -> Weights:
    return d.equal("UVXY", "VXX", "VIXM")


def _blend(d: Day) -> Weights:
    return d.equal("VIXY", "VXX", "VIXM")


def _metals(d: Day) -> Weights:
    return d.mix((0.5, "GLD"), (0.25, "SLV"), (0.25, "PDBC"))


def _530_18(d: Day) -> Weights:
    for symbol in ("SPY", "IOO"):
        if d.rsi(10, symbol) > 80:
            return _blend_strongest(d) if d.rsi(10, symbol) > 82.5 else _blend_strong(d)
    if d.rsi(10, "QQQ") > 79:
        return _blend_strongest(d) if d.rsi(10, "QQQ") > 82.5 else _blend_strong(d)
    for symbol, threshold in (("VTV", 79), ("XLP", 77), ("XLF", 81)):
        if d.rsi(10, symbol) > threshold:
            return _blend_strong(d) if d.rsi(10, symbol) > 85 else _blend(d)
    if d.rsi(10, "RETL") > 82:
        return _blend(d) if d.rsi(10, "RETL") > 85 else d.equal("BTAL", "BIL")
    if d.rsi(70, "SPY") > 63:
        return _long_rally(d)
    if d.rsi(10, "VOX") > 79:
        return _blend(d)
    if d.rsi(10, "XLP") > 75:
        return _blend(d)
    if d.cum(6, "TQQQ") < -12:
        return _crash(d)
    return _trend(d)


def _crash(d: Day) -> Weights:
    if d.cum(1, "TQQQ") > 5.5:
        return _blend_strong(d)
    if d.rsi(10, "TQQQ") < 31:
        return d.hold("TECL")
    if d.rsi(10, "SOXL") < 30:
        return d.hold("SOXL")
    if d.rsi(10, "SPXL") < 30:
        return d.hold("SPXL")
    return _fngu_switch(d)


def _trend(d: Day) -> Weights:
    if d.px("SPY") > d.sma(200, "SPY"):
        if d.sma(3, "SPY") < d.sma(200, "SPY"):
            return d.top(2, "rsi", 10, "TQQQ", "SPXL", "TMF")
        return _holy_grail(d)
    if d.sma(3, "SPY") > d.sma(200, "SPY"):
        return d.top(2, "rsi", 10, "SQQQ", "SPXU", "TMF", "TMV")
    return _holy_grail(d)


def _long_rally(d: Day) -> Weights:
    return d.equal(_rally_a, _rally_b)


def _rally_a(d: Day) -> Weights:
    if d.rsi(15, "AGG") > d.rsi(15, "QQQ"):
        return d.equal("TQQQ", "SPXL", "SOXL", "FNGU", "ERX")
    return _metals(d)


def _rally_b(d: Day) -> Weights:
    for window, threshold in ((90, 60), (14, 80), (5, 90), (3, 95)):
        if d.rsi(window, "QQQ") > threshold:
            return d.hold("VIXY")
    return _metals(d)


def _fngu_switch(d: Day) -> Weights:
    if d.rsi(10, "XLK") > d.rsi(10, "KMLM"):
        return d.bottom(1, "rsi", 10, "TECL", "SVXY", _fngu_group)
    return d.bottom(3, "std", 6, "SVXY", "VIXM", "FTLS", "KMLM", "UUP")


def _fngu_group(d: Day) -> Weights:
    return d.equal("FNGU", _strongest_of_five)


def _strongest_of_five(d: Day) -> Weights:
    return d.top(1, "mar", 20, "FNGU", "SPXL", "XLE", "XLK", "AGG")


def _holy_grail(d: Day) -> Weights:
    if d.px("SPY") > d.sma(200, "SPY"):
        return _fngu_switch(d)
    if d.rsi(10, "QQQ") < 31:
        return d.hold("TECL")
    if d.rsi(10, "SPY") < 30:
        return d.hold("UPRO")
    if d.cum(60, "QQQ") < -12:
        return d.hold("BIL")
    if d.px("TQQQ") > d.sma(20, "TQQQ"):
        return d.hold("PSQ") if d.rsi(10, "PSQ") < 32.5 else _fngu_switch(d)
    return d.hold("PSQ" if d.rsi(10, "IEF") > d.rsi(20, "PSQ") else "QID")


KLM_VARIANTS: tuple[tuple[str, Rule], ...] = (
    ("506/38", _506_38),
    ("1280/26", _1280_26),
    ("1200/28", _1200_28),
    ("520/22", _520_22),
    ("530/18", _530_18),
    ("410/38", _410_38),
    ("nova", _nova),
    ("830/21", _830_21),
)

RULES: dict[str, Rule] = {"nuclear": nuclear, "tecl": tecl, "klm": klm}

DEFINITIONS: dict[tuple[str, str], Rule] = {
    ("nuclear", "bear-1"): _bear_1,
    ("nuclear", "bear-2"): _bear_2,
    ("tecl", "bear"): _tecl_bear,
    ("klm", "fngu-switch"): _fngu_switch,
    ("klm", "holy-grail"): _holy_grail,
    ("klm", "long-rally"): _long_rally,
    ("klm", "crash"): _crash,
    ("klm", "trend"): _trend,
    ("klm", "scale-in"): _530_18,
}
"""Parts of the strategies that have a definition of their own in the files."""
