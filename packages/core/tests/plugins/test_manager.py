"""A broken plugin is one record with its faults; the others go on working."""

from types import SimpleNamespace

import pytest

from alchemiser_core.plugins import hookimpl


def codes(registry):
    return {b.plugin: [p.code for p in b.problems()] for b in registry.broken()}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ModuleNotFoundError("No module named 'acme'"), "No module named 'acme'"),
        (SyntaxError("invalid syntax"), "SyntaxError: invalid syntax"),
        (SystemExit(3), "SystemExit: 3"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_a_plugin_that_fails_to_import_is_reported_and_the_others_work(
    shelf, strategy, offering, error, text
):
    shelf.add("acme", error)
    shelf.add("builtin", offering([strategy("klm")]))
    registry = shelf.registry()
    assert registry.strategy("klm").unwrap().name == "klm"
    (broken,) = registry.broken()
    (problem,) = broken.problems()
    assert (broken.plugin, broken.distribution) == ("acme", "acme-dist")
    assert (problem.code, problem.where) == ("plugin-import", "acme")
    assert text in problem.why


def test_ctrl_c_during_an_import_stops_the_program(shelf):
    shelf.add("slow", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        shelf.registry().available()


def test_a_misspelt_hook_is_reported_with_the_nearest_one(shelf, offering):
    shelf.add("acme", offering([], "alchemiser_strategys"))
    (broken,) = shelf.registry().broken()
    (problem,) = broken.problems()
    assert problem.code == "plugin-unknown-hook"
    assert "alchemiser_strategys()" in problem.what
    assert "did you mean 'alchemiser_strategies'?" in problem.hint


def test_a_wrong_signature_is_reported_with_both_signatures(shelf):
    def alchemiser_brokers(settings, context=None):
        return []

    shelf.add("acme", SimpleNamespace(alchemiser_brokers=hookimpl(alchemiser_brokers)))
    (broken,) = shelf.registry().broken()
    (problem,) = broken.problems()
    assert problem.code == "plugin-signature"
    assert "alchemiser_brokers(settings, context=None)" in problem.what
    assert "alchemiser_brokers()" in problem.why


def test_all_faults_of_a_plugin_are_reported_together(shelf):
    def first(): ...

    def alchemiser_brokers(settings): ...

    plugin = SimpleNamespace(
        alchemiser_strategy=hookimpl(first), alchemiser_brokers=hookimpl(alchemiser_brokers)
    )
    shelf.add("acme", plugin)
    (found,) = codes(shelf.registry()).values()
    assert sorted(found) == ["plugin-signature", "plugin-unknown-hook"]


def test_a_hook_may_be_implemented_under_another_function_name(shelf, strategy):
    def mine():
        return [strategy("a")]

    shelf.add("acme", SimpleNamespace(mine=hookimpl(mine, specname="alchemiser_strategies")))
    assert shelf.registry().strategy("a").unwrap().name == "a"


def test_a_forgotten_mark_is_explained(shelf):
    shelf.add("acme", SimpleNamespace(alchemiser_strategies=lambda: []))
    (broken,) = shelf.registry().broken()
    (problem,) = broken.problems()
    assert problem.code == "plugin-no-hooks"
    assert "@hookimpl" in problem.why


def test_a_wrapper_wraps_nothing_but_its_own_plugin(shelf, strategy, offering):
    def alchemiser_strategies():
        yield
        return [strategy("mine")]

    wrapper = SimpleNamespace(alchemiser_strategies=hookimpl(alchemiser_strategies, wrapper=True))
    shelf.add("greedy", wrapper)
    shelf.add("builtin", offering([strategy("klm")]))
    registry = shelf.registry()
    assert registry.strategy("klm").unwrap().name == "klm"
    assert codes(registry) == {"greedy": ["plugin-return"]}


def test_a_hook_that_raises_costs_its_plugin_that_kind_alone(shelf, strategy, offering):
    def alchemiser_brokers():
        raise OSError("disk on fire")

    plugin = offering([strategy("a")])
    plugin.alchemiser_brokers = hookimpl(alchemiser_brokers)
    shelf.add("acme", plugin)
    registry = shelf.registry()
    assert registry.strategy("a").unwrap().name == "a"
    (broken,) = registry.broken()
    (problem,) = broken.problems()
    assert problem.code == "plugin-hook-raised"
    assert "OSError: disk on fire" in problem.why
    assert "test_manager.py" in problem.why


@pytest.mark.parametrize(
    ("answer", "got"),
    [
        (None, "None"),
        ("klm", "str"),
        (["klm"], "a list with a str"),
        ({}, "dict"),
    ],
)
def test_a_wrong_answer_is_reported_with_what_was_expected(shelf, offering, answer, got):
    shelf.add("acme", offering(answer))
    (broken,) = shelf.registry().broken()
    (problem,) = broken.problems()
    assert problem.code == "plugin-return"
    assert problem.what == f"alchemiser_strategies returned {got}"
    assert problem.why == "expected a list of StrategyFactory"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "two words"}, "a name of letters"),
        ({"name": ""}, "a name of letters"),
        ({"name": 7}, "a name of letters"),
        ({"settings": dict}, "an attrs class as its settings"),
        ({"settings": None}, "an attrs class as its settings"),
        ({"build": "later"}, "a function as its build"),
    ],
)
def test_a_factory_with_unsound_parts_is_refused(shelf, strategy, offering, changes, expected):
    shelf.add("acme", offering([strategy(**({"name": "a"} | changes))]))
    registry = shelf.registry()
    assert registry.available() == ()
    (broken,) = registry.broken()
    assert expected in broken.problems()[0].why


def test_two_distributions_with_one_plugin_name_are_both_refused(shelf, strategy, offering):
    shelf.add("acme", offering([strategy("a")]), distribution="acme-old")
    shelf.add("acme", offering([strategy("b")]), distribution="acme-new")
    registry = shelf.registry()
    assert registry.available() == ()
    assert shelf.loaded == []
    (broken,) = registry.broken()
    assert broken.problems()[0].code == "plugin-same-name"
    assert "acme-new (acme.plugin), acme-old (acme.plugin)" in broken.problems()[0].why


def test_one_module_under_two_names_is_used_once(shelf, strategy, offering):
    plugin = offering([strategy("a")])
    shelf.add("first", plugin)
    shelf.add("second", plugin)
    registry = shelf.registry()
    assert registry.strategy("a").unwrap().name == "a"
    assert codes(registry) == {"second": ["plugin-same-name"]}
