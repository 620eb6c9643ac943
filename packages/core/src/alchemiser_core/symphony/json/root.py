"""JSON text made a symphony: the object whose step is `root`, wherever it stands."""

from collections.abc import Mapping
from typing import Any

from alchemiser_core.domain.measure import Parameter
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.symphony.ast import ParameterValue, Symphony
from alchemiser_core.symphony.edn.reader import line_and_column
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.json.blocks import JsonBlocks, nodes_in
from alchemiser_core.symphony.json.text import JsonReader
from alchemiser_core.symphony.json.values import JsonValues, Node, Path, described
from alchemiser_core.symphony.limits import Limits
from alchemiser_core.symphony.parameters.names import kebab_case

_THRESHOLDS = ("rebalance-corridor-width", "rebalance-threshold")
_FREQUENCIES = ("rebalance", "rebalance-frequency")
_KNOWN = ("step", "name", "children", "parameters", "definitions", *_THRESHOLDS, *_FREQUENCIES)


class JsonSymphonies:
    """Reads one JSON text."""

    def __init__(self, text: str, origin: str, findings: Findings, limits: Limits) -> None:
        prefix = f"{origin}:" if origin else ""

        def place(offset: int) -> str:
            return prefix + line_and_column(text, offset)

        self._findings = findings
        self._values = JsonValues(findings, origin)
        self._blocks = JsonBlocks(self._values, limits)
        self._reader = JsonReader(text, findings, place, limits.brackets)
        self._root_path: Path = None
        self._root: Symphony | None = None

    def read(self) -> Symphony | None:
        """The symphony; `None` where nothing is left to check after what was found wrong."""
        document = self._reader.read()
        if self._findings.errors:
            return None
        found = steps_in(document)
        roots = [entry for entry in found if entry[0]["step"] == "root"]
        if len(roots) > 1:
            at = " and ".join(self._values.place(path) for _, path in roots[:3])
            self._values.malformed(None, f"{len(roots)} symphonies stand in this text: {at}")
        elif roots:
            self._root = self._symphony(*roots[0])
        elif len(found) == 1:
            self._blocks.make_all(found)
            self._root = Symphony("", (self._blocks.block(found[0][0]),))
        else:
            what = "there is no symphony in this text"
            self._values.malformed(None, what, 'an object with "step": "root" is needed')
        self._findings.errors.reverse()
        return self._root

    def where(self, value: object) -> str | None:
        """Path of a block of the tree."""
        if value is self._root:
            return self._values.place(self._root_path)
        if id(value) not in self._blocks.places:
            return None
        return self._values.place(self._blocks.places[id(value)])

    def _symphony(self, node: Node, path: Path) -> Symphony:
        self._root_path = path
        tables = {key: self._table(node, key, path) for key in ("parameters", "definitions")}
        roots = self._values.objects(node, "children", path)
        inner = [entry for key in tables for entry in nodes_in(node.get(key), (path, key))]
        self._blocks.make_all([*roots, *inner])
        where = (path, "parameters")
        return Symphony(
            self._values.text(node, "name", path, "") or "",
            tuple(self._blocks.block(child) for child, _ in roots),
            RebalancePolicy(self._frequency(node, path), self._threshold(node, path)),
            self._named(tables["parameters"], where),
            {k: self._blocks.block(v) for k, v in self._definitions(tables, path).items()},
            self._values.kept(node, _KNOWN, path),
        )

    def _table(self, node: Node, key: str, path: Path) -> Mapping[str, Any]:
        value = node.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._values.malformed((path, key), f"{described(value)} is no object of {key}")
            return {}
        self._values.check_names(value, (path, key))
        return value

    def _named(self, table: Mapping[str, Any], path: Path) -> dict[str, ParameterValue]:
        return {
            kebab_case(name): self._blocks.parameter_value(value, (path, name))
            for name, value in table.items()
        }

    def _definitions(self, tables: Mapping[str, Mapping[str, Any]], path: Path) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for name, value in tables["definitions"].items():
            if isinstance(value, dict):
                found[kebab_case(name)] = value
            else:
                where = ((path, "definitions"), name)
                self._values.malformed(where, f"{described(value)} is no block")
        return found

    def _frequency(self, node: Node, path: Path) -> Frequency:
        known = {frequency.value: frequency for frequency in Frequency}
        for key in _FREQUENCIES:
            value = node.get(key)
            if value is None:
                continue
            if isinstance(value, str) and value in known:
                return known[value]
            what = f"{described(value)} is no rebalance frequency"
            self._values.malformed((path, key), what, f"it is one of {', '.join(known)}")
        return Frequency.DAILY

    def _threshold(self, node: Node, path: Path) -> float | None:
        found: set[float] = set()
        for key in _THRESHOLDS:
            if node.get(key) is None:
                continue
            number = self._values.number(node[key], (path, key))
            if isinstance(number, Parameter):
                self._values.malformed((path, key), "a threshold cannot be a parameter")
            elif number is not None:
                found.add(number)
        if len(found) > 1:
            self._values.malformed(path, "two different rebalance thresholds are given")
        return max(found, default=None)


def steps_in(document: object) -> list[tuple[Node, Path]]:
    """Roots anywhere in a document; without one, the outermost objects that have a step."""
    roots: list[tuple[Node, Path]] = []
    outermost: list[tuple[Node, Path]] = []
    stack: list[tuple[object, Path, bool]] = [(document, None, False)]
    while stack:
        value, path, inside = stack.pop()
        if isinstance(value, dict):
            if value.get("step") == "root":
                roots.append((value, path))
                continue
            if isinstance(value.get("step"), str) and not inside:
                outermost.append((value, path))
                inside = True
            stack.extend((v, (path, k), inside) for k, v in reversed(value.items()))
        elif isinstance(value, list):
            entries = reversed(list(enumerate(value)))
            stack.extend((item, (path, i), inside) for i, item in entries)
    return roots or outermost
