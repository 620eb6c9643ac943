"""The hooks are documented, and the documentation is true."""

import inspect

import pytest

from alchemiser_core.plugins import hookspecs
from alchemiser_core.plugins.factories import PluginKind
from alchemiser_core.plugins.manager import HOOKS

SPECIFIED = {
    name: function
    for name, function in vars(hookspecs).items()
    if inspect.isfunction(function) and hasattr(function, "alchemiser_spec")
}


def test_every_kind_has_a_hook_and_every_hook_a_kind():
    assert set(HOOKS) == set(PluginKind)
    assert {hook for hook, _ in HOOKS.values()} == set(SPECIFIED)


@pytest.mark.parametrize("kind", PluginKind)
def test_every_hook_returns_the_factories_of_its_kind(kind):
    hook, factory_class = HOOKS[kind]
    assert SPECIFIED[hook].__annotations__["return"].__args__[0].__origin__ is factory_class


@pytest.mark.parametrize("hook", SPECIFIED)
def test_every_hook_is_documented_with_an_example_that_compiles(hook):
    text = inspect.getdoc(SPECIFIED[hook])
    example = inspect.cleandoc(text.split("\n", 1)[1])
    assert f"def {hook}()" in example
    compile(example, hook, "exec")


@pytest.mark.parametrize("hook", SPECIFIED)
def test_a_specification_is_not_an_implementation(hook):
    with pytest.raises(NotImplementedError):
        SPECIFIED[hook]()
