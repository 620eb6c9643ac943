"""What the distributions say of themselves and of one another."""

import ast
import importlib.metadata
import re
import sys
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

EXTRAS = {"alpaca", "postgresql", "strategies", "twelvedata", "all"}
OF_THE_APP = {"postgresql"}
"""Extras that bring no package of ours, only a library that the app can use."""


def test_the_root_brings_core_and_app(required):
    assert {requirement.name for requirement in required["alchemiser"]} == {
        "alchemiser-core",
        "alchemiser-app",
    }


def test_each_extra_of_the_root_brings_its_package_and_all_brings_every_one(projects):
    extras = projects["alchemiser"]["optional-dependencies"]
    assert extras.keys() == EXTRAS
    for extra in EXTRAS - {"all"}:
        (brought,) = map(Requirement, extras[extra])
        named = (
            ("alchemiser-app", {extra}) if extra in OF_THE_APP else (f"alchemiser-{extra}", set())
        )
        assert (brought.name, brought.extras) == named
    (everything,) = map(Requirement, extras["all"])
    assert everything.name == "alchemiser"
    assert everything.extras == EXTRAS - {"all"}


def test_every_package_is_brought_by_the_root_or_by_an_extra(projects):
    root = projects["alchemiser"]
    lines = chain(root["dependencies"], *root["optional-dependencies"].values())
    assert {Requirement(line).name for line in lines} == projects.keys()


def test_the_app_and_every_plugin_stand_on_core_and_never_on_each_other(required):
    for name, requirements in required.items():
        own = {r.name for r in requirements if r.name.startswith("alchemiser")}
        if name not in {"alchemiser", "alchemiser-core"}:
            assert own == {"alchemiser-core"}, name
    assert not [r for r in required["alchemiser-core"] if r.name.startswith("alchemiser")]


def test_requirements_on_our_own_distributions_admit_their_present_versions(projects, required):
    for name, requirements in required.items():
        for requirement in requirements:
            if requirement.name in projects:
                version = Version(projects[requirement.name]["version"])
                assert version in requirement.specifier, f"{name}: {requirement}"


def test_every_requirement_has_a_lower_bound_and_only_our_own_an_upper_one(projects, required):
    for name, requirements in required.items():
        for requirement in requirements:
            operators = {specifier.operator for specifier in requirement.specifier}
            expected = {">=", "<"} if requirement.name in projects else {">="}
            assert operators == expected, f"{name}: {requirement}"


def test_every_distribution_supports_the_same_pythons_under_the_same_license(projects):
    assert {project["requires-python"] for project in projects.values()} == {">=3.11"}
    assert {project["license"] for project in projects.values()} == {"MIT"}


def test_oracles_and_tools_are_never_needed_at_run_time(required, groups):
    needed = {canonicalize_name(r.name) for r in chain.from_iterable(required.values())}
    assert {"ta-lib", "empyrical-reloaded", "bt"} <= groups["oracles"]
    for group in ("oracles", "test", "types", "lint", "lock", "backend"):
        allowed = {"pandas"} if group == "test" else set()
        assert needed & groups[group] <= allowed, group


def top_level_imports(folder) -> set[str]:
    """The top-level packages that the modules of a distribution import, anywhere in them."""
    found = set()
    for path in folder.rglob("src/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
    return found - sys.stdlib_module_names


def test_every_package_declares_what_it_imports(folders, projects):
    makers = dict(importlib.metadata.packages_distributions())
    makers |= {name.replace("-", "_"): [name] for name in projects}
    for name, folder in folders.items():
        if name == "alchemiser":
            continue
        extras = projects[name].get("optional-dependencies", {}).values()
        lines = chain(projects[name]["dependencies"], *extras)
        declared = {canonicalize_name(Requirement(line).name) for line in lines} | {name}
        undeclared = {
            top
            for top in top_level_imports(folder)
            if not {canonicalize_name(maker) for maker in makers.get(top, ())} & declared
        }
        assert undeclared == set(), name


def test_every_entry_point_leads_to_something(projects):
    for project in projects.values():
        tables = (project.get("scripts", {}), *project.get("entry-points", {}).values())
        for name, value in chain.from_iterable(table.items() for table in tables):
            entry_point = importlib.metadata.EntryPoint(name, value, "tried")
            assert entry_point.load(), value


def test_versions_are_read_as_versions(projects):
    for project in projects.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", str(Version(project["version"])))
