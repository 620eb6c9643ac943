"""The container: every provider resolves, with the keywords that its function has."""

import inspect
import subprocess
import sys

import pytest
from attrs import fields
from dependency_injector import providers
from returns.result import Failure, Success

from alchemiser_app.composition import Invocation
from alchemiser_app.container import Application, Container, assemble

PROVIDERS = {
    name: provider
    for name, provider in Container.providers.items()
    if not isinstance(provider, providers.Dependency)
}


@pytest.fixture
def application(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return assemble(Invocation(data="sample", target="portfolio"))


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_resolves_once(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    provider = Container(invocation=Invocation()).providers[name]
    first = provider()
    assert first is not None
    assert provider() is first


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_gives_its_function_exactly_what_it_asks_for(name):
    provider = PROVIDERS[name]
    assert set(provider.kwargs) == set(inspect.signature(provider.provides).parameters)
    assert provider.args == ()


def test_the_application_has_every_provider():
    assert {attribute.name for attribute in fields(Application)} == set(PROVIDERS)


def test_something_else_than_an_invocation_is_refused():
    with pytest.raises(Exception, match="is not an instance of"):
        Container(invocation="klm").configuration()


def test_the_parts_are_wired_to_each_other(application):
    assert isinstance(application.configuration(), Success)
    assert application.feed().unwrap().name == "sample"
    (problem,) = application.strategies().failure().problems()
    assert problem.code == "empty-portfolio"


def test_a_broken_configuration_is_the_answer_of_all_that_rest_on_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alchemiser.toml").write_text("mode = 7")
    application = assemble(Invocation(data="sample", target="klm"))
    answers = [application.configuration(), application.feed(), application.strategies()]
    assert all(isinstance(answer, Failure) for answer in answers)
    assert {answer.failure().problems()[0].code for answer in answers} == {"bad-setting"}


def test_the_installed_feeds_come_in_by_the_plugins_door(application):
    registry = application.registry()
    assert "embedded" in {plugin.name for plugin in registry.plugins}
    assert registry.data_feed("files").unwrap().name == "files"
    assert registry.data_feed("sample").unwrap().name == "sample"


def test_no_installed_plugin_is_broken(application):
    problems = [p for broken in application.registry().broken() for p in broken.problems()]
    assert problems == []


def test_listing_commands_and_plugins_imports_no_plugin():
    program = (
        "import sys\n"
        "from alchemiser_app.composition import Invocation\n"
        "from alchemiser_app.container import assemble\n"
        "application = assemble(Invocation())\n"
        "application.commands(), application.registry().plugins\n"
        "sys.exit(any(m.endswith('.plugin') for m in sys.modules))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
