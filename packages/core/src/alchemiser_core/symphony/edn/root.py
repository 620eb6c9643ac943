"""EDN text made a symphony: `defsymphony` with its attributes, or a bare body."""

from collections.abc import Callable
from functools import partial
from typing import Any

from attrs import evolve

from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.symphony.ast import Block, Symphony
from alchemiser_core.symphony.edn.blocks import EdnBlocks
from alchemiser_core.symphony.edn.reader import BROKEN, EdnReader, Form, line_and_column
from alchemiser_core.symphony.edn.values import EdnValues, Entry, Value, described
from alchemiser_core.symphony.errors import shown
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.limits import Limits
from alchemiser_core.symphony.notation import SILENT_ATTRIBUTES

Places = Callable[[object], str | None]
"""Where a block, condition or operand stands in the text, if that is known."""

_THRESHOLDS = ("rebalance-threshold", "rebalance-corridor-width")


class EdnSymphonies:
    """Reads one EDN text."""

    def __init__(self, text: str, origin: str, findings: Findings, limits: Limits) -> None:
        prefix = f"{origin}:" if origin else ""

        def place(offset: int) -> str:
            return prefix + line_and_column(text, offset)

        self._place = place
        self._findings = findings
        self._values = EdnValues(findings, self._place)
        self._blocks = EdnBlocks(self._values, self._root, limits)
        self._reader = EdnReader(text, findings, self._place, limits.brackets)

    def read(self) -> Symphony | None:
        """The symphony; `None` where nothing is left to check after what was found wrong."""
        top = self._reader.read(self._blocks.close)
        if top is None:
            return None
        roots = [i for i, item in enumerate(top.items) if isinstance(item, Symphony)]
        if not roots:
            bare = Symphony("", self._values.blocks(top.items, top.offsets))
            self._blocks.places[id(bare)] = (bare, 0)
            return bare
        if len(top.items) > 1:
            offset = top.offsets[1 if roots[0] == 0 else 0]
            self._values.malformed(offset, "something stands beside the defsymphony")
        root = top.items[roots[0]]
        return root if isinstance(root, Symphony) else None

    def where(self, value: object) -> str | None:
        """Where a block, condition or operand of the tree stands."""
        found = self._blocks.places.get(id(value))
        return None if found is None else self._place(found[1])

    def _root(self, form: Form) -> object:
        items, offsets = form.items, form.offsets
        if len(items) < 2 or type(items[1]) is not str:
            hint = '(defsymphony "name" {…} BODY)'
            self._values.malformed(form.start, "defsymphony lacks its name", hint=hint)
            return BROKEN
        first = items[2] if len(items) > 2 else None
        has_attributes = isinstance(first, Form) and first.kind == "{"
        body_from = 3 if has_attributes else 2
        body = self._values.blocks(items[body_from:], offsets[body_from:])
        if any(isinstance(block, Symphony) for block in body):
            self._values.malformed(form.start, "a defsymphony stands inside another")
            return BROKEN
        symphony = Symphony(items[1], body)
        if not has_attributes or not isinstance(first, Form):
            return symphony
        return self._with_attributes(symphony, self._values.entries(first))

    def _with_attributes(self, symphony: Symphony, entries: dict[str, Entry]) -> Symphony:
        policy = RebalancePolicy(self._frequency(entries), self._threshold(entries))
        parameters = self._table(entries, "parameters", self._blocks.parameter_value)
        definitions = self._table(entries, "definitions", self._definition)
        return evolve(
            symphony,
            policy=policy,
            parameters=parameters,
            definitions=definitions,
            attributes=self._kept(entries),
        )

    def _frequency(self, entries: dict[str, Entry]) -> Frequency:
        frequencies = tuple(frequency.value for frequency in Frequency)
        value, offset = entries.pop("rebalance-frequency", (None, 0))
        if value is None:
            return Frequency.DAILY
        if isinstance(value, str) and value in frequencies:
            return Frequency(str(value))
        if value is not BROKEN:
            known = ", ".join(f":{name}" for name in frequencies)
            what = f"{described(value)} is no rebalance frequency"
            self._values.malformed(offset, what, f"it is one of {known}")
        return Frequency.DAILY

    def _threshold(self, entries: dict[str, Entry]) -> float | None:
        found = [entries.pop(key) for key in _THRESHOLDS if key in entries]
        numbers = [float(v) for v, _ in found if type(v) is int or type(v) is float]
        for value, offset in found:
            if value is not None and type(value) not in (int, float) and value is not BROKEN:
                what = f"{described(value)} is no rebalance threshold"
                self._values.malformed(offset, what, "a fraction such as 0.05 is needed")
        if len(set(numbers)) > 1:
            self._values.malformed(found[1][1], "two different rebalance thresholds are given")
        return numbers[0] if numbers else None

    def _table(
        self,
        entries: dict[str, Entry],
        key: str,
        made: Callable[[object, int], Value],
    ) -> dict[str, Value]:
        value, offset = entries.pop(key, (None, 0))
        if value is None:
            return {}
        if not isinstance(value, Form) or value.kind != "{":
            self._values.malformed(offset, f"{described(value)} is no map of {key}")
            return {}
        return self._values.named(self._values.entries(value), made)

    def _definition(self, value: object, offset: int) -> Block:
        blocks = self._values.blocks([value], [offset])
        if len(blocks) == 1:
            return blocks[0]
        self._values.malformed(offset, f"a definition is one block, {len(blocks)} stand here")
        return Symphony("", blocks)

    def _kept(self, entries: dict[str, Entry]) -> dict[str, Any]:
        for key, (_, offset) in entries.items():
            if key not in SILENT_ATTRIBUTES:
                what = f"attribute {shown(key)} has no meaning here; it is kept"
                self._findings.odd("unknown-attribute", what, partial(self._place, offset))
        return {key: self._values.attribute(*entry) for key, entry in entries.items()}
