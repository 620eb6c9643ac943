"""Builds the secret stores that the configuration names, as one chain."""

from collections.abc import Callable

from attrs import evolve
from returns.result import Failure, Result, Success

from alchemiser_app.secrets.chain import SecretChain
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import BuildError, PluginContext, PluginRegistry, build
from alchemiser_core.ports.secret_store import SecretStore


def build_secrets(
    loaded: LoadedConfiguration, registry: PluginRegistry, handed_out: Callable[[Secret], None]
) -> Result[SecretChain, BuildError]:
    """The stores of `[[secrets]]` in their order; all that is wrong with any of them.

    No secret is read yet. `handed_out` is told of each before anybody has it.
    """
    count = len(loaded.configuration.settings.secrets)
    built = [_store(loaded, registry, position) for position in range(count)]
    wrong = [p for each in built if isinstance(each, Failure) for p in each.failure().problems()]
    if wrong:
        return Failure(BuildError(tuple(wrong)))
    return Success(SecretChain(tuple(each.unwrap() for each in built), handed_out))


def _store(
    loaded: LoadedConfiguration, registry: PluginRegistry, position: int
) -> Result[SecretStore, BuildError]:
    entry = loaded.configuration.settings.secrets[position]
    found = registry.secret_store(entry.name)
    if isinstance(found, Failure):
        place = loaded.place("secrets", position, "name")
        return Failure(_placed(found.failure().problems(), place))
    section = ("secrets", position, "settings")
    settings = loaded.configuration.section(section, found.unwrap().settings)
    if isinstance(settings, Failure):
        return Failure(BuildError(settings.failure().problems()))
    context = PluginContext(folder=loaded.folder)
    built = build(found.unwrap(), settings.unwrap(), context)
    return built.alt(lambda error: _placed(error.problems(), loaded.place(*section)))


def _placed(problems: tuple[Problem, ...], place: str) -> BuildError:
    """The problems, those without a place with this one."""
    return BuildError(tuple(evolve(each, where=each.where or place) for each in problems))
