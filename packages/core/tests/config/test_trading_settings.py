"""The settings of trading: defaults, what is refused and how, and what they become."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alchemiser_core.config import DecideOn, Settings
from alchemiser_core.config.risk_settings import RiskSettings
from alchemiser_core.config.trading_settings import (
    Adoption,
    ClockChoice,
    ExecutionSettings,
    Finish,
    OnHalt,
    TacticName,
)
from alchemiser_core.domain.risk.leveraged_funds import LEVERAGED_FUNDS
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.schedule.next_step import MissedSlot
from alchemiser_core.domain.schedule.slot import Anchor, Slot
from alchemiser_core.domain.symbol import Symbol

ALL = """
[trading]
slot = "open + 30 min"
window_minutes = 20
missed_slot = "skip"
clock = "broker"
calendar = "XLON"
adopt = "adopt"
cash_tolerance = "0.5"
on_halt = "leave"
clock_skew_seconds = 5

[execution]
tactic = "progressive-limit"
steps = [0, 0.5, 1]
step_seconds = 7
finish = "nothing"
price_collar = 0.01
quote_age_seconds = 30
widest_spread = "0.005"
sell_seconds = 60
poll_seconds = 1
grace_seconds = 15
deadline_seconds = 300

[broker]
name = "vendor"
account = "123"
[broker.settings]
host = "near"

[journal]
location = "state/mine.db"
halt_file = "stop"

[[notify]]
name = "mail"
[notify.settings]
to = "me"

[[notify]]
name = "bell"

