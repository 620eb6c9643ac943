"""Layers, origins, and problems that are all reported at once."""

from decimal import Decimal

import pytest

from alchemiser_core.config import DecideOn, Flag, Mode, OriginKind, Settings, StrategyParameters
from alchemiser_core.domain.allocation.policy import BookRebalance

PORTFOLIO = """
decide_on = "after-close"

[portfolio]
rebalance_books = "yearly"

[[portfolio.strategies]]
strategy = "klm"
share = 0.35

[[portfolio.strategies]]
strategy = "rules/mine.edn"
share = "0.65"

[strategies.klm.parameters]
overbought = 80
nova.vix_gate = "UVXY"
"""


def test_nothing_at_all_gives_the_defaults(read):
    assert read().unwrap().settings == Settings()


def test_a_file_is_read_into_typed_values(read):
    settings = read(PORTFOLIO).unwrap().settings
    assert settings.decide_on is DecideOn.AFTER_CLOSE
    assert settings.mode is Mode.PAPER
    assert settings.portfolio.rebalance_books is BookRebalance.YEARLY
    assert [(e.strategy, e.share) for e in settings.portfolio.strategies] == [
        ("klm", Decimal("0.35")),
        ("rules/mine.edn", Decimal("0.65")),
    ]


def test_the_environment_is_stronger_than_the_file_and_a_flag_stronger_than_both(read):
    text = "[costs]\ncost_bps = 1\nslippage_bps = 2\n[planning]\ncash_buffer = 0.1\n"
    environment = {"ALCHEMISER_COSTS__COST_BPS": "3", "ALCHEMISER_COSTS__SLIPPAGE_BPS": "4"}
    flags = (Flag("--cost-bps", ("costs", "cost_bps"), "5.5"),)
    found = read(text, environment, flags).unwrap()
    assert found.settings.costs.cost_bps == Decimal("5.5")
    assert found.settings.costs.slippage_bps == 4
    assert found.settings.planning.cash_buffer == Decimal("0.1")
    assert str(found.origin("costs", "cost_bps")) == "--cost-bps"
    assert str(found.origin("costs", "slippage_bps")) == "ALCHEMISER_COSTS__SLIPPAGE_BPS"
    assert found.origin("planning", "cash_buffer").kind is OriginKind.FILE
    assert found.origin("planning", "cap").kind is OriginKind.DEFAULT


def test_of_two_flags_for_one_setting_the_later_one_counts(read):
    flags = tuple(Flag("--cost-bps", ("costs", "cost_bps"), text) for text in ("1", "2"))
    assert read("", {}, flags).unwrap().settings.costs.cost_bps == 2


def test_a_setting_is_set_even_where_it_repeats_the_default(read):
    found = read('decide_on = "previous-close"').unwrap()
    assert found.is_set("decide_on")
    assert not found.is_set("mode")


def test_every_setting_is_shown_with_its_value_and_its_origin(read):
    found = read(
        PORTFOLIO + '[planning]\ncapital = "60 %"\nunmanaged = ["spy", "brk/b"]\n',
        {"ALCHEMISER_PLANNING__WHOLE_SHARES": "true"},
    ).unwrap()
    shown = {s.path: (s.value, str(s.origin)) for s in found.shown(lambda path, value: True)}
    assert shown["portfolio.strategies[1].strategy"] == ("rules/mine.edn", "alchemiser.toml")
    assert shown["strategies.klm.parameters.nova.vix_gate"] == ("UVXY", "alchemiser.toml")
    assert shown["planning.capital"] == ("60 %", "alchemiser.toml")
    assert shown["planning.unmanaged"] == ("[BRK.B, SPY]", "alchemiser.toml")
    assert shown["planning.whole_shares"] == ("true", "ALCHEMISER_PLANNING__WHOLE_SHARES")
    assert shown["planning.cap"] == ("", "default")
    assert shown["planning.caps"] == ("{}", "default")
    assert shown["mode"] == ("paper", "default")


def test_security_s4_what_no_plugin_names_as_its_setting_is_masked(read):
    text = """
[data.settings]
folder = "bars"
api_key = "PK-canary"
[strategies.klm.parameters]
nova.token = "PK-canary"
[[notify]]
name = "mail"
settings.deep.secret = "PK-canary"
"""
    found = read(text).unwrap()
    shown = {s.path: s.value for s in found.shown(lambda path, value: path[-1] == "folder")}
    assert shown["data.settings.folder"] == "bars"
    assert shown["data.settings.api_key"] == "***"
    assert "PK-canary" not in str(shown)
    assert "PK-canary" not in str(found.shown())
    assert {s.path: s.value for s in found.shown()}["data.settings.folder"] == "***"


