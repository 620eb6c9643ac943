"""What the tests of the architecture look at: every module of every package, parsed once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]


@frozen(eq=False)
class SourceModule:
    """One module of a package: where it is, how it is imported, and its syntax tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The top-level package."""
        return self.name.split(".", maxsplit=1)[0]

    def at(self, node: ast.AST) -> str:
        """Where a node is, as editors open it."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def read_module(path: Path, source: Path) -> SourceModule:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(source).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    return SourceModule(path, name, text, ast.parse(text, str(path)))


def source_modules() -> Iterator[SourceModule]:
    for source in sorted(ROOT.glob("packages/*/src")):
        for path in sorted(source.rglob("*.py")):
            yield read_module(path, source)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def packages() -> tuple[Path, ...]:
    """The folders of the packages."""
    return tuple(sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml")))


@pytest.fixture(scope="session")
def modules() -> tuple[SourceModule, ...]:
    """Every module that is shipped."""
    return tuple(source_modules())


@pytest.fixture(scope="session")
def core_modules(modules: tuple[SourceModule, ...]) -> tuple[SourceModule, ...]:
    return tuple(module for module in modules if module.package == "alchemiser_core")
