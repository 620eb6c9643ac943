"""The one place where any exception is caught: around code that somebody else wrote.

A plugin may raise whatever it likes when it is imported, asked for its factories or told to
build; none of that may stop the program. What it raised becomes a value and is reported. Nothing
of Alchemiser's own is called inside, so no mistake of ours is hidden here. Ctrl-C passes through.
"""

from collections.abc import Callable
from traceback import walk_tb
from typing import Any, TypeVar

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.factories import BuildError, Factory, PluginContext

Value = TypeVar("Value")
Port = TypeVar("Port")


_NOT_THE_PLUGIN = ("<frozen importlib", __file__)
"""Files whose frames say nothing about where a plugin failed."""


@frozen
class Raised:
    """What a plugin raised, and where."""

    error: str
    """Class and message, e.g. `ModuleNotFoundError: No module named 'acme'`."""
    place: str
    """`file:line in function` of the innermost frame; empty where there is none."""

    def __str__(self) -> str:
        return f"{self.error} [{self.place}]" if self.place else self.error


def contained(call: Callable[[], Value]) -> Result[Value, Raised]:
    """The value of a plugin's `call`, or what it raised (`SystemExit` included)."""
    try:
        return Success(call())
    except (Exception, SystemExit) as error:
        return Failure(_described(error))


def _described(error: BaseException) -> Raised:
    kind = type(error).__name__
    message = " ".join(str(error).split())[:500]
    return Raised(f"{kind}: {message}" if message else kind, _place(error))


def _place(error: BaseException) -> str:
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        code = frame.f_code
        if not code.co_filename.startswith(_NOT_THE_PLUGIN):
            return f"{code.co_filename}:{line} in {code.co_name}"
    return ""


def build(
    factory: Factory[Any, Port], settings: object, context: PluginContext
) -> Result[Port, BuildError]:
    """What the factory builds; `BuildError` also where it raises or returns no `Result`.

    `settings` is an instance of `factory.settings`.
    """

    def failed(what: str, why: str) -> Result[Port, BuildError]:
        hint = "report it to the author of the plugin"
        return Failure(BuildError((Problem("plugin-failed", what, factory.name, why, hint),)))

    outcome = contained(lambda: factory.build(settings, context))
    if isinstance(outcome, Failure):
        return failed(f"{factory.name} failed while it was being built", str(outcome.failure()))
    result: object = outcome.unwrap()
    if isinstance(result, Result):
        return result
    return failed(f"{factory.name} built no result", f"build returned {type(result).__name__}")
