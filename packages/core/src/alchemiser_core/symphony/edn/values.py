"""What stands inside EDN brackets besides blocks: maps, numbers, tickers, lists of blocks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from returns.result import Success

from alchemiser_core.domain.measure import Parameter, Window
from alchemiser_core.domain.symbol import Symbol, parse_symbol
from alchemiser_core.symphony.ast import Asset, Block, BlockParameter, Ticker
from alchemiser_core.symphony.edn.reader import BROKEN, Form, Keyword, Name
from alchemiser_core.symphony.errors import MalformedBlock, shown
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.parameters.names import kebab_case

Value = TypeVar("Value")
Entry = tuple[object, int]
"""A value and its offset."""


def described(value: object) -> str:
    """What a value is, for a message."""
    match value:
        case None:
            return "nil"
        case Block():
            return "a block"
        case Form():
            return "a map" if value.kind == "{" else "a vector"
        case Parameter():
            return f"#param {value.name}"
        case Keyword():
            return shown(f":{value}")
        case Name():
            return f"the name {shown(value)}"
        case str() | bool() | int() | float():
            return shown(value)
        case _:
            return f"a {type(value).__name__.lower()}"


_UNREAD = Asset(Symbol("UNREAD"))
"""Stands for a block that has been reported, so that what is around it is checked all the same."""


class EdnValues:
    """Takes values out of forms; what is wrong with one is noted with its place."""

    def __init__(self, findings: Findings, place: Callable[[int], str]) -> None:
        self.findings = findings
        self.place = place
        self._symbols: dict[str, Symbol | None] = {}

    def malformed(self, offset: int, what: str, why: str = "", hint: str = "") -> None:
        """Note a fault at an offset."""
        if self.findings.full:
            return
        self.findings.add(MalformedBlock(what, self.place(offset), why, hint))

    def entries(self, form: Form) -> dict[str, Entry]:
        """A map by its keys, keywords or strings, in the order of the text."""
        items, offsets = form.items, form.offsets
        found: dict[str, Entry] = {}
        if len(items) % 2:
            self.malformed(form.start, "a key in this map has no value")
        for i in range(0, len(items) - 1, 2):
            key = items[i]
            if not isinstance(key, str) or isinstance(key, Name):
                if key is not BROKEN:
                    self.malformed(offsets[i], f"{described(key)} is no key", "keys are keywords")
            elif str(key) in found:
                self.malformed(offsets[i], f"{described(key)} stands twice in this map")
            else:
                found[str(key)] = (items[i + 1], offsets[i + 1])
        return found

    def named(
        self, entries: Mapping[str, Entry], made: Callable[[object, int], Value]
    ) -> dict[str, Value]:
        """Parameters, arguments or definitions by their names in one spelling."""
        found: dict[str, Value] = {}
        for key, entry in entries.items():
            name = kebab_case(key)
            if name in found:
                self.malformed(entry[1], f"{shown(name)} stands twice in this map")
            found[name] = made(*entry)
        return found

    def window(self, value: object, offset: int, what: str) -> Window | None:
        """A whole number or a parameter; `None` after a fault."""
        if isinstance(value, Parameter) or (type(value) is int):
            return value
        if type(value) is float and value.is_integer():
            return int(value)
        if value is not BROKEN:
            self.malformed(offset, f"{what} is {described(value)}", "a whole number is needed")
        return None

    def ticker(self, value: object, offset: int) -> Ticker | None:
        """A symbol in canonical spelling or a parameter; `None` after a fault."""
        if isinstance(value, Parameter):
            return value
        if type(value) is not str:
            if value is not BROKEN:
                what = f"{described(value)} stands where a ticker is needed"
                self.malformed(offset, what, hint='write it like "SPY"')
            return None
        if value not in self._symbols:
            parsed = parse_symbol(value)
            self._symbols[value] = parsed.unwrap() if isinstance(parsed, Success) else None
        symbol = self._symbols[value]
        if symbol is None:
            what = f"{shown(value)} is not a ticker symbol"
            self.malformed(offset, what, "letters and digits, with a share class after . / or -")
        return symbol

    def blocks(self, items: list[object], offsets: list[int]) -> tuple[Block, ...]:
        """Blocks and vectors of blocks, flattened in text order."""
        found: list[Block] = []
        for value, offset in _flattened(items, offsets):
            if self.findings.full:
                break
            if isinstance(value, Block):
                found.append(value)
            elif isinstance(value, Parameter):
                found.append(BlockParameter(value.name))
            else:
                if value is not BROKEN:
                    self.malformed(offset, f"{described(value)} stands where a block is needed")
                found.append(_UNREAD)
        return tuple(found)

    def attribute(self, value: object, offset: int) -> Any:
        """An attribute as tuples, mappings and plain values; blocks cannot stand in one."""
        if not isinstance(value, Form):
            return self._plain(value, offset)
        forms: list[Form] = []
        stack = [value]
        while stack:
            form = stack.pop()
            forms.append(form)
            stack.extend(item for item in form.items if isinstance(item, Form))
        done: dict[int, Any] = {}
        for form in reversed(forms):
            done[id(form)] = self._collection(form, done)
        return done[id(value)]

    def attributes(self, form: Form) -> dict[str, Any]:
        """A map whose keys have no meaning here."""
        return {key: self.attribute(*entry) for key, entry in self.entries(form).items()}

    def _collection(self, form: Form, done: Mapping[int, Any]) -> Any:
        def value_of(item: object, offset: int) -> Any:
            return done[id(item)] if isinstance(item, Form) else self._plain(item, offset)

        if form.kind == "{":
            return {key: value_of(*entry) for key, entry in self.entries(form).items()}
        return tuple(value_of(*entry) for entry in zip(form.items, form.offsets, strict=True))

    def _plain(self, value: object, offset: int) -> Any:
        if value is None or (isinstance(value, bool | int | float | str)):
            return value
        if value is not BROKEN:
            self.malformed(offset, f"{described(value)} cannot stand in an attribute")
        return None


def _flattened(items: list[object], offsets: list[int]) -> Iterator[Entry]:
    stack = [(zip(items, offsets, strict=True))]
    while stack:
        for value, offset in stack[-1]:
            if isinstance(value, Form) and value.kind == "[":
                stack.append(zip(value.items, value.offsets, strict=True))
                break
            yield value, offset
        else:
            stack.pop()
