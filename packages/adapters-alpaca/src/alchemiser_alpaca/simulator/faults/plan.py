"""A plan of faults, as JSON: `[{"kind": "reset_after", "at": {"method": "POST"}}, ...]`."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.faults import (
    in_accounts,
    in_data,
    in_exchange,
    in_orders,
    in_streams,
    on_the_way,
    too_many,
)
from alchemiser_alpaca.simulator.faults.fault import Fault
from alchemiser_core.config import Origin, OriginKind, file_layer
from alchemiser_core.config.configuration import structured
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import did_you_mean

_MODULES = (in_accounts, in_data, in_exchange, in_orders, in_streams, on_the_way, too_many)
KINDS: Mapping[str, type[Fault]] = {
    made.kind: made
    for module in _MODULES
    for made in vars(module).values()
    if isinstance(made, type) and issubclass(made, Fault) and hasattr(made, "kind")
}
"""Every kind of fault, by its name."""


@frozen
class BadPlan:
    """A plan that cannot be followed, with everything that is wrong with it."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Each names the fault by its place in the plan."""
        return self.found


def read_plan(text: str | bytes) -> Result[tuple[Fault, ...], BadPlan]:
    """The faults of a plan in JSON: a list of tables, or one table."""
    try:
        content = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        return Failure(_bad("the plan is no JSON", str(error)))
    rows = [content] if isinstance(content, dict) else content
    if not isinstance(rows, list):
        return Failure(_bad("the plan is no list", "each fault is a table in a list"))
    return faults_of(rows)


def read_plan_file(path: Path) -> Result[tuple[Fault, ...], BadPlan]:
    """The faults of a plan in a file."""
    try:
        text = path.read_bytes()
    except OSError as error:
        return Failure(_bad(f"the plan {path} cannot be read", error.strerror or ""))
    return read_plan(text)


def faults_of(rows: Iterable[object]) -> Result[tuple[Fault, ...], BadPlan]:
    """The faults that tables stand for; every problem of every one of them."""
    made: list[Fault] = []
    found: list[Problem] = []
    for place, row in enumerate(rows, 1):
        read = _fault(row, place)
        if isinstance(read, Failure):
            found += read.failure().problems()
        else:
            made.append(read.unwrap())
    return Failure(BadPlan(tuple(found))) if found else Success(tuple(made))


def _fault(row: object, place: int) -> Result[Fault, BadPlan]:
    if not isinstance(row, Mapping):
        return Failure(_bad(f"fault {place} is no table", 'it looks like {"kind": "hang"}'))
    name = str(row.get("kind", ""))
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(sorted(KINDS))
        hint = did_you_mean(name, KINDS) or f"there are: {known}"
        return Failure(_bad(f"fault {place} has no known kind", f"it says {name!r}", hint))
    origin = Origin(OriginKind.FILE, f"fault {place} ({name})")
    rest = {str(key): value for key, value in row.items() if key != "kind"}
    layer = file_layer(_plain(rest), lambda _: origin)
    read: Result[Fault, Any] = structured(layer, kind, layer)
    return read.alt(lambda wrong: BadPlan(wrong.problems()))


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON gives, without the nulls, which stand for what is usual."""
    return {
        name: _plain(value) if isinstance(value, Mapping) else value
        for name, value in content.items()
        if value is not None
    }


def _bad(what: str, why: str, hint: str = "") -> BadPlan:
    return BadPlan((Problem("bad-fault-plan", what, "faults", why, hint),))
