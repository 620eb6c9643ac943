"""What the registry offers, and that nothing is imported before it is needed."""

from typing import Any

import pytest

from alchemiser_core.plugins import (
    BrokenPlugin,
    BrokerFactory,
    CalendarFactory,
    DataFeedFactory,
    EntryPoint,
    NoSettings,
    NotifierFactory,
    PluginKind,
    SecretStoreFactory,
    SimulatorFactory,
    UnknownName,
    discover,
)


def test_a_factory_is_found_by_its_name(shelf, strategy, offering):
    klm = strategy("klm")
    shelf.add("builtin", offering([strategy("nuclear"), klm]))
    assert shelf.registry().strategy("klm").unwrap() is klm


@pytest.mark.parametrize(
    ("hook", "factory_class", "look_up"),
    [
        ("alchemiser_data_feeds", DataFeedFactory, "data_feed"),
        ("alchemiser_brokers", BrokerFactory, "broker"),
        ("alchemiser_calendars", CalendarFactory, "calendar"),
        ("alchemiser_secret_stores", SecretStoreFactory, "secret_store"),
        ("alchemiser_notifiers", NotifierFactory, "notifier"),
        ("alchemiser_simulators", SimulatorFactory, "simulator"),
    ],
)
def test_every_kind_has_its_hook_and_its_look_up(
    shelf, offering, hook: str, factory_class: Any, look_up: str
):
    factory = factory_class("acme", "of Acme", NoSettings, lambda settings, context: None)
    shelf.add("acme", offering([factory], hook))
    registry = shelf.registry()
    assert getattr(registry, look_up)("acme").unwrap() is factory
    assert [offer.factory for offer in registry.available()] == [factory]
    assert registry.broken() == ()


def test_names_of_plugins_are_known_without_importing_any(shelf, strategy, offering):
    shelf.add("two", offering([strategy("b")]))
    shelf.add("one", offering([strategy("a")]))
    registry = shelf.registry()
    assert [plugin.name for plugin in registry.plugins] == ["one", "two"]
    assert shelf.loaded == []


def test_making_a_registry_reads_no_metadata():
    def read(group: str) -> list[EntryPoint]:
        raise AssertionError("metadata was read")

    discover(read, "0.1.0")


def test_metadata_is_read_and_plugins_are_imported_once(shelf, strategy, offering):
    shelf.add("one", offering([strategy("a")]))
    registry = shelf.registry()
    registry.strategy("a")
    registry.strategy("a")
    registry.data_feed("x")
    registry.available()
    registry.broken()
    assert shelf.loaded == ["one"]


def test_asking_for_strategies_does_not_ask_for_brokers(shelf, strategy, offering):
    shelf.add("ok", offering([strategy("a")]))
    shelf.add("bad", offering(RuntimeError("no brokers today"), "alchemiser_brokers"))
    registry = shelf.registry()
    assert registry.strategy("a").unwrap().name == "a"
    assert [o.factory.name for o in registry.available(PluginKind.STRATEGY)] == ["a"]
    assert [broken.plugin for broken in registry.broken()] == ["bad"]


def test_an_unknown_name_is_answered_with_the_nearest_and_all_there_are(shelf, strategy, offering):
    shelf.add("builtin", offering([strategy("nuclear"), strategy("klm")]))
    error = shelf.registry().strategy("nuklear").failure()
    assert isinstance(error, UnknownName)
    (problem,) = error.problems()
    assert problem.code == "unknown-strategy"
    assert "'nuklear'" in problem.what
    assert problem.hint == "did you mean 'nuclear'? there are: klm, nuclear"
    assert problem.why == ""


def test_an_unknown_name_mentions_the_broken_plugins_that_might_have_it(shelf, strategy, offering):
    shelf.add("builtin", offering([strategy("klm")]))
    shelf.add("acme", ImportError("no acme"))
    shelf.add("bolt", offering(RuntimeError("no")))
    (problem,) = shelf.registry().strategy("acme-momentum").failure().problems()
    assert "acme, bolt" in problem.why


def test_without_any_plugin_there_is_nothing_and_it_says_so(shelf):
    registry = shelf.registry()
    assert registry.available() == ()
    assert registry.broken() == ()
    (problem,) = registry.data_feed("files").failure().problems()
    assert problem.code == "unknown-data-feed"
    assert problem.hint == "there are none"


def test_what_is_available_is_sorted_by_kind_and_name(shelf, strategy, offering):
    shelf.add("z", offering([strategy("b"), strategy("a")]))
    feed = DataFeedFactory("files", "files", NoSettings, lambda settings, context: None)
    shelf.add("a", offering([feed], "alchemiser_data_feeds"))
    offers = shelf.registry().available()
    assert [(o.kind, o.factory.name, o.entry_point.name) for o in offers] == [
        (PluginKind.STRATEGY, "a", "z"),
        (PluginKind.STRATEGY, "b", "z"),
        (PluginKind.DATA_FEED, "files", "a"),
    ]


def test_a_name_offered_twice_is_withheld_from_both_and_the_rest_is_kept(shelf, strategy, offering):
    shelf.add("acme", offering([strategy("klm"), strategy("acme-only")]))
    shelf.add("builtin", offering([strategy("klm"), strategy("nuclear")]))
    registry = shelf.registry()
    error = registry.strategy("klm").failure()
    assert isinstance(error, BrokenPlugin)
    (problem,) = error.problems()
    assert problem.code == "plugin-name-clash"
    assert "acme, builtin" in problem.why
    assert [o.factory.name for o in registry.available()] == ["acme-only", "nuclear"]
    assert [broken.plugin for broken in registry.broken()] == ["acme", "builtin"]


def test_a_name_offered_twice_by_one_plugin_is_one_record(shelf, strategy, offering):
    shelf.add("acme", offering([strategy("klm"), strategy("klm")]))
    (broken,) = shelf.registry().broken()
    assert len(broken.problems()) == 1


def test_a_factory_for_another_core_is_withheld_and_says_which_it_needs(shelf, strategy, offering):
    modern = strategy("modern", requires_core=">=2.0")
    shelf.add("acme", offering([modern, strategy("old")]))
    registry = shelf.registry(core_version="0.1.3")
    (problem,) = registry.strategy("modern").failure().problems()
    assert problem.code == "plugin-core-version"
    assert "alchemiser-core >=2.0" in problem.what
    assert "0.1.3" in problem.why
    assert registry.strategy("old").unwrap().name == "old"


def test_a_factory_for_another_core_does_not_clash_with_one_that_fits(shelf, strategy, offering):
    shelf.add("acme", offering([strategy("klm", requires_core=">=2")]))
    shelf.add("builtin", offering([strategy("klm")]))
    assert shelf.registry().strategy("klm").unwrap().requires_core == ">=0.1,<0.2"


def test_an_unreadable_requirement_is_named_as_such(shelf, strategy, offering):
    shelf.add("acme", offering([strategy("a", requires_core="about 0.1")]))
    (broken,) = shelf.registry().broken()
    assert "about 0.1, which is no list of versions" in broken.problems()[0].what
