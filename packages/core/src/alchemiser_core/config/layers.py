"""The layers of the configuration - file, environment, flags - laid over each other.

A layer is a tree whose every value knows its origin. A table of a stronger layer is merged into
that of a weaker one; a value or a list replaces what is there.
"""

from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from alchemiser_core.config.origin import BY_DEFAULT, Origin, OriginKind, Path

PREFIX = "ALCHEMISER_"
"""What the environment variables of settings begin with."""

CONFIG_VARIABLE = "ALCHEMISER_CONFIG"
"""Names the configuration file; it is no setting itself."""


class Text(str):
    """A value from the environment or a flag, where everything is text.

    It may stand for a number, a date or a list; a text in a file stands for itself alone.
    """

    __slots__ = ()


@frozen
class Leaf:
    """A value that is no table and no list."""

    value: object
    origin: Origin


@frozen
class Row:
    """A list."""

    items: tuple["Node", ...]
    origin: Origin


@frozen
class Branch:
    """A table."""

    entries: Mapping[str, "Node"]
    origin: Origin


Node = Leaf | Row | Branch

NOTHING_SET = Branch({}, BY_DEFAULT)


def file_layer(content: Mapping[str, object], origin_of: Callable[[Path], Origin]) -> Branch:
    """The tree of a parsed file; `origin_of` gives the place of a path in it."""

    def node(value: object, path: Path) -> Node:
        origin = origin_of(path)
        if isinstance(value, Mapping):
            return Branch({str(k): node(v, (*path, str(k))) for k, v in value.items()}, origin)
        if isinstance(value, list):
            return Row(tuple(node(v, (*path, i)) for i, v in enumerate(value)), origin)
        return Leaf(value, origin)

    return Branch({str(k): node(v, (str(k),)) for k, v in content.items()}, origin_of(()))


def environment_layer(variables: Mapping[str, str]) -> Branch:
    """The settings among environment variables: `ALCHEMISER_PLANNING__CASH_BUFFER=0.01`.

    Two underscores separate table and setting. Every variable with the prefix counts, so that a
    misspelt one is refused and not ignored.
    """
    layer = NOTHING_SET
    for name in sorted(variables):
        if name.startswith(PREFIX) and name != CONFIG_VARIABLE:
            path = tuple(name.removeprefix(PREFIX).lower().split("__"))
            origin = Origin(OriginKind.ENVIRONMENT, name)
            layer = merge(layer, branch_of(path, Text(variables[name]), origin))
    return layer


@frozen
class Flag:
    """A setting given on the command line."""

    name: str
    """As it was written: `--cost-bps`."""
    path: tuple[str, ...]
    """The setting that it stands for: `("costs", "cost_bps")`."""
    text: str


def flag_layer(flags: Iterable[Flag]) -> Branch:
    """The tree of flags; of two for the same setting the later one counts."""
    layer = NOTHING_SET
    for flag in flags:
        origin = Origin(OriginKind.FLAG, flag.name)
        layer = merge(layer, branch_of(flag.path, Text(flag.text), origin))
    return layer


def branch_of(path: tuple[str, ...], value: object, origin: Origin) -> Branch:
    """A tree with one value in it."""
    node: Node = Leaf(value, origin)
    for step in reversed(path[1:]):
        node = Branch({step: node}, origin)
    return Branch({path[0]: node}, origin)


def merge(weaker: Branch, stronger: Branch) -> Branch:
    """Both tables in one; where both have a value, the stronger one's."""
    entries = dict(weaker.entries)
    for written, node in stronger.entries.items():
        name = _same_name(written, entries)
        below = entries.get(name)
        if isinstance(below, Branch) and isinstance(node, Branch):
            entries[name] = merge(below, node)
        else:
            entries[name] = node
    return Branch(entries, weaker.origin if weaker.entries else stronger.origin)


def _same_name(name: str, entries: Mapping[str, Node]) -> str:
    """The spelling already there: a variable cannot say `sixty-forty`, only `SIXTY_FORTY`."""
    if name in entries:
        return name
    wanted = name.lower().replace("-", "_")
    alike = [there for there in entries if there.lower().replace("-", "_") == wanted]
    return alike[0] if len(alike) == 1 else name


def plain(node: Node) -> object:
    """The values alone, as dictionaries and lists."""
    match node:
        case Leaf():
            return node.value
        case Row():
            return [plain(item) for item in node.items]
        case Branch():
            return {name: plain(entry) for name, entry in node.entries.items()}


def find(node: Node, path: Path) -> Node | None:
    """The node at a path; `None` where there is nothing."""
    for step in path:
        match node, step:
            case Branch(entries=entries), str() if (name := _same_name(step, entries)) in entries:
                node = entries[name]
            case Row(items=items), int() if 0 <= step < len(items):
                node = items[step]
            case _:
                return None
    return node


def origin_at(node: Node, path: Path) -> Origin:
    """The origin of the value at a path, or of the nearest table around it."""
    for length in range(len(path), -1, -1):
        found = find(node, path[:length])
        if found is not None:
            return found.origin
    raise AssertionError("the empty path is always there")
