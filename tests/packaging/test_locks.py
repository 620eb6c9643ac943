"""The lock files hold what the project files ask for, at one version each, with hashes."""

import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

IN_THE_DEMO = ("alchemiser-core", "alchemiser-app", "alchemiser-strategies")


@pytest.fixture(scope="module", params=["demo", "runtime", "ci"])
def lock_text(request, root) -> str:
    return (root / "requirements" / f"{request.param}.txt").read_text()


def unmet(requirements, lock, projects) -> list[str]:
    """Requirements on others that a lock does not meet."""
    others = [r for r in requirements if r.name not in projects]
    pinned = {r: lock.get(canonicalize_name(r.name)) for r in others}
    return [str(r) for r, version in pinned.items() if not version or version not in r.specifier]


def test_the_locks_meet_what_every_package_needs(required, locks, projects):
    everything = list(chain.from_iterable(required.values()))
    demo = list(chain.from_iterable(required[name] for name in IN_THE_DEMO))
    assert unmet(demo, locks["demo"], projects) == []
    assert unmet(everything, locks["runtime"], projects) == []
    assert unmet(everything, locks["ci"], projects) == []


def test_the_lock_of_ci_meets_the_tools_the_tests_and_the_oracles(root, locks, projects):
    groups = tomllib.loads((root / "pyproject.toml").read_text())["dependency-groups"]
    included = {entry["include-group"] for entry in groups["ci"]}
    assert included == {"build", "lint", "oracles", "test", "types"}
    lines = [e for g in {*included, "backend"} for e in groups[g] if isinstance(e, str)]
    assert unmet(map(Requirement, lines), locks["ci"], projects) == []


def test_a_library_has_one_version_in_all_locks(locks):
    assert locks["demo"].items() <= locks["runtime"].items() <= locks["ci"].items()


def test_no_oracle_and_no_tool_is_in_the_locks_of_users(locks, groups):
    tools = groups["oracles"] | groups["lint"] | groups["types"] | {"pytest", "hypothesis"}
    assert not locks["runtime"].keys() & tools


def test_every_pin_has_a_hash_and_no_index_is_named(lock_text):
    pins = re.split(r"\n(?=\S)", lock_text)
    assert [pin for pin in pins if "==" in pin and "--hash=sha256:" not in pin] == []
    assert not re.search(r"://|--(extra-)?index|--find-links", lock_text)
