"""Who may import whom, and when: the contracts of `.importlinter`, and laziness at the edges."""

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COSTLY = {"alpaca", "exchange_calendars", "matplotlib", "pandas", "pyarrow", "scipy", "sqlalchemy"}


def test_the_import_contracts_are_kept(root):
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_contracts_cover_every_package(root, modules):
    contracts = configparser.ConfigParser()
    contracts.read(root / ".importlinter")
    named = set(contracts["importlinter"]["root_packages"].split())
    assert named == {module.package for module in modules}


def executed_at_import(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run as soon as a module does; not those inside functions."""
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                yield statement
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                yield from executed_at_import(otherwise)
            case ast.If() | ast.Try() | ast.With() | ast.ClassDef():
                for field in ("body", "orelse", "finalbody"):
                    yield from executed_at_import(getattr(statement, field, []))


def tops(statement: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(statement, ast.ImportFrom):
        return {(statement.module or "").split(".")[0]}
    return {alias.name.split(".")[0] for alias in statement.names}


def test_costly_libraries_are_imported_where_they_are_used(modules):
    found = [
        f"{module.at(statement)} imports {', '.join(sorted(costly))} at once"
        for module in modules
        for statement in executed_at_import(module.tree.body)
        if (costly := tops(statement) & COSTLY)
    ]
    assert found == []


IMPORT_EVERYTHING = """
import importlib, pkgutil, sys

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen"}:
        raise RuntimeError(f"{event} while importing: {arguments}")

sys.addaudithook(refuse)
for package in sys.argv[1:]:
    top = importlib.import_module(package)
    for module in pkgutil.walk_packages(top.__path__, f"{package}."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
"""


def test_importing_a_package_reaches_for_no_network_and_starts_no_program(modules):
    packages = sorted({module.package for module in modules})
    command = [sys.executable, "-c", IMPORT_EVERYTHING, *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
