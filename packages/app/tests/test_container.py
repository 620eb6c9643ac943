"""The container: every provider resolves, with the keywords that its function has."""

import inspect
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from attrs import evolve, fields
from dependency_injector import providers
from returns.result import Failure, Success

from alchemiser_app.composition import Invocation
from alchemiser_app.container import Application, Container, assemble
from alchemiser_app.trading.connections import BrokerRequest
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.virtual_clock import VirtualClock

PROVIDERS = {
    name: provider
    for name, provider in Container.providers.items()
    if not isinstance(provider, providers.Dependency)
}


@pytest.fixture
def application(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return assemble(Invocation(data="sample", target="portfolio"))


SHARED = sorted(set(PROVIDERS) - {"broker"})
"""What is built once; a broker is built anew for each request."""


@pytest.mark.parametrize("name", SHARED)
def test_every_provider_resolves_once(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    provider = Container(invocation=Invocation()).providers[name]
    first = provider()
    assert first is not None
    assert provider() is first


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_gives_its_function_exactly_what_it_asks_for(name):
    provider = PROVIDERS[name]
    asked = {"request"} if name == "broker" else set()
    assert set(provider.kwargs) | asked == set(inspect.signature(provider.provides).parameters)
    assert provider.args == ()


def test_a_broker_is_built_anew_for_each_request(application):
    request = BrokerRequest(
        feed=application.feed().unwrap(),
        calendar=application.calendar().unwrap(),
        clock=VirtualClock(datetime(2024, 3, 5, 20, 45, tzinfo=UTC)),
        symbols=(Symbol("SPY"),),
        today=date(2024, 3, 5),
    )
    first = application.broker(request).unwrap()
    with closing(first):
        assert (first.name, first.session.day) == ("paper", date(2024, 3, 5))
    later = evolve(request, today=date(2024, 3, 6))
    with closing(application.broker(later).unwrap()) as again:
        assert again is not first


def test_a_calendar_has_the_settings_of_its_own_table_and_no_others(application, tmp_path):
    (tmp_path / "alchemiser.toml").write_text(
        "[trading.calendar_settings]\nurl = 'canary-012345'\n"
    )
    (problem,) = assemble(Invocation()).calendar().failure().problems()
    assert problem.code == "unknown-setting"
    assert problem.where.endswith("trading.calendar_settings.url")
    assert "canary" not in str(problem)


def test_days_that_the_configuration_closes_are_no_sessions(application, tmp_path):
    (tmp_path / "alchemiser.toml").write_text(
        '[trading.calendar_settings]\nclosed = ["2024-03-06"]\n'
        'closes_early = {"2024-03-07" = "13:00"}\n'
    )
    calendar = assemble(Invocation()).calendar().unwrap()
    found = calendar.sessions(date(2024, 3, 5), date(2024, 3, 8)).unwrap()
    assert [(each.day.day, each.is_half_day) for each in found] == [
        (5, False),
        (7, True),
        (8, False),
    ]


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        ('closed = ["2024-02-30"]', "calendar_settings.closed", "bad-setting"),
        ('closed = ["2024-03-09"]', "calendar_settings.closed", "bad-calendar-day"),
        (
            'closes_early = {"2024-12-25" = "13:00"}',
            "calendar_settings.closes_early.2024-12-25",
            "bad-calendar-day",
        ),
    ],
)
def test_days_that_cannot_be_meant_are_told_with_their_place(
    application, tmp_path, line, place, code
):
    (tmp_path / "alchemiser.toml").write_text(f"[trading.calendar_settings]\n{line}\n")
    (problem,) = assemble(Invocation()).calendar().failure().problems()
    assert (problem.code, problem.where.endswith(place)) == (code, True)


def test_the_calendar_is_the_one_of_the_configuration(application, tmp_path):
    assert application.calendar().unwrap().name == "XNYS"
    (tmp_path / "alchemiser.toml").write_text('[trading]\ncalendar = "XNSY"\n')
    (problem,) = assemble(Invocation()).calendar().failure().problems()
    assert "trading.calendar" in problem.where
    assert "XNYS" in problem.hint


def test_the_notifiers_are_those_of_the_configuration_in_its_order(application, tmp_path):
    assert application.notifiers().unwrap() == ()
    (tmp_path / "alchemiser.toml").write_text(
        '[[notify]]\nname = "log"\n[[notify]]\nname = "file"\nsettings.path = "alerts.txt"\n'
    )
    found = assemble(Invocation()).notifiers().unwrap()
    assert [notifier.name for notifier in found] == ["log", "file"]


def test_everything_that_is_wrong_with_the_notifiers_is_told(application, tmp_path):
    (tmp_path / "alchemiser.toml").write_text(
        '[[notify]]\nname = "lgo"\n[[notify]]\nname = "flie"\n'
    )
    problems = assemble(Invocation()).notifiers().failure().problems()
    assert ["did you mean 'log'" in problems[0].hint, "'file'" in problems[1].hint] == [True, True]
    assert ["notify[0].name" in problems[0].where, "notify[1]" in problems[1].where] == [True, True]


def test_the_application_has_every_provider():
    named = {attribute.name for attribute in fields(Application)}
    assert named == set(PROVIDERS) - {"feed_parts"}, "what feeds are built from is no port"


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
