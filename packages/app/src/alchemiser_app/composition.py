"""Builds what a command works with: its configuration, and the strategies of a target.

Functions of plain values, each with a typed failure; `container` wires them together.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.not_found import empty_portfolio, no_such_target
from alchemiser_app.settings_file import LoadedConfiguration, load_configuration
from alchemiser_app.symphony_file import is_symphony_file, strategy_of_file
from alchemiser_app.symphony_sections import (
    file_of,
    is_among,
    parameters_of_file,
    split_parameter,
)
from alchemiser_core.config import ConfigurationErrors, Flag
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import did_you_mean
from alchemiser_core.plugins import (
    BrokenPlugin,
    BuildError,
    PluginContext,
    PluginRegistry,
    StrategyParameters,
    UnknownName,
    build,
)
from alchemiser_core.plugins.factories import says_nothing
from alchemiser_core.ports.secret_store import SecretStore
from alchemiser_core.ports.strategy import Strategy

PORTFOLIO = "portfolio"
"""The target that means the blend of the configuration."""


@frozen
class Invocation:
    """What was asked for on the command line, and the environment it was asked in."""

    environment: Mapping[str, str] = field(factory=dict, repr=False)
    config: str | None = None
    """`--config`: a configuration file."""
    data: str | None = None
    """`--data`: a folder, or the name of a feed."""
    source: str | None = None
    """`--from`: the same for what a bar store is filled from."""
    journal: str | None = None
    """`--journal`: a file, or the URL of a database."""
    target: str | None = None
    """A strategy, a symphony file, or `portfolio`."""
    parameters: tuple[str, ...] = ()
    """`--set`: each `name=value`; for `portfolio` each `strategy.name=value`."""
    flags: tuple[Flag, ...] = ()
    """Settings given by other flags."""
    tell: Callable[[str], None] = field(default=says_nothing, eq=False, repr=False)
    """Where plugins say what takes long."""


@frozen
class CompositionError:
    """What was asked for cannot be put together."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands in the way."""
        return self.found


Refusal = ConfigurationErrors | UnknownName | BrokenPlugin | BuildError | CompositionError
"""Every way in which composition fails: usage or configuration, never data."""


@frozen
class TargetStrategy:
    """A strategy of the target, and its part of the capital."""

    strategy: Strategy
    share: Decimal = Decimal(1)
    warnings: tuple[Problem, ...] = ()
    """What is odd about the symphony file that it was read from."""


def read_configuration(
    invocation: Invocation,
) -> Result[LoadedConfiguration, ConfigurationErrors | CompositionError]:
    """The configuration with everything that the command line says. All problems together."""
    flags, wrong = [*invocation.flags], []
    for text in invocation.parameters:
        flag = _parameter_flag(text, invocation.target or PORTFOLIO)
        if isinstance(flag, Flag):
            flags.append(flag)
        else:
            wrong.append(flag)
    if wrong:
        return Failure(CompositionError(tuple(wrong)))
    return load_configuration(
        file=invocation.config, environment=invocation.environment, flags=flags
    )


def _parameter_flag(text: str, target: str) -> Flag | Problem:
    name, equals, value = text.partition("=")
    name = name.strip()
    strategy, name = (target, name) if target != PORTFOLIO else split_parameter(name)
    if equals and name and strategy:
        return Flag("--set", ("strategies", strategy, "parameters", name), value.strip())
    form = "strategy.name=value" if target == PORTFOLIO else "name=value"
    return Problem("bad-parameter", f"--set {text!r} sets nothing", "--set", f"expected {form}")


# --- the strategies of a target ----------------------------------------------------------------


def build_strategies(
    invocation: Invocation,
    loaded: LoadedConfiguration,
    registry: PluginRegistry,
    secrets: SecretStore,
) -> Result[tuple[TargetStrategy, ...], Refusal]:
    """One strategy, or those of the portfolio with their shares.

    Failures: an unknown or broken target, wrong parameters; for a portfolio those of all its
    strategies together.
    """
    target = invocation.target or PORTFOLIO
    if target != PORTFOLIO:
        return build_strategy(target, loaded, registry, secrets).map(lambda strategy: (strategy,))
    entries = loaded.configuration.settings.portfolio.strategies
    if not entries:
        return Failure(CompositionError((empty_portfolio(loaded),)))
    names = tuple(entry.strategy for entry in entries)
    strays = _not_in(names, invocation.parameters, loaded)
    if strays:
        return Failure(CompositionError(strays))
    built = [build_strategy(entry.strategy, loaded, registry, secrets) for entry in entries]
    wrong = [p for result in built if isinstance(result, Failure) for p in _problems(result)]
    if wrong:
        return Failure(CompositionError(tuple(wrong)))
    strategies = tuple(
        evolve(result.unwrap(), share=entry.share)
        for result, entry in zip(built, entries, strict=True)
    )
    return _with_names_apart(strategies)


