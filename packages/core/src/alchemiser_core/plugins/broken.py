"""What can be wrong with a plugin: each a value that says which plugin, what, and why."""

from attrs import frozen

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import did_you_mean
from alchemiser_core.plugins.containment import Raised
from alchemiser_core.plugins.factories import PluginKind

_TELL_AUTHOR = "uninstall it, or tell its author"


@frozen
class FailedToLoad:
    """Importing the plugin raised."""

    target: str
    raised: Raised

    def problem(self, plugin: str) -> Problem:
        """Target and error."""
        return Problem(
            "plugin-import",
            f"{self.target} cannot be imported",
            plugin,
            str(self.raised),
            "install what it needs, or uninstall it",
        )


@frozen
class SameName:
    """Two distributions, or two entry points, stand for one plugin."""

    distributions: tuple[str, ...]

    def problem(self, plugin: str) -> Problem:
        """The distributions."""
        return Problem(
            "plugin-same-name",
            f"the plugin {plugin} is there more than once",
            plugin,
            "found in " + ", ".join(self.distributions),
            "uninstall all but one",
        )


@frozen
class NoHooks:
    """The plugin implements no hook at all."""

    target: str

    def problem(self, plugin: str) -> Problem:
        """Target, and what is usually forgotten."""
        return Problem(
            "plugin-no-hooks",
            f"{self.target} implements no hook",
            plugin,
            "a plugin offers something through functions marked with @hookimpl",
            "mark its functions with alchemiser_core.plugins.hookimpl",
        )


@frozen
class UnknownHook:
    """A function is marked as a hook that does not exist."""

    hook: str
    signature: str
    known: tuple[str, ...]

    def problem(self, plugin: str) -> Problem:
        """The hook and the nearest that exists."""
        return Problem(
            "plugin-unknown-hook",
            f"there is no hook {self.hook}{self.signature}",
            plugin,
            "a hook is found by its name",
            did_you_mean(self.hook, self.known),
        )


@frozen
class WrongSignature:
    """A hook is implemented with other arguments than it is called with."""

    hook: str
    given: str
    expected: str

    def problem(self, plugin: str) -> Problem:
        """Both signatures."""
        return Problem(
            "plugin-signature",
            f"the hook {self.hook} is implemented as {self.hook}{self.given}",
            plugin,
            f"it is called as {self.hook}{self.expected}",
            "give the function that signature",
        )


@frozen
class HookRaised:
    """A hook raised when it was asked for its factories."""

    hook: str
    raised: Raised

    def problem(self, plugin: str) -> Problem:
        """Hook and error."""
        return Problem(
            "plugin-hook-raised", f"{self.hook} failed", plugin, str(self.raised), _TELL_AUTHOR
        )


@frozen
class WrongReturn:
    """A hook returned something other than a list of sound factories of its kind."""

    hook: str
    expected: str
    got: str

    def problem(self, plugin: str) -> Problem:
        """What came back, and what should have."""
        return Problem(
            "plugin-return",
            f"{self.hook} returned {self.got}",
            plugin,
            f"expected {self.expected}",
            _TELL_AUTHOR,
        )


@frozen
class NameClash:
    """Several factories of one kind have the same name; none of them is used."""

    kind: PluginKind
    name: str
    plugins: tuple[str, ...]

    def problem(self, plugin: str) -> Problem:
        """The name and the plugins."""
        return Problem(
            "plugin-name-clash",
            f"the {self.kind} {self.name} is offered more than once",
            plugin,
            "offered by " + ", ".join(self.plugins) + "; nothing says which is meant",
            "uninstall all but one of them",
        )


@frozen
class NeedsOtherCore:
    """A factory works with other versions of the core."""

    kind: PluginKind
    name: str
    requires: str
    present: str
    readable: bool = True

    def problem(self, plugin: str) -> Problem:
        """Required and present version."""
        return Problem(
            "plugin-core-version",
            f"the {self.kind} {self.name} requires alchemiser-core {self.requires}"
            + ("" if self.readable else ", which is no list of versions such as >=0.1,<0.2"),
            plugin,
            f"alchemiser-core {self.present} is installed",
            "install a version of the plugin that fits",
        )


Fault = (
    FailedToLoad
    | SameName
    | NoHooks
    | UnknownHook
    | WrongSignature
    | HookRaised
    | WrongReturn
    | NameClash
    | NeedsOtherCore
)


@frozen
class BrokenPlugin:
    """A plugin of which all or a part cannot be used, with everything found wrong with it."""

    plugin: str
    distribution: str
    faults: tuple[Fault, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each fault; `where` is the plugin."""
        return tuple(fault.problem(self.plugin) for fault in self.faults)

    def withholds(self, kind: PluginKind, name: str) -> bool:
        """Whether one of the faults is why the factory of that name is not offered."""
        return any(
            fault.kind is kind and fault.name == name
            for fault in self.faults
            if isinstance(fault, NameClash | NeedsOtherCore)
        )
