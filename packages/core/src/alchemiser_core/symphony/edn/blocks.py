"""EDN lists made blocks: each complete `(operator …)` becomes one node of the tree."""

from collections.abc import Callable
from functools import partial
from typing import Any

from alchemiser_core.domain.measure import Measure, Parameter
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Comparator,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Number,
    ParameterValue,
    Use,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)
from alchemiser_core.symphony.edn.measures import EdnMeasures, Selection
from alchemiser_core.symphony.edn.reader import BROKEN, Form, Keyword, Name
from alchemiser_core.symphony.edn.values import EdnValues, described
from alchemiser_core.symphony.errors import LimitExceeded, UnknownOperator, shown
from alchemiser_core.symphony.limits import Limits
from alchemiser_core.symphony.notation import SILENT_ATTRIBUTES
from alchemiser_core.symphony.parameters.names import kebab_case

_UNREAD = Condition(Comparator.EQUAL, Constant(0.0), Constant(0.0))
"""Stands for a condition that has been reported, so that the branches are checked all the same."""


class EdnBlocks:
    """Makes blocks of complete lists; vectors and maps stay forms until a list takes them."""

    def __init__(self, values: EdnValues, root: Callable[[Form], object], limits: Limits) -> None:
        self._values = values
        self._limits = limits
        self._blocks = 0
        self.places: dict[int, tuple[object, int]] = {}
        """Each block, condition and operand with its offset, by its `id`, which is kept taken."""
        self._handlers: dict[str, Callable[[Form], object]] = {
            "asset": self._asset,
            "weight-equal": self._weight_equal,
            "weight-specified": self._weight_specified,
            "weight-inverse-volatility": self._weight_inverse_volatility,
            "group": self._group,
            "if": self._if,
            "filter": self._filter,
            "use": self._use,
            "defsymphony": root,
        } | EdnMeasures(values).handlers

    def close(self, form: Form) -> object:
        """What a complete bracket stands for."""
        if form.kind != "(":
            return form
        operator = form.items[0] if form.items else None
        if not isinstance(operator, Name):
            if operator is not BROKEN:
                what = f"{described(operator)} is no operator" if form.items else "() is empty"
                self._values.malformed(form.start, what, "a list begins with an operator")
            return BROKEN
        handler = self._handlers.get(operator)
        if handler is None:
            place = self._values.place(form.start)
            self._values.findings.add(UnknownOperator(operator, place, tuple(self._handlers)))
            return BROKEN
        made = handler(form)
        self.places[id(made)] = (made, form.start)
        return made

    def _kept(self, form: Form) -> dict[str, Any]:
        """Takes the attributes off the end of a list: a map there has no meaning of its own."""
        self._blocks += 1
        if self._blocks > self._limits.nodes:
            place = self._values.place(form.start)
            self._values.findings.stop(LimitExceeded("blocks", self._limits.nodes, place))
        last = form.items[-1]
        if not isinstance(last, Form) or last.kind != "{":
            return {}
        form.items.pop()
        form.offsets.pop()
        kept = self._values.attributes(last)
        for key in kept:
            if key not in SILENT_ATTRIBUTES:
                what = f"attribute {shown(key)} of a block has no meaning here; it is kept"
                where = partial(self._values.place, last.start)
                self._values.findings.odd("unknown-attribute", what, where)
        return kept

    def _asset(self, form: Form) -> object:
        kept = self._kept(form)
        items = form.items
        if not 2 <= len(items) <= 3:
            self._values.malformed(form.start, "asset takes a ticker and a display name or nil")
            return BROKEN
        symbol = self._values.ticker(items[1], form.offsets[1])
        name = items[2] if len(items) == 3 else None
        if name is not None and type(name) is not str:
            if name is not BROKEN:
                what = f"{described(name)} is no display name"
                self._values.malformed(form.offsets[2], what, "a string or nil is needed")
            return BROKEN
        return BROKEN if symbol is None else Asset(symbol, name, attributes=kept)

    def _children(self, form: Form, first: int) -> tuple[Block, ...]:
        return self._values.blocks(form.items[first:], form.offsets[first:])

    def _weight_equal(self, form: Form) -> object:
        kept = self._kept(form)
        return WeightEqual(self._children(form, 1), attributes=kept)

    def _weight_inverse_volatility(self, form: Form) -> object:
        kept = self._kept(form)
        if len(form.items) < 2:
            self._values.malformed(form.start, "weight-inverse-volatility lacks its window")
            return BROKEN
        what = "the window of weight-inverse-volatility"
        window = self._values.window(form.items[1], form.offsets[1], what)
        children = self._children(form, 2)
        return (
            BROKEN if window is None else WeightInverseVolatility(window, children, attributes=kept)
        )

    def _group(self, form: Form) -> object:
        kept = self._kept(form)
        name = form.items[1] if len(form.items) > 1 else None
        if type(name) is not str:
            if name is not BROKEN:
                self._values.malformed(form.start, "group lacks its name", hint='(group "x" […])')
            return BROKEN
        return Group(name, self._children(form, 2), attributes=kept)

    def _weight_specified(self, form: Form) -> object:
        kept = self._kept(form)
        items, offsets = form.items, form.offsets
        shares: list[Number] = []
        bundles: list[tuple[Block, ...]] = []
        for i in range(1, len(items), 2):
            shares.append(self._share(items[i], offsets[i]))
            bundles.append(self._values.blocks(items[i + 1 : i + 2], offsets[i + 1 : i + 2]))
            if self._values.findings.full:
                break
        return WeightSpecified(tuple(shares), tuple(bundles), attributes=kept)

    def _share(self, value: object, offset: int) -> Number:
        if isinstance(value, Parameter):
            return value
        if type(value) is int or type(value) is float:
            return float(value)
        if value is not BROKEN:
            what = f"{described(value)} stands where a share is needed"
            hint = "0.6 BLOCK 0.4 BLOCK; blocks that have one share together stand in a vector"
            self._values.malformed(offset, what, hint=hint)
        return 1.0

    def _if(self, form: Form) -> object:
        kept = self._kept(form)
        items, offsets = form.items, form.offsets
        if len(items) not in (3, 4):
            what = f"if takes a condition and one or two branches, {len(items) - 1} stand here"
            self._values.malformed(form.start, what, hint="(if CONDITION [THEN…] [ELSE…])")
            return BROKEN
        condition = items[1]
        then = self._values.blocks(items[2:3], offsets[2:3])
        otherwise = self._values.blocks(items[3:4], offsets[3:4])
        if not isinstance(condition, Condition):
            if condition is not BROKEN:
                what = f"{described(condition)} is no condition"
                self._values.malformed(offsets[1], what, "it is one of > < >= <= = with two sides")
            condition = _UNREAD
        return If(condition, then, otherwise, attributes=kept)

    def _filter(self, form: Form) -> object:
        kept = self._kept(form)
        items, offsets = form.items, form.offsets
        if len(items) < 4:
            hint = "(filter (rsi {:window 10}) (select-top 1) [BLOCKS…])"
            self._values.malformed(form.start, "filter lacks some of its parts", hint=hint)
            return BROKEN
        children = self._children(form, 3)
        measure, selection = items[1], items[2]
        if isinstance(measure, Measure) and isinstance(selection, Selection):
            return Filter(measure, selection.select, selection.count, children, attributes=kept)
        if not isinstance(measure, Measure) and measure is not BROKEN:
            what = f"{described(measure)} cannot rank the blocks of a filter"
            self._values.malformed(offsets[1], what, "an indicator without a symbol is needed")
        if not isinstance(selection, Selection) and selection is not BROKEN:
            what = f"{described(selection)} is no selection"
            self._values.malformed(offsets[2], what, hint="(select-top 1) or (select-bottom 1)")
        return BROKEN

    def _use(self, form: Form) -> object:
        items, offsets = form.items, form.offsets
        kept = self._kept(form) if len(items) != 3 else {}
        if not 2 <= len(items) <= 3 or not isinstance(items[1], Keyword):
            hint = "(use :definition {:parameter value})"
            self._values.malformed(form.start, "use takes a definition and a map", hint=hint)
            return BROKEN
        found = items[2] if len(items) == 3 else Form("{", form.start)
        if not isinstance(found, Form) or found.kind != "{":
            self._values.malformed(offsets[2], f"{described(found)} is no map of parameters")
            return BROKEN
        entries = self._values.entries(found)
        name = entries.pop("as", (None, 0))[0]
        arguments = self._values.named(entries, self.parameter_value)
        used_as = None if name is None else str(name)
        return Use(kebab_case(items[1]), arguments, used_as, attributes=kept)

    def parameter_value(self, value: object, offset: int) -> ParameterValue:
        """A number, a ticker, a vector of tickers, a block or nil."""
        if value is None or isinstance(value, Block):
            return value
        if type(value) is int or type(value) is float:
            return float(value)
        if isinstance(value, Form) and value.kind == "[":
            return self._vector(value)
        if isinstance(value, Parameter):
            return self._values.blocks([value], [offset])[0]
        return self._values.ticker(value, offset)  # type: ignore[return-value]

    def _vector(self, form: Form) -> ParameterValue:
        """A vector of tickers, or of a single block."""
        if any(isinstance(item, Block | Parameter | Form) for item in form.items):
            children = self._values.blocks(form.items, form.offsets)
            if len(children) != 1:
                what = f"{len(children)} blocks stand where one is needed"
                hint = "put them in a weight-equal or a group"
                self._values.malformed(form.start, what, hint=hint)
            return children[0] if children else ()
        entries = zip(form.items, form.offsets, strict=True)
        return tuple(s for s in (self._values.ticker(*e) for e in entries) if isinstance(s, str))
