"""What a parameter's name means at a place of the tree, and the value it has there."""

from collections.abc import Mapping

from attrs import evolve, frozen

from alchemiser_core.domain.measure import Parameter, Window
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony.ast import (
    Block,
    BlockParameter,
    Number,
    ParameterValue,
    Symphony,
    Ticker,
)
from alchemiser_core.symphony.check import Place
from alchemiser_core.symphony.errors import (
    RecursiveDefinition,
    UnknownParameter,
    WrongParameterValue,
)
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.parameters.listing import describe_value
from alchemiser_core.symphony.parameters.overrides import Overrides

_NO_ARGUMENTS: Mapping[str, "Bound"] = {}


@frozen(eq=False)
class Scope:
    """What the names in a piece of the tree mean."""

    arguments: Mapping[str, "Bound"] = _NO_ARGUMENTS
    """Arguments of the use that is being put in."""
    places: tuple[str, ...] = ()
    """Names of the groups and uses around that an override names, outermost first."""
    inside: tuple[str, ...] = ()
    """Definitions and parameters that are being put in, outermost first."""

    def within(self, places: tuple[str, ...]) -> "Scope":
        """The same meanings at another place."""
        return self if places == self.places else evolve(self, places=places)


@frozen(eq=False)
class Bound:
    """A value, and the scope in which its own names mean something."""

    value: ParameterValue
    scope: Scope

    @property
    def key(self) -> object:
        """Equal for bounds that mean the same, as long as both are alive."""
        if isinstance(self.value, Block):
            return (id(self.value), id(self.scope.arguments), self.scope.places)
        return self.value


class Scopes:
    """Looks names up: overrides first, then the arguments of the use, then the symphony's own."""

    def __init__(
        self, symphony: Symphony, overrides: Overrides, findings: Findings, place: Place
    ) -> None:
        self._symphony = symphony
        self._overrides = overrides
        self._findings = findings
        self._place = place

    def resolve(self, name: str, scope: Scope, spot: Block) -> Bound | None:
        """The value of a name; `None` after a fault, which is noted with the place of `spot`."""
        bound = self._meaning(name, scope, spot)
        while bound is not None and isinstance(bound.value, BlockParameter):
            inner = bound.scope.within(scope.places)
            bound = self._meaning(bound.value.name, inner, spot)
        return bound

    def _meaning(self, name: str, scope: Scope, spot: Block) -> Bound | None:
        found = self._overrides.find(name, scope.places)
        if found is None:
            if name in scope.arguments:
                return scope.arguments[name]
            if name not in self._symphony.parameters:
                known = tuple(sorted({*scope.arguments, *self._symphony.parameters}))
                self._findings.add(UnknownParameter(name, known, self._place(spot) or ""))
                return None
            found = (self._symphony.parameters[name],)
        label = f"parameter {name}"
        if not isinstance(found[0], Block):
            return Bound(found[0], scope)
        if label in scope.inside:
            chain = (*scope.inside, label)
            self._findings.add(RecursiveDefinition(chain, self._place(spot) or ""))
            return None
        return Bound(found[0], Scope(inside=(*scope.inside, label)))

    def is_nil(self, name: str, scope: Scope, spot: Block) -> bool:
        """Whether a parameter is set to nil."""
        bound = self.resolve(name, scope, spot)
        return bound is not None and bound.value is None

    def wrong(self, name: str, value: ParameterValue, needed: str, spot: Block) -> None:
        """Note that a value cannot stand where it is used."""
        where = self._place(spot) or ""
        self._findings.add(WrongParameterValue(name, describe_value(value), needed, where))

    def number(self, value: Number, scope: Scope, spot: Block) -> float:
        """A number; 1 after a fault."""
        if not isinstance(value, Parameter):
            return value
        bound = self.resolve(value.name, scope, spot)
        if bound is not None and isinstance(bound.value, float):
            return bound.value
        if bound is not None:
            self.wrong(value.name, bound.value, "a number", spot)
        return 1.0

    def window(self, value: Window, scope: Scope, spot: Block) -> int:
        """A whole number; 1 after a fault."""
        if not isinstance(value, Parameter):
            return value
        bound = self.resolve(value.name, scope, spot)
        if bound is not None and isinstance(bound.value, float) and bound.value.is_integer():
            return int(bound.value)
        if bound is not None:
            self.wrong(value.name, bound.value, "a whole number", spot)
        return 1

    def ticker(self, value: Ticker, scope: Scope, spot: Block) -> Symbol:
        """A symbol; `UNREAD` after a fault."""
        if not isinstance(value, Parameter):
            return value
        bound = self.resolve(value.name, scope, spot)
        if bound is not None and isinstance(bound.value, str):
            return bound.value
        if bound is not None:
            needed = "a ticker"
            if isinstance(bound.value, tuple | Block):
                needed = f"one ticker (write #param {value.name} in place of the whole block)"
            self.wrong(value.name, bound.value, needed, spot)
        return Symbol("UNREAD")