def test_all_problems_of_all_layers_are_reported_together(problems):
    text = """
        mode = "papr"
        [[portfolio.strategies]]
        strategy = "klm"
        shar = 1
        [planning]
        whole_shares = "no"
        cash_bufer = 1
        cap = 2
    """
    environment = {"ALCHEMISER_PLANNING__DRIFT_BAND": "wide", "ALCHEMISER_PLANING__CAP": "1"}
    found = problems(text, environment, (Flag("--cost-bps", ("costs", "cost_bps"), "-1"),))
    for start in (
        'alchemiser.toml: mode: "papr" is not one of the choices',
        "alchemiser.toml: portfolio.strategies[0]: portfolio.strategies[0].share is missing",
        "alchemiser.toml: portfolio.strategies[0].shar: there is no setting",
        'alchemiser.toml: planning.whole_shares: "no" is text (expected true or false)',
        "alchemiser.toml: planning.cash_bufer: there is no setting planning.cash_bufer; did you "
        "mean 'cash_buffer'?",
        "alchemiser.toml: planning.cap: the value is 2 (it has to be between 0 and 1)",
        'ALCHEMISER_PLANNING__DRIFT_BAND: planning.drift_band: "wide" is text',
        "ALCHEMISER_PLANING__CAP: planing: there is no setting planing; did you mean 'planning'?",
        "--cost-bps: costs.cost_bps: the value is -1",
    ):
        assert [problem for problem in found if problem.startswith(start)], start
    assert len(found) == 9


@pytest.mark.parametrize("name", ["cash-buffer", "Cash_Buffer", "cash buffer"])
def test_a_setting_has_one_spelling_and_the_error_says_which(problems, name):
    (problem,) = problems(f'[planning]\n"{name}" = 0')
    assert "did you mean 'cash_buffer'?" in problem


def test_an_unknown_table_lists_the_ones_there_are(problems):
    (problem,) = problems("[exchange]\nname = 'x'")
    assert "the top level has: mode, decide_on, portfolio" in problem


def test_a_value_where_a_table_belongs_is_refused(problems):
    assert "expected a table" in problems("planning = 3")[0]
    assert "expected a table" in problems("", {"ALCHEMISER_PLANNING": "3"})[0]
    assert "expected a list" in problems("[portfolio]\nstrategies = 'klm'")[0]
    assert "expected a table" in problems("[portfolio]\nstrategies = ['klm']")[0]


def test_the_secret_part_of_an_unknown_setting_is_not_repeated(problems):
    assert "PK12345" not in "".join(problems('api_key = "PK12345"'))


def test_the_variable_that_names_the_file_is_no_setting(read):
    environment = {"ALCHEMISER_CONFIG": "x.toml", "HOME": "/", "alchemiser_mode": "no"}
    assert read("", environment).unwrap().settings == Settings()


def test_a_variable_reaches_a_strategy_whose_name_has_a_hyphen(read):
    text = "[strategies.sixty-forty.parameters]\nstocks = 'SPY'\n"
    environment = {"ALCHEMISER_STRATEGIES__SIXTY_FORTY__PARAMETERS__STOCKS": "QQQ"}
    for file in (text, ""):
        found = read(file, environment).unwrap()
        path = ("strategies", "sixty-forty", "parameters")
        assert found.section(path, StrategyParameters).unwrap().values == {"stocks": "QQQ"}


def test_lesson_shares_are_exact(read, problems):
    def entries(*shares: str) -> str:
        return "".join(
            f"[[portfolio.strategies]]\nstrategy = 's{i}'\nshare = {share}\n"
            for i, share in enumerate(shares)
        )

    assert read(entries("0.1", "0.2", "0.7")).unwrap()
    assert read(entries("'0.333333333333333333'", "'0.666666666666666667'")).unwrap()
    (problem,) = problems(entries("0.5", "0.495"))
    assert problem == (
        "alchemiser.toml: portfolio.strategies: the shares add up to 0.995 "
        "(they have to add up to exactly 1); add 0.005"
    )
    assert "take away 0.001" in problems(entries("0.5", "0.501"))[0]
    assert "it has to be above 0 and at most 1" in problems(entries("0", "1"))[0]


def test_a_strategy_is_in_the_portfolio_once(problems):
    entry = "[[portfolio.strategies]]\nstrategy = 'klm'\nshare = 0.5\n"
    assert "klm is listed more than once" in problems(entry * 2)[0]


def test_the_settings_of_a_plugin_are_read_from_their_section(read):
    from attrs import frozen

    @frozen
    class Feed:
        folder: str
        seed: int = 4

    found = read("[data]\nfeed = 'files'\nsettings = {folder = 'bars', seed = 5}").unwrap()
    assert found.section(("data", "settings"), Feed).unwrap() == Feed("bars", 5)
    wrong = read("[data.settings]\nseed = 'five'\nfolde = 'x'").unwrap()
    texts = [str(p) for p in wrong.section(("data", "settings"), Feed).failure().problems()]
    assert len(texts) == 3
    assert any(
        "alchemiser.toml: data.settings: data.settings.folder is missing" in t for t in texts
    )
    assert any("alchemiser.toml: data.settings.seed: " in t for t in texts)
    assert any("did you mean 'folder'?" in t for t in texts)


def test_an_empty_section_gives_the_defaults_or_what_is_missing(read):
    from attrs import frozen

    @frozen
    class Needs:
        folder: str

    (problem,) = read().unwrap().section(("data", "settings"), Needs).failure().problems()
    assert problem.what == "data.settings.folder is missing"
    assert problem.where == "data.settings"
