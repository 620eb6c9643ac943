"""Building through a plugin gives a result, whatever the plugin does."""

from returns.result import Success

from alchemiser_core.plugins import NoSettings, PluginContext, build


def test_what_the_factory_builds_is_handed_on(strategy):
    factory = strategy("a", build=lambda settings, context: Success((settings, context)))
    context = PluginContext(folder="somewhere")
    assert build(factory, NoSettings(), context).unwrap() == (NoSettings(), context)


def test_a_failure_of_the_factory_is_handed_on(strategy):
    error = build(strategy("a"), NoSettings(), PluginContext()).failure()
    assert [p.code for p in error.problems()] == ["not-built"]


def test_a_factory_that_raises_becomes_a_build_error(strategy):
    def broken(settings, context):
        return {}["missing"]

    error = build(strategy("a", build=broken), NoSettings(), PluginContext()).failure()
    (problem,) = error.problems()
    assert (problem.code, problem.where) == ("plugin-failed", "a")
    assert "KeyError: 'missing'" in problem.why
    assert "test_containment.py" in problem.why
    assert "in broken" in problem.why


def test_a_factory_that_returns_no_result_becomes_a_build_error(strategy):
    factory = strategy("a", build=lambda settings, context: 42)
    (problem,) = build(factory, NoSettings(), PluginContext()).failure().problems()
    assert problem.why == "build returned int"


def test_an_error_without_a_frame_of_its_own_has_no_place(strategy):
    factory = strategy("a", build=str)
    (problem,) = build(factory, object(), 3).failure().problems()
    assert problem.why.startswith("TypeError: ")
    assert "[" not in problem.why
