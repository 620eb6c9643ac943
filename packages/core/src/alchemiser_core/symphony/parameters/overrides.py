"""Overrides of parameters: `name` for all uses, `place.name` for what stands inside one place."""

from collections.abc import Collection, Mapping

from alchemiser_core.symphony.ast import ParameterValue
from alchemiser_core.symphony.parameters.names import kebab_case, use_name


class Overrides:
    """Finds the value that an override gives a name, and remembers which were of use."""

    def __init__(self, given: Mapping[str, ParameterValue]) -> None:
        self._given: dict[tuple[str, str], tuple[str, ParameterValue]] = {}
        self._used: set[str] = set()
        for key, value in given.items():
            place, _, name = key.rpartition(".")
            taken = float(value) if isinstance(value, int) else value
            self._given[use_name(place), kebab_case(name)] = (key, taken)
        self._places = frozenset(place for place, _ in self._given if place)

    def entered(self, places: tuple[str, ...], place: str) -> tuple[str, ...]:
        """The places around what stands in `place`: only those that an override names matter."""
        return (*places, place) if place in self._places else places

    def find(self, name: str, places: tuple[str, ...]) -> tuple[ParameterValue] | None:
        """The value, in a tuple because nil is one; the innermost place wins."""
        if not self._given:
            return None
        for place in (*reversed(places), ""):
            if (place, name) in self._given:
                key, value = self._given[place, name]
                self._used.add(key)
                return (value,)
        return None

    def unknown(self, known: Collection[str]) -> tuple[str, ...]:
        """Keys that set nothing: neither known by name nor met on the way."""
        return tuple(
            key
            for (place, name), (key, _) in self._given.items()
            if key not in self._used and (f"{place}.{name}" if place else name) not in known
        )
