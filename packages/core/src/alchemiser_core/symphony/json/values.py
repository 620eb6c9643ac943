"""What stands inside JSON objects besides blocks: numbers, tickers, parameters, kept keys."""

import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from returns.result import Success

from alchemiser_core.domain.measure import Parameter, Window
from alchemiser_core.domain.suggestion import nearest
from alchemiser_core.domain.symbol import Symbol, parse_symbol
from alchemiser_core.symphony.ast import Number, Ticker
from alchemiser_core.symphony.edn.reader import LONGEST_NUMBER
from alchemiser_core.symphony.errors import MalformedBlock, UnknownOperator, shown
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.notation import SILENT_ATTRIBUTES
from alchemiser_core.symphony.parameters.names import kebab_case

Node = Mapping[str, Any]
"""A JSON object."""

Path = tuple[Any, str | int] | None
"""A key or index behind the path of what it stands in; `None` is the document."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_VENUE = re.compile(r"EQUITIES::(.*)//USD", re.DOTALL)
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_?-]*")
_LONGEST_MISSPELT = 12
"""Characters of a key that may be meant as `ticker`."""
_MOST_LIKENED = 40
"""Keys of one object that are compared with `ticker`."""
MOST_STEPS = 40
"""Keys and indices of a path that are shown; the middle of a longer one is left out."""


def path_text(path: Path) -> str:
    """`$.children[0].lhs-fn`."""
    steps: list[str] = []
    while path is not None:
        path, step = path
        if isinstance(step, int):
            steps.append(f"[{step}]")
        else:
            steps.append(f".{step}" if _PLAIN_KEY.fullmatch(step) else f"[{shown(step)}]")
    steps.append("$")
    steps.reverse()
    if len(steps) > MOST_STEPS:
        left_out = len(steps) - MOST_STEPS
        steps[MOST_STEPS // 2 : -MOST_STEPS // 2] = [f"…({left_out} steps)…"]
    return "".join(steps)


def described(value: object) -> str:
    """What a value is, for a message."""
    match value:
        case None:
            return "null"
        case Mapping():
            return "an object"
        case list():
            return "an array"
        case bool():
            return "true" if value else "false"
        case _:
            return shown(value)


def parameter_in(value: object) -> Parameter | None:
    """The parameter that `{"param": "name"}` stands for."""
    if isinstance(value, dict) and "step" not in value and isinstance(value.get("param"), str):
        return Parameter(kebab_case(value["param"]))
    return None


class JsonValues:
    """Takes values out of objects; what is wrong with one is noted with its path."""

    def __init__(self, findings: Findings, origin: str) -> None:
        self.findings = findings
        self._prefix = f"{origin}: " if origin else ""
        self._symbols: dict[str, Symbol | None] = {}

    def place(self, path: Path) -> str:
        """A path as text, with the file's name."""
        return self._prefix + path_text(path)

    def malformed(self, path: Path, what: str, why: str = "", hint: str = "") -> None:
        """Note a fault at a path."""
        if self.findings.full:
            return
        self.findings.add(MalformedBlock(what, self.place(path), why, hint))

    def unknown(self, path: Path, name: object, known: Collection[str]) -> None:
        """Note a name that the notation does not have."""
        written = name if isinstance(name, str) else described(name)
        self.findings.add(UnknownOperator(written, self.place(path), tuple(known)))

    def number(self, value: object, path: Path) -> Number | None:
        """A number, a numeric string or a parameter; `None` after a fault."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str) and len(value) <= LONGEST_NUMBER:
            text = value.strip()
            if _NUMBER.fullmatch(text) and abs(float(text)) < float("inf"):
                return float(text)
        parameter = parameter_in(value)
        if parameter is None:
            self.malformed(path, f"{described(value)} stands where a number is needed")
        return parameter

    def window(self, value: object, path: Path) -> Window | None:
        """A whole number, as a number or a string, or a parameter; `None` after a fault."""
        number = self.number(value, path)
        if number is None or isinstance(number, Parameter):
            return number
        if number.is_integer():
            return int(number)
        self.malformed(path, f"{described(value)} stands where a whole number is needed")
        return None

    def ticker(self, value: object, path: Path) -> Ticker | None:
        """A symbol in canonical spelling or a parameter; `None` after a fault."""
        if isinstance(value, str):
            if value not in self._symbols:
                venue = _VENUE.fullmatch(value)
                parsed = parse_symbol(venue[1] if venue else value)
                self._symbols[value] = parsed.unwrap() if isinstance(parsed, Success) else None
            symbol = self._symbols[value]
            if symbol is not None:
                return symbol
        parameter = parameter_in(value)
        if parameter is None:
            self.malformed(path, f"{described(value)} is not a ticker symbol")
        return parameter

    def ticker_of(self, node: Node, path: Path) -> Ticker | None:
        """The symbol under the key `ticker`; `None` after a fault, such as a key left out."""
        if "ticker" in node:
            return self.ticker(node["ticker"], (path, "ticker"))
        if self.findings.full:
            return None
        short = [key for key in node if len(key) <= _LONGEST_MISSPELT]
        alike = nearest("ticker", short[:_MOST_LIKENED])
        why = f"there is a key {shown(alike)}" if alike else ""
        hint = 'an asset is {"step": "asset", "ticker": "SPY"}'
        self.malformed((path, "ticker"), 'the key "ticker" is missing', why, hint)
        return None

    def text(self, node: Node, key: str, path: Path, default: str | None = None) -> str | None:
        """A string under a key; the default where it is missing or null."""
        value = node.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.malformed((path, key), f"{described(value)} stands where a text is needed")
            return default
        return value

    def check_names(self, table: Node, path: Path) -> None:
        """Note names that are the same one in two spellings."""
        names: set[str] = set()
        for name in map(kebab_case, table):
            if name in names:
                self.malformed(path, f"{shown(name)} stands twice in this object")
            names.add(name)

    def objects(self, node: Node, key: str, path: Path) -> list[tuple[Node, Path]]:
        """The objects of an array under a key, with their paths; none where it is missing."""
        value = node.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.malformed((path, key), f"{described(value)} stands where an array is needed")
            return []
        found: list[tuple[Node, Path]] = []
        for i, item in enumerate(value):
            if self.findings.full:
                break
            if isinstance(item, dict):
                found.append((item, ((path, key), i)))
            else:
                what = f"{described(item)} stands where a block is needed"
                self.malformed(((path, key), i), what)
        return found

    def kept(self, node: Node, known: Collection[str], path: Path) -> dict[str, Any]:
        """The keys without a meaning here, with frozen values; unknown ones are warned about."""
        kept = {key: frozen_value(node[key]) for key in node if key not in known}
        for key in kept:
            if key not in SILENT_ATTRIBUTES:
                what = f"key {shown(key)} has no meaning here; it is kept"
                where = partial(self.place, (path, key))
                self.findings.odd("unknown-attribute", what, where)
        return kept


def frozen_value(value: Any) -> Any:
    """A JSON value with tuples for arrays."""
    if not isinstance(value, list | dict):
        return value
    collections: list[Any] = []
    stack = [value]
    while stack:
        collection = stack.pop()
        collections.append(collection)
        inner = collection.values() if isinstance(collection, dict) else collection
        stack.extend(item for item in inner if isinstance(item, list | dict))
    done: dict[int, Any] = {}
    for collection in reversed(collections):
        if isinstance(collection, dict):
            items = collection.items()
            done[id(collection)] = {key: done.get(id(item), item) for key, item in items}
        else:
            done[id(collection)] = tuple(done.get(id(item), item) for item in collection)
    return done[id(value)]
