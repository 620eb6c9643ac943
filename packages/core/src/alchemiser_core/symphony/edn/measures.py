"""EDN conditions, indicators and selections: what an `if` tests and a `filter` ranks by."""

from functools import partial

from attrs import frozen

from alchemiser_core.domain.measure import IndicatorKind, Measure, Parameter, Window
from alchemiser_core.symphony.ast import Comparator, Condition, Constant, Indicator, Operand, Select
from alchemiser_core.symphony.edn.reader import BROKEN, Form
from alchemiser_core.symphony.edn.values import EdnValues, described
from alchemiser_core.symphony.errors import shown
from alchemiser_core.symphony.notation import FUNCTIONS, WINDOW_KEYS


@frozen
class Selection:
    """`(select-top K)` on its way into a filter."""

    select: Select
    count: Window


class EdnMeasures:
    """Makes conditions, measures and selections of complete lists."""

    def __init__(self, values: EdnValues) -> None:
        self._values = values
        self._shared: dict[tuple[IndicatorKind, tuple[Window, ...]], Measure] = {}
        self.handlers = (
            dict.fromkeys(FUNCTIONS, self.indicator)
            | {comparator.value: self.condition for comparator in Comparator}
            | {f"select-{end.value}": self.selection for end in Select}
        )

    def condition(self, form: Form) -> object:
        """`(> LEFT RIGHT)`."""
        items, offsets = form.items, form.offsets
        if len(items) != 3:
            what = f"{items[0]} takes two sides, {len(items) - 1} stand here"
            self._values.malformed(form.start, what)
            return BROKEN
        left = self._operand(items[1], offsets[1])
        right = self._operand(items[2], offsets[2])
        if left is None or right is None:
            return BROKEN
        return Condition(Comparator(str(items[0])), left, right)

    def _operand(self, value: object, offset: int) -> Operand | None:
        if isinstance(value, Indicator):
            return value
        if isinstance(value, Parameter):
            return Constant(value)
        if type(value) is float or type(value) is int:
            return Constant(float(value))
        if isinstance(value, Measure):
            what = f"{value.kind.value} needs a symbol here"
            self._values.malformed(offset, what, hint=f'({value.kind.value} "SPY" …)')
        elif value is not BROKEN:
            what = f"{described(value)} cannot be one side of a condition"
            self._values.malformed(offset, what, "an indicator of a symbol or a number is needed")
        return None

    def indicator(self, form: Form) -> object:
        """`(rsi "SPY" {:window 10})`, or a measure where the symbol is missing."""
        items, offsets = form.items, form.offsets
        kind = FUNCTIONS[str(items[0])]
        last = len(items) - 1
        parameters = None
        if last and isinstance(items[last], Form):
            parameters, last = items[last], last - 1
        measure = self._measure(kind, parameters, form.start)
        if last == 0:
            return measure or BROKEN
        if last > 1:
            what = f"{kind.value} takes a symbol and a map"
            self._values.malformed(form.start, what, f"{described(items[2])} stands there too")
            return BROKEN
        symbol = self._values.ticker(items[1], offsets[1])
        return BROKEN if symbol is None or measure is None else Indicator(measure, symbol)

    def _measure(self, kind: IndicatorKind, found: object, start: int) -> Measure | None:
        keys = WINDOW_KEYS[kind]
        entries = self._values.entries(found) if isinstance(found, Form) else {}
        windows: list[Window] = []
        for key in keys:
            if key not in entries:
                what = f"{kind.value} lacks its :{key}"
                self._values.malformed(start, what, hint=f"({kind.value} … {{:{key} 10}})")
                return None
            window = self._values.window(*entries.pop(key), f"the :{key} of {kind.value}")
            if window is None:
                return None
            windows.append(window)
        if not self._nothing_else(kind, list(entries), start):
            return None
        measure = Measure(kind, tuple(windows))
        return self._shared.setdefault((kind, measure.windows), measure)

    def _nothing_else(self, kind: IndicatorKind, extra: list[str], start: int) -> bool:
        if kind is IndicatorKind.CURRENT_PRICE and extra == ["window"]:
            what = "the window of a current-price has no meaning and is left out"
            place = partial(self._values.place, start)
            self._values.findings.odd("meaningless-window", what, place)
            return True
        for key in extra:
            why = f"it takes {', '.join(':' + k for k in WINDOW_KEYS[kind]) or 'none'}"
            self._values.malformed(start, f"{kind.value} has no parameter {shown(key)}", why)
        return not extra

    def selection(self, form: Form) -> object:
        """`(select-top K)` or `(select-bottom K)`."""
        name = str(form.items[0])
        if len(form.items) != 2:
            self._values.malformed(form.start, f"{name} takes one number", hint=f"({name} 1)")
            return BROKEN
        count = self._values.window(form.items[1], form.offsets[1], f"the number of {name}")
        if count is None:
            return BROKEN
        return Selection(Select(name.removeprefix("select-")), count)
