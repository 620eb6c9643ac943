"""Parameters of a strategy that declares them itself, as they come from configuration."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import field, frozen
from returns.result import Failure

from alchemiser_core.config.checks import SettingError, shown
from alchemiser_core.symphony.ast import ParameterValue
from alchemiser_core.symphony.parameters.names import kebab_case

_LONGEST_TICKER = 12
"""Characters; longer texts than any ticker are not repeated."""


@frozen
class StrategyParameters:
    """Settings of a strategy that declares its parameters itself, as a symphony does.

    Any name is accepted here; the strategy refuses those it does not know.
    """

    values: Mapping[str, ParameterValue] = field(factory=dict)
    """By kebab-case name; `nova.vix-gate` is a parameter of the part `nova` alone."""


def read_parameters(table: object) -> StrategyParameters:
    """The parameters in a table; a table inside it sets those of one part of the strategy.

    Raises `SettingError` where a value is no number, ticker, list of tickers, block or nil.
    """
    if not isinstance(table, Mapping):
        raise SettingError(f"{shown(table)} is not a table of parameters")
    return StrategyParameters({name: _value(name, raw) for name, raw in _flat(table)})


def _flat(table: Mapping[str, object], part: str = "") -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        dotted = part + kebab_case(name)
        if isinstance(value, Mapping):
            yield from _flat(value, dotted + ".")
        else:
            yield dotted, value


def _value(name: str, raw: object) -> ParameterValue:
    from alchemiser_core.symphony.parameters.listing import parameter_value

    found = parameter_value(float(raw) if isinstance(raw, Decimal) else raw, name=name)
    if isinstance(found, Failure):
        problem = found.failure().problems()[0]
        if isinstance(raw, str) and len(raw) > _LONGEST_TICKER:
            # It may be a key that went astray.
            raise SettingError(f"parameter {name!r} cannot be a text", problem.why, problem.hint)
        raise SettingError(problem.what, problem.why, problem.hint)
    return found.unwrap()
