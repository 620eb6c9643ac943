"""The reference of all settings as a page of Markdown, made from the classes that define them."""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin

import attrs
from attrs import frozen

from alchemiser_core.config.capital import Capital
from alchemiser_core.config.checks import Check
from alchemiser_core.config.convert import is_table
from alchemiser_core.config.layers import PREFIX
from alchemiser_core.config.settings import Settings
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.schedule.slot import Slot
from alchemiser_core.domain.symbol import Symbol

_WORDS: dict[Any, str] = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    Decimal: "exact number",
    Usd: "US dollars",
    Symbol: "symbol",
    Capital: '"all", US dollars or a percentage',
    Slot: "time of a session",
    Any: "any value",
}


@frozen
class SettingInfo:
    """What is known of one setting."""

    path: str
    kind: str
    """Its type, in words."""
    default: str
    rule: str
    doc: str
    variable: str
    """The environment variable that sets it; empty where none can."""


def settings_of(kind: type[Any], prefix: str = "") -> Iterator[SettingInfo]:
    """Every setting of a class and of the classes inside it, in the order they are written."""
    attrs.resolve_types(kind)
    for attribute in attrs.fields(kind):
        path = f"{prefix}{attribute.name}"
        inner, suffix = _inside(attribute.type)
        if inner is None:
            yield _info(path, attribute)
        else:
            yield from settings_of(inner, f"{path}{suffix}.")


def _inside(kind: Any) -> tuple[type[Any] | None, str]:
    """The settings class that a type is made of, and how its path goes on."""
    if is_table(kind):
        return kind, ""
    arguments = get_args(kind)
    if get_origin(kind) is tuple and attrs.has(arguments[0]):
        return arguments[0], "[]"
    if len(arguments) == 2 and attrs.has(arguments[1]):
        return arguments[1], ".NAME"
    return None, ""


def _info(path: str, attribute: "attrs.Attribute[Any]") -> SettingInfo:
    check = attribute.validator
    listed = "[]" in path
    return SettingInfo(
        path=path,
        kind=_in_words(attribute.type),
        default=_default(attribute.default),
        rule=check.rule if isinstance(check, Check) else "",
        doc=attribute.metadata.get("doc", ""),
        variable="" if listed else PREFIX + path.upper().replace(".", "__"),
    )


def _in_words(kind: Any) -> str:
    arguments = [argument for argument in get_args(kind) if argument is not NoneType]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " · ".join(f"`{member.value}`" for member in kind)
    if get_origin(kind) in (tuple, frozenset):
        return f"list of {_in_words(arguments[0])}"
    if len(arguments) == 2:
        return f"table of {_in_words(arguments[1])} by {_in_words(arguments[0])}"
    return _WORDS[kind] if kind in _WORDS else _in_words(arguments[0])


def _default(value: Any) -> str:
    if value is attrs.NOTHING:
        return "required"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, attrs.Factory) or value in ((), frozenset()):  # type: ignore[arg-type]
        return "empty"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{value}`"


_INTRODUCTION = """# Settings

Everything that `alchemiser.toml` may hold. Each setting can also be given by the environment
variable beside it, which is stronger than the file; flags of a command are stronger than both.
`alchemiser config show` prints every value with the place it comes from. `alchemiser config check`
prints every problem of the settings at once; once they are sound, it looks up what they name -
strategies, symphony files, the feed - and prints every problem of those. A name that is not listed
here is an error.

Two tables are not listed here, as they belong to what is installed. The parameters of a strategy
that is a symphony are listed by `alchemiser symphony check NAME`, with the name of the strategy or
its file; those of other strategies and the settings of feeds, brokers and notifiers by `alchemiser
plugins`. Those that come with Alchemiser are explained in [what comes built in](built-in.md).

Numbers are exact: write `0.35` or `"0.35"`. In an environment variable a list is written with
commas (`SPY,BRK.B`), a name in a table follows another two underscores, and `NAME` stands for
the name of a strategy. The variable ALCHEMISER_CONFIG names another file than `alchemiser.toml`.
"""


def reference_page() -> str:
    """The page: a section for each table, a row for each setting."""
    sections: dict[str, list[SettingInfo]] = {}
    for setting in settings_of(Settings):
        sections.setdefault(setting.path.rpartition(".")[0], []).append(setting)
    return _INTRODUCTION + "".join(_section(t, rows) for t, rows in sections.items())


def _section(table: str, rows: list[SettingInfo]) -> str:
    header = f"[[{table[:-2]}]]" if table.endswith("[]") else f"[{table}]"
    title = f"`{header}`" if table else "At the top"
    lines = [f"\n## {title}\n", "| setting | value | default | meaning |", "|---|---|---|---|"]
    for row in rows:
        rule = f" It has to be {row.rule}." if row.rule else ""
        variable = f" `{row.variable}`" if row.variable else ""
        name = row.path.rpartition(".")[2]
        lines.append(f"| `{name}` | {row.kind} | {row.default} | {row.doc}{rule}{variable} |")
    return "\n".join(lines) + "\n"
