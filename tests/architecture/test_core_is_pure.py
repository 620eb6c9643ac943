"""Core asks nobody for the time, for chance, for a file, for a setting, and prints nothing."""

import ast
import sys
from collections.abc import Iterator

import pytest

LIBRARIES = {"attrs", "cattrs", "returns", "numpy", "pluggy", "typing_extensions"}
TESTING_LIBRARIES = {"hypothesis", "pytest"}
STANDARD_LIBRARY_OF_THE_WORLD = {
    *("asyncio", "concurrent", "ctypes", "fcntl", "ftplib", "getpass", "glob", "http", "io"),
    *("locale", "logging", "mmap", "multiprocessing", "os", "pickle", "platform", "queue"),
    *("random", "sched", "secrets", "select", "shelve", "shutil", "signal", "smtplib", "socket"),
    *("sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib", "zoneinfo"),
}
FORBIDDEN_NAMES = {
    *("pathlib.Path", "sys.argv", "sys.exit", "sys.stderr", "sys.stdin", "sys.stdout"),
    *("uuid.uuid1", "uuid.uuid4", "datetime.date.today", "datetime.datetime.today"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "importlib.resources"),
}
PASSED_IN = {"BitGenerator", "Generator", "PCG64", "SeedSequence"}
FORBIDDEN_BUILTINS = {"breakpoint", "eval", "exec", "input", "open", "print"}


def imported(tree: ast.AST) -> dict[str, str]:
    """The full name behind every name that imports bind."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.split(".")[0]
                names[bound] = alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def full_name(node: ast.expr, names: dict[str, str]) -> str | None:
    """The dotted name that an expression stands for, imports resolved; None for anything else."""
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=value, attr=attribute):
            head = full_name(value, names)
            return f"{head}.{attribute}" if head else None
        case _:
            return None


def is_forbidden(name: str) -> bool:
    top = name.split(".", maxsplit=1)[0]
    if top in STANDARD_LIBRARY_OF_THE_WORLD or name in FORBIDDEN_NAMES:
        return True
    return name.startswith("numpy.random.") and name.split(".")[2] not in PASSED_IN


def impurities(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every use of the outside world in a module, with the name used."""
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in imported(node).values():
                if is_forbidden(name):
                    yield node, name
        elif isinstance(node, ast.Attribute):
            name = full_name(node, names)
            if name and is_forbidden(name):
                yield node, name
        else:
            match node:
                case ast.Name(id=name, ctx=ast.Load()) if name in FORBIDDEN_BUILTINS - names.keys():
                    yield node, name


def test_core_touches_nothing_outside_itself(core_modules):
    found = [
        f"{module.at(node)} {name}"
        for module in core_modules
        for node, name in impurities(module.tree)
    ]
    assert found == []


def test_core_stands_on_its_few_libraries_alone(core_modules):
    known = sys.stdlib_module_names | LIBRARIES | {"alchemiser_core"}
    found = []
    for module in core_modules:
        testing = module.name.startswith("alchemiser_core.testing")
        allowed = known | TESTING_LIBRARIES if testing else known
        tops = {name.split(".")[0] for name in imported(module.tree).values()}
        found += [f"{module.name} imports {top}" for top in sorted(tops - allowed)]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import time",
        "import os.path as anything",
        "from random import choice",
        "def f():\n    import socket",
        "import datetime as d\nd.datetime.now(d.UTC)",
        "from datetime import date\ndate.today()",
        "from datetime import datetime as moment\nmoment.utcnow()",
        "import numpy as np\nnp.random.default_rng(7)",
        "from numpy.random import seed",
        "from pathlib import Path",
        "from uuid import uuid4",
        "import sys\nsys.stdout.write('')",
        "print('x')",
        "with open('x') as file: pass",
    ],
)
def test_the_outside_world_is_noticed(code):
    assert list(impurities(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date, time, datetime\ndatetime(2024, 1, 2)",
        "from numpy.random import Generator\ndef draw(chance: Generator): return chance.random()",
        "import numpy as np\ndef draw(chance: np.random.Generator): return chance.normal()",
        "from pathlib import PurePath",
        "from uuid import uuid5",
        "self.time.now()",
        "class Bars:\n    open: float\nbars.open",
        "from alchemiser_core.symphony.read import open\nopen('(asset)')",
    ],
)
def test_values_that_only_sound_alike_are_no_fault(code):
    assert not list(impurities(ast.parse(code)))
