"""Commands of plugins are listed from metadata and imported only when they are run."""

import pytest

from alchemiser_core.plugins import plugin_commands


def commands(shelf):
    return {command.name: command for command in plugin_commands(lambda group: shelf.entry_points)}


def test_the_group_of_commands_is_read():
    asked = []
    plugin_commands(lambda group: asked.append(group) or [])
    assert asked == ["alchemiser.commands"]


def test_commands_are_listed_without_importing_them(shelf):
    shelf.add("taxes", ImportError("not now"))
    shelf.add("audit", print)
    assert list(commands(shelf)) == ["audit", "taxes"]
    assert shelf.loaded == []


def test_a_command_is_imported_when_it_is_loaded(shelf):
    shelf.add("audit", len)
    assert commands(shelf)["audit"].load().unwrap() is len


@pytest.mark.parametrize(
    ("target", "text"), [(ImportError("gone"), "gone"), (7, "int is not callable")]
)
def test_a_command_that_cannot_be_loaded_says_why(shelf, target, text):
    shelf.add("taxes", target)
    (problem,) = commands(shelf)["taxes"].load().failure().problems()
    assert problem.where == "taxes"
    assert text in problem.why


def test_a_command_that_two_plugins_claim_is_not_loaded(shelf):
    shelf.add("taxes", print, distribution="acme")
    shelf.add("taxes", len, distribution="bolt")
    (problem,) = commands(shelf)["taxes"].load().failure().problems()
    assert problem.code == "plugin-same-name"
    assert "acme" in problem.why
    assert "bolt" in problem.why
