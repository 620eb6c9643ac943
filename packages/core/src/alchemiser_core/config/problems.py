"""What is wrong with a configuration: every problem, with the setting, its origin and a hint."""

from collections.abc import Iterator

import attrs
from attrs import frozen
from cattrs import BaseValidationError, ForbiddenExtraKeysError, StructureHandlerNotFoundError
from cattrs.errors import AttributeValidationNote, IterableValidationNote

from alchemiser_core.config.checks import SettingError
from alchemiser_core.config.layers import Node, origin_at
from alchemiser_core.config.origin import OriginKind, Path, shown_path
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import nearest


@frozen
class ConfigurationErrors:
    """A configuration that cannot be used, with all its problems."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Each names the setting and where its value comes from."""
        return self.found


def problems_of(error: Exception, tree: Node, start: Path = ()) -> tuple[Problem, ...]:
    """The problems in what the converter raised; `start` is the path of what was converted.

    Re-raises anything that is no statement about a value.
    """
    found = [_problem(leaf, path, tree) for leaf, path in _leaves(error, start)]
    unknown = [p for leaf, path in _leaves(error, start) for p in _unknown(leaf, path, tree)]
    return tuple(problem for problem in found if problem is not None) + tuple(unknown)


def _leaves(error: Exception, path: Path) -> Iterator[tuple[Exception, Path]]:
    if not isinstance(error, BaseValidationError):
        yield error, path
        return
    for inner in error.exceptions:
        yield from _leaves(inner, (*path, *_step(inner)))


def _step(error: Exception) -> Path:
    """The name or position that cattrs noted on an error, one a level."""
    for note in reversed(getattr(error, "__notes__", [])):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def _problem(leaf: Exception, path: Path, tree: Node) -> Problem | None:
    match leaf:
        case ForbiddenExtraKeysError():
            return None
        case SettingError():
            return Problem("bad-setting", leaf.what, _where(path, tree), leaf.why, leaf.hint)
        case KeyError():
            what = f"{shown_path(path)} is missing"
            return Problem("missing-setting", what, _where(path[:-1], tree), "", "add it")
        case StructureHandlerNotFoundError():
            what = "the setting has a type that configuration cannot give"
            hint = "report it to the author of the plugin"
            return Problem("unsupported-setting", what, _where(path, tree), str(leaf), hint)
        case ValueError() | TypeError():
            return Problem("bad-setting", str(leaf), _where(path, tree))
        case _:
            raise leaf


def _unknown(leaf: Exception, path: Path, tree: Node) -> Iterator[Problem]:
    if not isinstance(leaf, ForbiddenExtraKeysError):
        return
    known = [attribute.name for attribute in attrs.fields(leaf.cl)]
    for name in sorted(leaf.extra_fields):
        guess = nearest(name.replace("-", "_"), known)
        hint = f"did you mean {guess!r}? " if guess else ""
        listed = ", ".join(known) or "none"
        table = shown_path(path) or "the top level"
        yield Problem(
            "unknown-setting",
            f"there is no setting {shown_path((*path, name))}",
            _where((*path, name), tree),
            "",
            f"{hint}{table} has: {listed}",
        )


def _where(path: Path, tree: Node) -> str:
    origin = origin_at(tree, path)
    if origin.kind is OriginKind.DEFAULT:
        return shown_path(path)
    return f"{origin}: {shown_path(path)}" if path else str(origin)
