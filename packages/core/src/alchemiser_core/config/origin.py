"""Where a value of the configuration comes from."""

from enum import StrEnum

from attrs import frozen

Path = tuple[str | int, ...]
"""Where a value stands: names of tables and settings, and positions in lists."""


class OriginKind(StrEnum):
    """The layers, the weakest first: each overrides those before it."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


@frozen
class Origin:
    """A layer, and the place in it."""

    kind: OriginKind
    place: str = ""
    """`alchemiser.toml:12`, the name of an environment variable, or a flag."""

    def __str__(self) -> str:
        return self.place or str(self.kind)


BY_DEFAULT = Origin(OriginKind.DEFAULT)


def shown_path(path: Path) -> str:
    """The path as it is written: `portfolio.strategies[1].share`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            plain = step.replace("-", "").replace("_", "").isalnum()
            text += ("." if text else "") + (step if plain else f'"{step}"')
    return text
