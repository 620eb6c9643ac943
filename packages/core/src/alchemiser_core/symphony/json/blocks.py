"""JSON objects made blocks: each object with a `step` becomes one node of the tree."""

from collections.abc import Callable, Iterable
from typing import Any

from alchemiser_core.domain.measure import Parameter
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
    Number,
    ParameterValue,
    Select,
    Use,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)
from alchemiser_core.symphony.errors import LimitExceeded, shown
from alchemiser_core.symphony.json.conditions import CONDITION_KEYS, JsonConditions
from alchemiser_core.symphony.json.values import JsonValues, Node, Path, described, parameter_in
from alchemiser_core.symphony.limits import Limits
from alchemiser_core.symphony.parameters.names import kebab_case

THEN, ELSE = "then", "else"
"""Attributes of an `If` that hold what its two if-children carry beside the rules."""

_UNREAD = Asset(Symbol("UNREAD"))
_UNREAD_CONDITION = Condition(Comparator.EQUAL, Constant(0.0), Constant(0.0))
_IF_CHILD_KEYS = CONDITION_KEYS | {"step", "children", "is-else-condition?"}
_COMMON = ("step", "children")


class JsonBlocks:
    """Makes a block of an object whose children have been made before."""

    def __init__(self, values: JsonValues, limits: Limits) -> None:
        self._values = values
        self._most = limits.nodes
        self._conditions = JsonConditions(values)
        self._made: dict[int, Block] = {}
        self._weighted: set[int] = set()
        self.places: dict[int, Path] = {}
        """Path of each block, by its `id`."""
        self._steps: dict[str, Callable[[Node, Path], Block | None]] = {
            "asset": self._asset,
            "group": self._group,
            "wt-cash-equal": self._weight_equal,
            "wt-cash-specified": self._weight_specified,
            "wt-inverse-vol": self._weight_inverse_volatility,
            "if": self._if,
            "filter": self._filter,
            "use": self._use,
        }

    def make_all(self, roots: Iterable[tuple[Node, Path]]) -> None:
        """Makes blocks of objects and all below them, those that stand last in the text first."""
        order: list[tuple[Node, Path]] = []
        stack = list(reversed(tuple(roots)))
        while stack:
            entry = stack.pop()
            order.append(entry)
            if len(order) > self._most:
                place = self._values.place(entry[1])
                return self._values.findings.stop(LimitExceeded("blocks", self._most, place))
            stack.extend(reversed(self._below(*entry)))
        for node, path in reversed(order):
            if self._values.findings.full:
                break
            made = self._make(node, path) or _UNREAD
            self._made[id(node)] = made
            self.places[id(made)] = path
        return None

    def block(self, node: Node) -> Block:
        """The block made of an object."""
        return self._made.get(id(node), _UNREAD)

    def parameter_value(self, value: object, path: Path) -> ParameterValue:
        """A number, a ticker, an array of tickers, a block or null."""
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return None if value is None else float(value)
        if isinstance(value, dict):
            return self.block(value)
        if isinstance(value, list):
            found = [self._values.ticker(item, (path, i)) for i, item in enumerate(value)]
            return tuple(symbol for symbol in found if isinstance(symbol, str))
        symbol = self._values.ticker(value, path)
        return symbol if isinstance(symbol, str) else None

    def _below(self, node: Node, path: Path) -> list[tuple[Node, Path]]:
        if node.get("step") == "use":
            return nodes_in(node.get("arguments"), (path, "arguments"))
        children = _objects(node, path)
        if node.get("step") == "wt-cash-specified":
            self._weighted.update(id(child) for child, _ in children)
        if node.get("step") != "if":
            return children
        return [inner for child in children for inner in _objects(*child)]

    def _make(self, node: Node, path: Path) -> Block | None:
        parameter = parameter_in(node)
        if parameter is not None:
            for key in node.keys() - {"param", "weight"}:
                self._values.malformed((path, key), f"a parameter has no key {shown(key)}")
            return BlockParameter(parameter.name)
        step = node.get("step")
        handler = self._steps.get(step) if isinstance(step, str) else None
        if handler is None:
            self._values.unknown((path, "step"), step, self._steps)
            return None
        return handler(node, path)

    def _children(self, node: Node, path: Path) -> tuple[Block, ...]:
        return tuple(self.block(child) for child, _ in self._values.objects(node, "children", path))

    def _kept(self, node: Node, path: Path, *known: str) -> dict[str, Any]:
        weight = ("weight",) if id(node) in self._weighted else ()
        return self._values.kept(node, (*_COMMON, *known, *weight), path)

    def _asset(self, node: Node, path: Path) -> Block | None:
        symbol = self._values.ticker_of(node, path)
        name = self._values.text(node, "name", path)
        kept = self._kept(node, path, "ticker", "name")
        return None if symbol is None else Asset(symbol, name, attributes=kept)

    def _group(self, node: Node, path: Path) -> Block:
        name = self._values.text(node, "name", path, "") or ""
        kept = self._kept(node, path, "name")
        return Group(name, self._children(node, path), attributes=kept)

    def _weight_equal(self, node: Node, path: Path) -> Block:
        kept = self._kept(node, path)
        return WeightEqual(self._children(node, path), attributes=kept)

    def _weight_inverse_volatility(self, node: Node, path: Path) -> Block | None:
        window = self._values.window(node.get("window-days"), (path, "window-days"))
        children = self._children(node, path)
        kept = self._kept(node, path, "window-days")
        if window is None:
            return None
        return WeightInverseVolatility(window, children, attributes=kept)

    def _weight_specified(self, node: Node, path: Path) -> Block:
        children = self._values.objects(node, "children", path)
        shares = tuple(self._share(child, where) for child, where in children)
        bundles = tuple((self.block(child),) for child, _ in children)
        return WeightSpecified(shares, bundles, attributes=self._kept(node, path))

    def _share(self, node: Node, path: Path) -> Number:
        weight, where = node.get("weight"), (path, "weight")
        parameter = parameter_in(weight)
        if parameter is not None:
            return parameter
        if not isinstance(weight, dict):
            what = f"{described(weight)} stands where the weight of a block is needed"
            self._values.malformed(where, what, hint='"weight": {"num": 60, "den": 100}')
            return 1.0
        part = self._values.number(weight.get("num"), (where, "num"))
        whole = self._values.number(weight.get("den", 100), (where, "den"))
        if isinstance(part, Parameter) or isinstance(whole, Parameter):
            hint = '"weight": {"param": "name"}'
            self._values.malformed(where, "a parameter is half of a weight", hint=hint)
        elif whole is not None and whole <= 0:
            self._values.malformed((where, "den"), "the den of a weight is not above 0")
        elif part is not None and whole is not None:
            return part / whole
        return 1.0

    def _if(self, node: Node, path: Path) -> Block | None:
        tests: list[tuple[Node, Path]] = []
        elses: list[tuple[Node, Path]] = []
        for child, where in self._values.objects(node, "children", path):
            if child.get("step") != "if-child":
                self._values.unknown((where, "step"), child.get("step"), ("if-child",))
            is_else = child.get("is-else-condition?") in (True, "true")
            (elses if is_else else tests).append((child, where))
        if len(tests) != 1 or len(elses) > 1:
            what = f"an if has {len(tests)} conditions and {len(elses)} else branches"
            self._values.malformed(path, what, "it has one condition and at most one else branch")
            return None
        condition = self._conditions.condition(*tests[0]) or _UNREAD_CONDITION
        kept = self._kept(node, path)
        for key, branch in ((THEN, tests), (ELSE, elses)):
            carried = self._values.kept(branch[0][0], _IF_CHILD_KEYS, branch[0][1]) if branch else 0
            if carried:
                kept[key] = carried
        then = self._children(*tests[0])
        otherwise = self._children(*elses[0]) if elses else ()
        return If(condition, then, otherwise, attributes=kept)

    def _filter(self, node: Node, path: Path) -> Block | None:
        measure = self._conditions.measure(node, "sort-by", path)
        count = self._values.window(node.get("select-n"), (path, "select-n"))
        name = node.get("select-fn")
        ends = {end.value: end for end in Select}
        select = ends.get(name) if isinstance(name, str) else None
        if select is None:
            self._values.unknown((path, "select-fn"), name, ends)
        children = self._children(node, path)
        keys = ("sort-by-fn", "sort-by-fn-params", "sort-by-window-days", "select-fn", "select-n")
        kept = self._kept(node, path, *keys)
        if measure is None or count is None or select is None:
            return None
        return Filter(measure, select, count, children, attributes=kept)

    def _use(self, node: Node, path: Path) -> Block | None:
        definition = self._values.text(node, "definition", path)
        arguments = node.get("arguments", {})
        if definition is None or not isinstance(arguments, dict):
            self._values.malformed(path, "use takes a definition and an object of arguments")
            return None
        self._values.check_names(arguments, (path, "arguments"))
        values = {
            kebab_case(key): self.parameter_value(value, ((path, "arguments"), key))
            for key, value in arguments.items()
        }
        kept = self._kept(node, path, "definition", "arguments", "as")
        name = self._values.text(node, "as", path)
        return Use(kebab_case(definition), values, name, attributes=kept)


def _objects(node: Node, path: Path) -> list[tuple[Node, Path]]:
    children = node.get("children")
    if not isinstance(children, list):
        return []
    where = (path, "children")
    return [(c, (where, i)) for i, c in enumerate(children) if isinstance(c, dict)]


def nodes_in(table: object, path: Path) -> list[tuple[Node, Path]]:
    """The objects among the values of an object, with their paths."""
    if not isinstance(table, dict):
        return []
    return [(value, (path, key)) for key, value in table.items() if isinstance(value, dict)]