[risk]
max_turnover = 1.5
max_orders = 20
max_order_value = 5000
allowed = ["tqqq", "SPY"]
[risk.leveraged_funds]
WILD = 4
"""


def test_every_section_is_read_into_typed_values(read):
    settings = read(ALL).unwrap().settings
    trading, execution = settings.trading, settings.execution
    assert trading.slot == Slot(Anchor.OPEN, timedelta(minutes=30))
    assert (trading.missed_slot, trading.clock) == (MissedSlot.SKIP, ClockChoice.BROKER)
    assert (trading.adopt, trading.on_halt) == (Adoption.ADOPT, OnHalt.LEAVE)
    assert (trading.calendar, trading.cash_tolerance) == ("XLON", Decimal("0.5"))
    assert (trading.window_minutes, trading.clock_skew_seconds) == (20, 5)
    assert (execution.tactic, execution.finish) == (TacticName.PROGRESSIVE_LIMIT, Finish.NOTHING)
    assert execution.steps == (0, Decimal("0.5"), 1)
    assert (settings.broker.account, settings.broker.settings) == ("123", {"host": "near"})
    assert (settings.journal.location, settings.journal.halt_file) == ("state/mine.db", "stop")
    assert [(n.name, n.settings) for n in settings.notify] == [("mail", {"to": "me"}), ("bell", {})]


def test_an_empty_file_trades_on_paper_late_rather_than_never_and_adopts_nothing(read):
    settings = read().unwrap().settings
    assert (settings.broker.name, settings.broker.account) == ("paper", None)
    assert settings.trading.slot is None
    assert settings.trading.missed_slot is MissedSlot.LATE
    assert settings.trading.adopt is Adoption.REFUSE
    assert settings.execution.tactic is TacticName.MARKET
    assert settings.notify == ()


def test_every_section_is_shown_value_by_value(read):
    shown = {s.path: s.value for s in read(ALL).unwrap().shown(lambda path, value: True)}
    assert shown["trading.slot"] == "open + 30 min"
    assert shown["execution.steps"] == "[0, 0.5, 1]"
    assert shown["risk.leveraged_funds.WILD"] == "4"
    assert shown["risk.allowed"] == "[SPY, TQQQ]"
    assert shown["notify[0].name"] == "mail"
    assert shown["notify[0].settings.to"] == "me"
    assert shown["broker.settings.host"] == "near"
    assert {s.path: s.value for s in read().unwrap().shown()}["trading.slot"] == ""


def test_the_environment_sets_them_too(read):
    environment = {
        "ALCHEMISER_TRADING__SLOT": "close - 5 min",
        "ALCHEMISER_EXECUTION__STEPS": "0, 1",
        "ALCHEMISER_RISK__MAX_ORDERS": "7",
        "ALCHEMISER_RISK__ALLOWED": "SPY,BRK-B",
        "ALCHEMISER_RISK__LEVERAGED_FUNDS__WILD": "2",
    }
    settings = read("", environment).unwrap().settings
    assert settings.trading.slot == Slot(Anchor.CLOSE, timedelta(minutes=5))
    assert settings.execution.steps == (0, 1)
    assert settings.risk.max_orders == 7
    assert settings.risk.allowed == {"SPY", "BRK.B"}


def test_a_slot_that_is_none_says_what_where_why_and_what_to_do(problems):
    (problem,) = problems('[trading]\nslot = "noon"')
    assert problem == (
        "alchemiser.toml: trading.slot: 'noon' is no slot of a session "
        "(it has to be open or close, and how far from there); "
        'write it like "close - 15 min", "open" or "open + 1 min"'
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[trading]\nslot = 15", "expected text"),
        ('[trading]\nslot = "close"', "the market is closed then"),
        ("[trading]\nwindow_minutes = 0", "minutes from 1 to 390"),
        ("[trading]\nwindow_minutes = 1.5", "expected a whole number"),
        ('[trading]\nmissed_slot = "wait"', "expected one of skip, late"),
        ('[trading]\nclock = "sundial"', "expected one of system, broker"),
        ('[trading]\ncalendar = ""', "not empty"),
        ("[trading]\nadopt = true", "expected one of refuse, adopt"),
        ("[trading]\ncash_tolerance = -1", "0 or more US dollars"),
        ("[trading]\nclock_skew_seconds = 3601", "seconds from 1 to 3600"),
        ('[execution]\ntactic = "limit"', "expected one of market, progressive-limit"),
        ("[execution]\nsteps = []", "each above the one before"),
        ("[execution]\nsteps = [0.5, 0.5]", "each above the one before"),
        ("[execution]\nsteps = [-0.1, 1]", "numbers from 0 to 1"),
        ("[execution]\nsteps = [0, 1.1]", "numbers from 0 to 1"),
        ("[execution]\nprice_collar = 2", "between 0 and 1"),
        ("[execution]\npoll_seconds = 0", "seconds from 1 to 3600"),
        ("[risk]\nmax_gross = 1.5", "between 0 and 1"),
        ("[risk]\nmax_weight = -1", "between 0 and 1"),
        ("[risk]\nmax_turnover = 0", "above 0"),
        ("[risk]\nmax_orders = 0", "from 1 to 100000"),
        ("[risk]\nmax_equity_drop = 50", "between 0 and 1"),
        ('[risk]\nallowed = "SPY"', "put it in square brackets"),
        ("[risk.leveraged_funds]\nWILD = 0.5", "a daily multiple from 1 to 10"),
        ("[risk]\nmax_ordrs = 3", "did you mean 'max_orders'"),
        ('[broker]\naccount = " "', "not empty"),
        ("[broker]\naccount = 123", "expected text"),
        ("[[notify]]\nsettings = {}", "notify[0].name is missing"),
        ('[notify]\nname = "mail"', "expected a list"),
        ('[journal]\nlocation = ""', "a path, or the URL"),
        ('[journal]\nlocation = "mysql://host/db"', "mysql:// is no journal"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_rule(problems, text, said):
    (problem,) = problems(text)
    assert said in problem
    assert problem.startswith("alchemiser.toml: ")


@pytest.mark.parametrize(
    "location",
    [
        "postgresql://me:hunter2@host/db",
        "postgresql+psycopg://me:hunter2@host:5432/db?sslmode=require",
        "postgresql://host/db?user=me&password=hunter2",
        "POSTGRESQL://host/db?PASSWORD=hunter2",
    ],
)
def test_a_password_in_the_journals_url_is_refused_and_not_repeated(problems, location):
    (problem,) = problems(f'[journal]\nlocation = "{location}"')
    assert "PGPASSWORD" in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    "location",
    ["journal.db", "/var/lib/a b/j.db", "postgresql://me@host/db", "postgresql+psycopg:///db"],
)
def test_paths_and_databases_without_a_password_are_journals(read, location):
    text = f'[journal]\nlocation = "{location}"'
    assert read(text).unwrap().settings.journal.location == location


def test_trading_goes_by_the_session_before_where_nothing_is_said():
    assert Settings().decide_on is None
    assert Settings().trading_decide_on is DecideOn.PREVIOUS_CLOSE
    chosen = Settings(decide_on=DecideOn.PROVISIONAL)
    assert chosen.trading_decide_on is DecideOn.PROVISIONAL


def test_risk_settings_become_limits_with_the_list_of_leveraged_funds(read):
    limits = read(ALL).unwrap().settings.risk.limits()
    assert (limits.max_turnover, limits.max_orders) == (Decimal("1.5"), 20)
    assert (limits.max_order_value, limits.allowed) == (5000, {"SPY", "TQQQ"})
    assert limits.factor(Symbol("WILD")) == 4
    assert limits.factor(Symbol("TQQQ")) == 3


def test_no_limit_is_lost_on_the_way():
    given = {
        name: Decimal(number) / 100
        for number, name in enumerate(
            (
                "max_turnover",
                "max_order_value",
                "max_order_fraction",
                "max_day_value",
                "max_weight",
                "max_gross",
                "max_leveraged_weight",
                "max_exposure",
                "max_equity_drop",
                "max_spread",
            ),
            start=1,
        )
    }
    given |= {"max_orders": 3, "allowed": frozenset({Symbol("A")})}
    given["denied"] = frozenset({Symbol("B")})
    assert RiskSettings(**given).limits() == RiskLimits(**given)


def test_by_default_only_what_cannot_be_right_is_refused():
    limits = RiskSettings().limits()
    assert limits == RiskLimits(
        max_turnover=Decimal("2.1"), max_orders=200, max_equity_drop=Decimal("0.5")
    )
    assert limits.leveraged_funds == LEVERAGED_FUNDS


def test_what_is_refused_is_shown_as_it_is_written(problems):
    assert "the value is [0.5, 0.5]" in problems("[execution]\nsteps = [0.5, 0.5]")[0]
    assert "the value is {WILD = 0.5}" in problems("[risk.leveraged_funds]\nWILD = 0.5")[0]


def test_a_rule_holds_too_where_execution_settings_are_made_in_python():
    with pytest.raises(ValueError, match=r"the value is \[1, 0\]"):
        ExecutionSettings(steps=(Decimal(1), Decimal(0)))


@pytest.mark.parametrize("name", ["halt_file", "location"])
@pytest.mark.parametrize("path", ["", " ", "/", "a\\u0000b", "a\\u001b[2Jb", "~nobody/x"])
def test_what_is_no_path_is_refused(read, name, path):
    (problem,) = read(f'[journal]\n{name} = "{path}"\n').failure().problems()
    assert f"journal.{name}" in problem.where


@pytest.mark.parametrize("path", ["~/x", "~", "a b/日本", "./x", "../x", "C:\\\\x"])
def test_a_path_is_taken_as_it_is(read, path):
    settings = read(f'[journal]\nhalt_file = "{path}"\n').unwrap().settings
    assert settings.journal.halt_file == path.replace("\\\\", "\\")
