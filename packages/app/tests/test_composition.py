"""What a command works with is put together from configuration, command line and plugins."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, field, frozen
from returns.result import Failure, Success

from alchemiser_app.composition import (
    Invocation,
    build_strategies,
    read_configuration,
)
from alchemiser_app.configuration_check import notices_on, problems_in
from alchemiser_app.container import assemble
from alchemiser_app.feed_building import FeedParts, build_feed
from alchemiser_app.feeds.factories import FEEDS
from alchemiser_app.secrets.factories import SECRET_STORES
from alchemiser_core.config import StrategyParameters
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import (
    BuildError,
    DataFeedFactory,
    EntryPoint,
    SecretStoreFactory,
    StrategyFactory,
    discover,
    hookimpl,
)
from alchemiser_core.ports.secret_store import NoSecrets

EDN = """(defsymphony "mine" {:rebalance-frequency :daily :parameters {:stocks "SPY"}}
  (weight-equal [(asset #param stocks) (asset "BND")]))"""


@frozen
class Named:
    """A strategy as far as these tests look at it."""

    name: str
    settings: Any


@frozen
class Simple:
    stocks: str = "SPY"
    share: Decimal = Decimal("0.6")


@frozen
class Vendor:
    key_id: str = field(default="")


def _strategy(name: str, settings: type[Any]) -> StrategyFactory[Any]:
    return StrategyFactory(name, name, settings, lambda given, _: Success(Named(name, given)))


def _vendor(settings: Vendor, context: object) -> Any:
    return Failure(BuildError((Problem("no-vendor", "the vendor is away"),)))


class Plugin:
    """Two strategies, the app's own secret stores and feeds, and a feed that cannot be built."""

    @staticmethod
    @hookimpl
    def alchemiser_strategies() -> list[StrategyFactory[Any]]:
        return [_strategy("simple", Simple), _strategy("open-ended", StrategyParameters)]

    @staticmethod
    @hookimpl
    def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
        return [*FEEDS, DataFeedFactory("vendor", "away", Vendor, _vendor)]

    @staticmethod
    @hookimpl
    def alchemiser_secret_stores() -> list[SecretStoreFactory[Any]]:
        return list(SECRET_STORES)


@pytest.fixture
def registry():
    entry_point = EntryPoint("test", "test", "1", "test", Plugin)
    return discover(lambda group: [entry_point], "0.1.0")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty working folder with the files that it is given."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str):
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text)
        return tmp_path

    return write


def strategies(registry, **asked):
    invocation = Invocation(**asked)
    return read_configuration(invocation).bind(
        lambda loaded: build_strategies(invocation, loaded, registry, NoSecrets())
    )


def feed(registry, **asked):
    invocation = Invocation(**asked)
    return read_configuration(invocation).bind(
        lambda loaded: build_feed(FeedParts(invocation, loaded, registry, NoSecrets()))
    )


def texts(result):
    return [str(problem) for problem in result.failure().problems()]


# --- strategies --------------------------------------------------------------------------------


def test_a_strategy_is_built_with_its_defaults(registry, workspace):
    workspace()
    (only,) = strategies(registry, target="simple").unwrap()
    assert only.strategy == Named("simple", Simple())
    assert only.share == 1


def test_parameters_come_from_the_file_and_the_command_line_is_stronger(registry, workspace):
    workspace(alchemiser__toml="[strategies.simple.parameters]\nstocks = 'QQQ'\nshare = 0.5\n")
    (only,) = strategies(registry, target="simple", parameters=("share=0.7",)).unwrap()
    assert only.strategy.settings == Simple("QQQ", Decimal("0.7"))


def test_parameters_that_a_strategy_declares_itself_are_handed_on(registry, workspace):
    workspace()
    asked = ("over_bought=80", "nova.vix-gate = nil", "dips=SQQQ,TLT")
    (only,) = strategies(registry, target="open-ended", parameters=asked).unwrap()
    assert only.strategy.settings.values == {
        "over-bought": 80.0,
        "nova.vix-gate": None,
        "dips": ("SQQQ", "TLT"),
    }


def test_a_wrong_parameter_is_blamed_on_the_flag(registry, workspace):
    workspace()
    (text,) = texts(strategies(registry, target="simple", parameters=("shares=1",)))
    assert text.startswith("--set: strategies.simple.parameters.shares: there is no setting")
    assert "did you mean 'share'?" in text


@pytest.mark.parametrize("text", ["share", "=1", ""])
def test_a_parameter_has_a_name_and_a_value(registry, workspace, text):
    workspace()
    (problem,) = strategies(registry, target="simple", parameters=(text,)).failure().problems()
    assert problem.code == "bad-parameter"
    assert problem.why == "expected name=value"


def test_an_unknown_strategy_is_answered_with_the_nearest(registry, workspace):
    workspace()
    (text,) = texts(strategies(registry, target="simpel"))
    assert "did you mean 'simple'? there are: open-ended, simple" in text


def test_a_symphony_file_is_a_strategy_named_after_the_file(registry, workspace):
    workspace(My_Rules__edn=EDN)
    (only,) = strategies(registry, target="My_Rules.edn", parameters=("stocks=QQQ",)).unwrap()
    assert only.strategy.name == "my-rules"
    assert only.strategy.requirements.traded == ("BND", "QQQ")


def test_what_is_odd_about_a_symphony_file_comes_with_it(registry, workspace):
    workspace(odd__edn='(defsymphony "odd" {:colour "red"} (asset "SPY"))')
    (only,) = strategies(registry, target="odd.edn").unwrap()
    assert any("colour" in str(warning) for warning in only.warnings)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.edn", None, "no-symphony"),
        ("bad.edn", b"\xff\xfe", "not-text"),
        ("bad.edn", b"(if", "unreadable-text"),
    ],
)
def test_a_symphony_file_that_cannot_be_read_says_why(registry, workspace, name, content, code):
    folder = workspace()
    if content is not None:
        (folder / name).write_bytes(content)
    found = strategies(registry, target=name).failure().problems()
    assert found[0].code == code
    assert name in found[0].where


def test_a_parameter_that_a_symphony_does_not_have_is_an_error(registry, workspace):
    workspace(mine__edn=EDN)
    (problem, *_) = (
        strategies(registry, target="mine.edn", parameters=("stock=QQQ",)).failure().problems()
    )
    assert "stock" in problem.what


PORTFOLIO = """
[[portfolio.strategies]]
strategy = "simple"
share = 0.25
[[portfolio.strategies]]
strategy = "mine.edn"
share = 0.75
[strategies."mine.edn".parameters]
stocks = "QQQ"
"""


def test_the_portfolio_has_its_strategies_with_their_shares(registry, workspace):
    workspace(alchemiser__toml=PORTFOLIO, mine__edn=EDN)
    found = strategies(registry, target="portfolio", parameters=("simple.stocks=VTI",)).unwrap()
    assert [entry.strategy.name for entry in found] == ["simple", "mine"]
    assert [entry.share for entry in found] == [Decimal("0.25"), Decimal("0.75")]
    assert found[0].strategy.settings.stocks == "VTI"
    assert found[1].strategy.requirements.traded == ("BND", "QQQ")


@pytest.mark.parametrize("section", ["mine.edn", "./mine.edn", "sub/../mine.edn", "{}/mine.edn"])
@pytest.mark.parametrize("target", ["mine.edn", "./mine.edn", "{}/mine.edn", "portfolio"])
def test_a_file_has_its_parameters_under_whatever_name(registry, workspace, section, target):
    folder = workspace(mine__edn=EDN)
    (folder / "sub").mkdir()
    text = PORTFOLIO.replace('strategies."mine.edn"', f'strategies."{section.format(folder)}"')
    (folder / "alchemiser.toml").write_text(text)
    target = target.format(folder)
    found = strategies(registry, target=target).unwrap()
    assert found[-1].strategy.requirements.traded == ("BND", "QQQ")
    prefix = "mine.edn." if target == "portfolio" else ""
    for parameters in ((f"{prefix}stocks=VTI",), (f"{prefix}stocks = VTI",)):
        found = strategies(registry, target=target, parameters=parameters).unwrap()
        assert found[-1].strategy.requirements.traded == ("BND", "VTI")


def test_a_file_of_the_same_name_elsewhere_has_parameters_of_its_own(
    registry, workspace, monkeypatch
):
    folder = workspace(mine__edn=EDN)
    (folder / "alchemiser.toml").write_text(PORTFOLIO[PORTFOLIO.index("[strategies.") :])
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.edn").write_text(EDN)
    monkeypatch.chdir(elsewhere)
    config = str(folder / "alchemiser.toml")
    for target, traded in (("mine.edn", "SPY"), ("../mine.edn", "QQQ")):
        (only,) = strategies(registry, target=target, config=config).unwrap()
        assert only.strategy.requirements.traded == ("BND", traded)
    asked = {"target": "mine.edn", "parameters": ("stocks=VTI",), "config": config}
    (only,) = strategies(registry, **asked).unwrap()
    assert only.strategy.requirements.traded == ("BND", "VTI")
    (elsewhere / "mine.edn").unlink()
    assert problems_in(read_configuration(Invocation(config=config)).unwrap(), registry) == ()


def test_a_wrong_parameter_of_a_file_is_blamed_on_its_line(registry, workspace):
    text = PORTFOLIO.replace('strategies."mine.edn"', 'strategies."./mine.edn"')
    workspace(alchemiser__toml=text.replace("stocks = ", "stoks = "), mine__edn=EDN)
    found = texts(strategies(registry, target="mine.edn"))
    assert any("alchemiser.toml:8: strategies.mine.edn.parameters" in text for text in found)


def test_files_of_a_portfolio_are_beside_its_configuration(registry, workspace, monkeypatch):
    folder = workspace(alchemiser__toml=PORTFOLIO, mine__edn=EDN)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    asked = {"config": str(folder / "alchemiser.toml")}
    assert len(strategies(registry, target="portfolio", **asked).unwrap()) == 2


def test_all_that_is_wrong_with_a_portfolio_is_reported_together(registry, workspace):
    workspace(alchemiser__toml=PORTFOLIO.replace('"simple"', '"smple"'))
    found = texts(strategies(registry, target="portfolio"))
    assert len(found) == 2
    assert any("did you mean 'simple'" in text for text in found)
    assert any("mine.edn: the symphony cannot be read" in text for text in found)


def test_an_empty_portfolio_says_how_to_fill_it(registry, workspace):
    workspace(alchemiser__toml="mode = 'paper'")
    (text,) = texts(strategies(registry, target="portfolio"))
    assert "[[portfolio.strategies]]" in text


def test_two_books_cannot_have_one_name(registry, workspace):
    folder = workspace(alchemiser__toml=PORTFOLIO.replace('"simple"', '"sub/mine.edn"'))
    (folder / "sub").mkdir()
    for place in (folder, folder / "sub"):
        (place / "mine.edn").write_text(EDN)
    (text,) = texts(strategies(registry, target="portfolio"))
    assert "two strategies of the portfolio are called mine" in text


def test_a_parameter_for_the_portfolio_names_its_strategy(registry, workspace):
    workspace(alchemiser__toml=PORTFOLIO, mine__edn=EDN)
    (text,) = texts(strategies(registry, target="portfolio", parameters=("stocks=VTI",)))
    assert "expected strategy.name=value" in text


# --- the feed ----------------------------------------------------------------------------------


def test_a_folder_is_read_by_the_files_feed(registry, workspace):
    folder = workspace()
    (folder / "bars").mkdir()
    found = feed(registry, data="bars").unwrap()
    assert found.name == "files"
    assert str(found.folder) == "bars"


def test_a_feed_is_chosen_by_its_name(registry, workspace):
    workspace()
    assert feed(registry, data="sample").unwrap().synthetic


def test_a_name_means_the_feed_and_a_path_the_folder(registry, workspace):
    folder = workspace()
    (folder / "sample").mkdir()
    assert feed(registry, data="sample").unwrap().name == "sample"
    assert feed(registry, data="./sample").unwrap().name == "files"


def test_the_configured_feed_gets_its_settings_and_paths_beside_the_file(registry, workspace):
    folder = workspace(alchemiser__toml="[data]\nfeed = 'files'\nsettings = { folder = 'bars' }\n")
    config = str(folder / "alchemiser.toml")
    assert any("there is no folder" in text for text in texts(feed(registry, config=config)))
    (folder / "bars").mkdir()
    assert feed(registry, config=config).unwrap().folder == folder / "bars"


def test_the_command_line_replaces_the_configured_feed_and_its_settings(registry, workspace):
    workspace(alchemiser__toml="[data]\nfeed = 'files'\nsettings = { folder = 'bars' }\n")
    assert feed(registry, data="sample").unwrap().name == "sample"


def test_naming_the_configured_feed_keeps_its_settings(registry, workspace):
    workspace(alchemiser__toml="[data]\nfeed = 'sample'\nsettings = { seed = 9 }\n")
    assert feed(registry, data="sample").unwrap().seed == 9


@pytest.mark.parametrize(
    ("asked", "toml", "text"),
    [
        (None, "", "nothing says where bars come from"),
        ("smple", "", "did you mean 'sample'?"),
        ("no/such/folder", "", "is neither a folder nor a data feed"),
        (None, "[data]\nfeed = 'smple'", "did you mean 'sample'?"),
        (None, "[data]\nfeed = 'files'", "data.settings.folder is missing"),
        (None, "[data]\nfeed = 'sample'\nsettings = {sed = 1}", "did you mean 'seed'?"),
        ("files", "", "folder is missing"),
        ("vendor", "", "the vendor is away"),
    ],
)
def test_what_is_no_source_of_bars_says_what_to_do(registry, workspace, asked, toml, text):
    workspace(alchemiser__toml=toml)
    assert any(text in found for found in texts(feed(registry, data=asked)))


# --- the check of a configuration ---------------------------------------------------------------


def test_everything_that_a_configuration_names_is_tried(registry, workspace):
    workspace(
        alchemiser__toml=PORTFOLIO + "[strategies.klm.parameters]\nx = 1\n[data]\nfeed = 'vendor'\n"
    )
    loaded = read_configuration(Invocation()).unwrap()
    found = [str(problem) for problem in problems_in(loaded, registry)]
    assert len(found) == 3
    assert any("no strategy 'klm'" in text for text in found)
    assert any("mine.edn" in text for text in found)
    assert any("the vendor is away" in text for text in found)


def test_a_sound_configuration_has_no_problems_and_no_notices(registry, workspace):
    workspace(alchemiser__toml=PORTFOLIO, mine__edn=EDN)
    loaded = read_configuration(Invocation()).unwrap()
    assert problems_in(loaded, registry) == ()
    assert notices_on(loaded) == ()


def test_live_mode_needs_the_number_of_the_account_and_limits_in_dollars(registry, workspace):
    workspace(alchemiser__toml="mode = 'live'")
    problems = problems_in(read_configuration(Invocation()).unwrap(), registry)
    assert [(problem.code, problem.where) for problem in problems] == [
        ("live-without-limits", "risk.max_order_value"),
        ("live-without-limits", "risk.max_day_value"),
        ("live-without-account", "alchemiser.toml:1: mode"),
    ]
    limits = "[risk]\nmax_order_value = 100\nmax_day_value = 200\n"
    workspace(alchemiser__toml="mode = 'live'\n[broker]\naccount = '123'\n" + limits)
    assert problems_in(read_configuration(Invocation()).unwrap(), registry) == ()


def test_the_broker_and_its_settings_are_checked_without_connecting(registry, workspace):
    workspace(alchemiser__toml="[broker]\nname = 'papr'")
    (problem,) = problems_in(read_configuration(Invocation()).unwrap(), registry)
    assert (problem.code, problem.where) == ("unknown-broker", "alchemiser.toml:2: broker.name")
    workspace(alchemiser__toml="[broker.settings]\ncsh = 5")
    installed = assemble(Invocation())
    (problem,) = problems_in(installed.configuration().unwrap(), installed.registry())
    assert problem.code == "unknown-setting"
    assert "did you mean 'cash'" in problem.hint


def test_limits_that_a_deadline_never_lets_come_are_noticed(workspace):
    steps = "[execution]\nstep_seconds = 121\n"
    workspace(alchemiser__toml=steps)
    assert notices_on(read_configuration(Invocation()).unwrap()) == ()
    workspace(alchemiser__toml=steps + "tactic = 'progressive-limit'\n")
    (notice,) = notices_on(read_configuration(Invocation()).unwrap())
    assert notice.code == "deadline-before-last-step"
    assert "605 seconds" in notice.what
    workspace(alchemiser__toml="[execution]\nstep_seconds = 120\ntactic = 'progressive-limit'\n")
    assert notices_on(read_configuration(Invocation()).unwrap()) == ()


def test_an_invocation_is_a_value():
    assert evolve(Invocation(), target="klm") == Invocation(target="klm")
