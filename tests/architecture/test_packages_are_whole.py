"""Every package has what a package needs, and its tests mirror its modules."""

import re
import tomllib

EVERY_PACKAGE_HAS = ("CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "src", "tests")


def test_every_package_has_its_files(packages):
    missing = [
        f"{package.name}/{name}"
        for package in packages
        for name in EVERY_PACKAGE_HAS
        if not (package / name).exists()
    ]
    assert missing == []


def test_every_package_is_typed(packages):
    untyped = [p.name for p in packages if not list(p.glob("src/alchemiser_*/py.typed"))]
    assert untyped == []


def test_every_package_carries_the_same_license(root, packages):
    license_text = (root / "LICENSE").read_text()
    assert license_text.startswith("MIT License")
    assert [p.name for p in packages if (p / "LICENSE").read_text() != license_text] == []


def test_the_import_name_follows_from_the_distribution(packages):
    for package in packages:
        project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
        (folder,) = package.glob("src/*")
        assert folder.name == project["name"].replace("-", "_")


def test_the_newest_entry_of_a_change_log_is_the_version(root, packages):
    for folder in (root, *packages):
        version = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["version"]
        newest = re.search(r"^## (\S+?),? ", (folder / "CHANGELOG.md").read_text(), re.MULTILINE)
        assert newest, folder
        assert newest.group(1) == version


def test_every_package_has_tests(packages):
    untested = [p.name for p in packages if not list(p.glob("tests/**/test_*.py"))]
    assert untested == []


def test_test_folders_are_no_packages(root, packages):
    folders = [root / "tests", *(package / "tests" for package in packages)]
    assert [path for folder in folders for path in folder.rglob("__init__.py")] == []
