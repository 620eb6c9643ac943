"""JSON conditions and measures: what an `if-child` tests and a `filter` ranks by."""

from functools import partial

from alchemiser_core.domain.measure import IndicatorKind, Measure, Window
from alchemiser_core.symphony.ast import Condition, Constant, Indicator, Operand
from alchemiser_core.symphony.json.values import JsonValues, Node, Path, parameter_in
from alchemiser_core.symphony.notation import (
    FUNCTIONS,
    JSON_COMPARATORS,
    JSON_FUNCTIONS,
    WINDOW_KEYS,
)

CONDITION_KEYS = frozenset(
    {"comparator"}
    | {
        f"{side}-{key}"
        for side in ("lhs", "rhs")
        for key in ("fn", "val", "fn-params", "window-days", "fixed-value?")
    }
)
_COMPARATORS = JSON_COMPARATORS | {sign.value: sign for sign in JSON_COMPARATORS.values()}


class JsonConditions:
    """Makes conditions of the keys of an `if-child`, in their older and newer spellings."""

    def __init__(self, values: JsonValues) -> None:
        self._values = values

    def condition(self, node: Node, path: Path) -> Condition | None:
        """The condition; `None` after a fault."""
        compound = node.get("condition")
        if isinstance(compound, dict) and compound.get("condition-type", "binary") != "binary":
            what = "conditions made of several are not part of the notation"
            self._values.malformed((path, "condition"), what, hint="nest one if in another")
            return None
        left = self._operand(node, "lhs", path)
        right = self._operand(node, "rhs", path)
        name = node.get("comparator")
        comparator = _COMPARATORS.get(name) if isinstance(name, str) else None
        if comparator is None:
            self._values.unknown((path, "comparator"), name, JSON_COMPARATORS)
        return None if None in (left, right, comparator) else Condition(comparator, left, right)  # type: ignore[arg-type]

    def _operand(self, node: Node, side: str, path: Path) -> Operand | None:
        value = node.get(f"{side}-val")
        where = (path, f"{side}-val")
        if self._is_fixed(node, side):
            number = self._values.number(value, where)
            return None if number is None else Constant(number)
        measure = self.measure(node, side, path)
        symbol = self._values.ticker(value, where)
        return None if measure is None or symbol is None else Indicator(measure, symbol)

    @staticmethod
    def _is_fixed(node: Node, side: str) -> bool:
        flag = node.get(f"{side}-fixed-value?")
        if flag is None:
            return node.get(f"{side}-fn") is None and f"{side}-val" in node
        return flag is True or flag == "true"

    def measure(self, node: Node, side: str, path: Path) -> Measure | None:
        """The measure under `lhs-fn`, `rhs-fn` or `sort-by-fn`; `None` after a fault."""
        name = node.get(f"{side}-fn")
        kind = FUNCTIONS.get(name) if isinstance(name, str) else None
        if kind is None:
            self._values.unknown((path, f"{side}-fn"), name, tuple(JSON_FUNCTIONS.values()))
            return None
        windows: list[Window] = []
        for key in WINDOW_KEYS[kind]:
            window = self._window(node, side, key, path)
            if window is None:
                return None
            windows.append(window)
        self._say_what_is_left_out(kind, node, side, path)
        return Measure(kind, tuple(windows))

    def _window(self, node: Node, side: str, key: str, path: Path) -> Window | None:
        parameters = node.get(f"{side}-fn-params")
        if isinstance(parameters, dict) and parameter_in(parameters) is None and key in parameters:
            return self._values.window(parameters[key], ((path, f"{side}-fn-params"), key))
        older = f"{side}-window-days"
        if key == "window" and node.get(older) is not None:
            return self._values.window(node[older], (path, older))
        what = f"{node[f'{side}-fn']} lacks its {key}"
        hint = f'"{side}-fn-params": {{"{key}": 10}}'
        self._values.malformed((path, f"{side}-fn-params"), what, hint=hint)
        return None

    def _say_what_is_left_out(self, kind: IndicatorKind, node: Node, side: str, path: Path) -> None:
        parameters = node.get(f"{side}-fn-params")
        for key in parameters if isinstance(parameters, dict) else ():
            where = ((path, f"{side}-fn-params"), key)
            if key == "window" and key not in WINDOW_KEYS[kind]:
                what = f"the window of a {kind.value} has no meaning and is left out"
                place = partial(self._values.place, where)
                self._values.findings.odd("meaningless-window", what, place)
            elif key not in WINDOW_KEYS[kind]:
                takes = ", ".join(WINDOW_KEYS[kind]) or "none"
                what = f"{kind.value} has no parameter {key!r}"
                self._values.malformed(where, what, f"it takes {takes}")