def build_strategy(
    target: str, loaded: LoadedConfiguration, registry: PluginRegistry, secrets: SecretStore
) -> Result[TargetStrategy, Refusal]:
    """The strategy of a name, or of a symphony file, with its configured parameters."""
    if is_symphony_file(target):
        parameters, place = parameters_of_file(target, loaded)
        if isinstance(parameters, Failure):
            return Failure(parameters.failure())
        return _of_file(file_of(target, loaded), parameters.unwrap(), place)
    section = ("strategies", target, "parameters")
    place = loaded.place(*section) if loaded.configuration.is_set(*section) else target
    found = registry.strategy(target)
    if isinstance(found, Failure):
        return Failure(_unknown(target, found.failure(), loaded))
    settings = loaded.configuration.section(section, found.unwrap().settings)
    if isinstance(settings, Failure):
        return Failure(settings.failure())
    context = PluginContext(folder=loaded.folder, secrets=secrets)
    built = build(found.unwrap(), settings.unwrap(), context)
    return built.map(TargetStrategy).alt(lambda error: placed(error, place))


def _unknown(
    target: str, error: UnknownName | BrokenPlugin, loaded: LoadedConfiguration
) -> CompositionError:
    problems = error.problems()
    if isinstance(error, UnknownName):
        problems = no_such_target(target, problems)
    return placed(CompositionError(problems), _place_of(target, loaded))


def _place_of(target: str, loaded: LoadedConfiguration) -> str:
    """Where a strategy is named: in the portfolio, among the settings, or on the command line."""
    settings = loaded.configuration.settings
    for index, entry in enumerate(settings.portfolio.strategies):
        if entry.strategy == target:
            return loaded.place("portfolio", "strategies", index, "strategy")
    return loaded.place("strategies", target) if target in settings.strategies else "TARGET"


def placed(error: Refusal, place: str) -> CompositionError:
    """The problems of an error, those without a place with this one."""
    return CompositionError(
        tuple(evolve(problem, where=problem.where or place) for problem in error.problems())
    )


def _not_in(
    names: tuple[str, ...], parameters: tuple[str, ...], loaded: LoadedConfiguration
) -> tuple[Problem, ...]:
    """A problem for each `--set` of a strategy that the portfolio does not have."""
    asked = {split_parameter(text.partition("=")[0].strip())[0]: text for text in parameters}
    return tuple(
        Problem(
            "unknown-strategy",
            f"--set {text!r} sets nothing: the portfolio has no strategy {name!r}",
            "--set",
            "the form is strategy.name=value",
            did_you_mean(name, names),
        )
        for name, text in asked.items()
        if not is_among(name, names, loaded)
    )


def _of_file(
    path: Path, parameters: StrategyParameters, place: str
) -> Result[TargetStrategy, CompositionError]:
    built = strategy_of_file(path, parameters)
    if isinstance(built, Failure):
        return Failure(placed(CompositionError(built.failure()), place))
    strategy, warnings = built.unwrap()
    return Success(TargetStrategy(strategy, warnings=warnings))


def _problems(result: Result[TargetStrategy, Refusal]) -> tuple[Problem, ...]:
    return result.failure().problems()


def _with_names_apart(
    strategies: tuple[TargetStrategy, ...],
) -> Result[tuple[TargetStrategy, ...], CompositionError]:
    names = [entry.strategy.name for entry in strategies]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not twice:
        return Success(strategies)
    return Failure(
        CompositionError(
            tuple(
                Problem(
                    "same-strategy-name",
                    f"two strategies of the portfolio are called {name}",
                    "portfolio.strategies",
                    "each keeps a book under its name",
                    "rename one of the files",
                )
                for name in twice
            )
        )
    )
