"""Several secret stores as one: they are asked in order, and the first that has a secret wins."""

from collections.abc import Callable, Iterable

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import SecretStore, SecretsUnreadable

MISSING = "missing"
"""Stands for the store of a secret that none has."""


@frozen
class SecretSource:
    """Which store a secret comes from, and nothing of its value."""

    secret: str
    store: str
    """Name of the store; `missing` where none has it, or one could not be asked."""
    problems: tuple[Problem, ...] = ()
    """Why a store could not be asked."""


def _nobody(secret: Secret) -> None:
    """Told of secrets where nobody has to be."""


@define(eq=False)
class SecretChain:
    """A `SecretStore` over others. A store that fails ends the search: it may have been meant."""

    stores: tuple[SecretStore, ...]
    handed_out: Callable[[Secret], None] = field(default=_nobody, repr=False)
    """Told of every secret before anybody has it, so that logs know what to cut out."""
    _sources: dict[str, SecretSource] = field(factory=dict, init=False, repr=False)

    @property
    def name(self) -> str:
        """The names of the stores, in order."""
        return ", ".join(store.name for store in self.stores) or "none"

    def secret(self, name: str) -> Result[Secret | None, SecretsUnreadable]:
        """The secret of the first store that has it."""
        found, source = self._searched(name)
        self._sources[name] = source
        return found

    def source(self, name: str) -> SecretSource:
        """Which store a secret comes from, or why it comes from none."""
        return self._searched(name)[1]

    def place(self, name: str) -> str:
        """Every place where a person could put it."""
        places = [store.place(name) for store in self.stores]
        return ", or into ".join(places) or "a secret store, which [[secrets]] has to name"

    def _searched(self, name: str) -> tuple[Result[Secret | None, SecretsUnreadable], SecretSource]:
        for store in self.stores:
            found = store.secret(name)
            if isinstance(found, Failure):
                return found, SecretSource(name, MISSING, found.failure().problems())
            secret = found.unwrap()
            if secret is not None:
                self.handed_out(secret)
                return found, SecretSource(name, store.name)
        return Success(None), SecretSource(name, MISSING)

    def asked(self) -> tuple[SecretSource, ...]:
        """Every secret that was asked for until now, sorted by name."""
        return tuple(self._sources[name] for name in sorted(self._sources))


def secret_sources(chain: SecretChain, names: Iterable[str] = ()) -> tuple[SecretSource, ...]:
    """Where each secret comes from: those of `names`, and all that were asked for before."""
    known = {source.secret: source for source in chain.asked()}
    known.update((name, chain.source(name)) for name in names)
    return tuple(known[name] for name in sorted(known))
