"""Small modules, small functions, names of the field, and no failure that gets lost."""

import ast
import re
from collections.abc import Iterator

LONGEST_MODULE = 350
LONGEST_FUNCTION = 45
DRAWERS = re.compile(
    r"(^|\.)_?(utils?|helpers?|common|misc|shared)(\.|$)|^\w+\.(errors|exceptions)$"
)
LEFT_FOR_LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines(node: ast.stmt, start: int) -> int:
    return (node.end_lineno or 0) - start + 1


def length(function: Function, module) -> int:
    """Lines of a function, the docstring not counted.

    The signature of a command is the table of its options, and not counted either.
    """
    first = function.body[0]
    is_command = module.name.startswith("alchemiser_app.cli.commands.")
    whole = lines(function, first.lineno if is_command else function.lineno)
    match first:
        case ast.Expr(value=ast.Constant(value=str())):
            return whole - lines(first, first.lineno)
        case _:
            return whole


def test_modules_are_short(modules):
    lengths = {module.name: module.text.count("\n") for module in modules}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_functions_are_short(modules):
    found = [
        f"{module.at(function)} {function.name} has {length(function, module)} lines"
        for module in modules
        for function in functions(module.tree)
        if length(function, module) > LONGEST_FUNCTION
    ]
    assert found == []


def test_no_module_is_a_drawer(modules):
    assert [module.name for module in modules if DRAWERS.search(module.name)] == []


def test_every_module_says_what_it_is_for(modules):
    silent = [m.name for m in modules if m.tree.body and not ast.get_docstring(m.tree)]
    assert silent == []


def test_nothing_is_left_for_later(modules):
    found = [
        f"{module.path.name}:{number} {line.strip()}"
        for module in modules
        for number, line in enumerate(module.text.splitlines(), 1)
        if LEFT_FOR_LATER.search(line)
    ]
    assert found == []


def swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler of every exception lets none of them out again."""
    caught = ast.unparse(handler.type) if handler.type else "BaseException"
    if not re.search(r"\b(Base)?Exception\b", caught):
        return False
    return not any(isinstance(node, ast.Raise) for node in ast.walk(handler))


# A plugin is code of others: whatever it raises is caught here, and becomes a value that says so.
CONTAINMENT = {"alchemiser_core.plugins.containment"}


def test_no_exception_is_swallowed(modules):
    found = [
        module.at(node)
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and swallows(node)
        if module.name not in CONTAINMENT
    ]
    assert found == []


def returning_results(modules) -> set[str]:
    """Names of functions that return a Result wherever they are defined, and nowhere else."""
    results, others = set(), set()
    for module in modules:
        for function in functions(module.tree):
            returned = ast.unparse(function.returns) if function.returns else ""
            is_result = re.match(r"\w*Result\b", returned.strip("'\""))
            (results if is_result else others).add(function.name)
    return results - others


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


# Methods of Python's own types that have the name of one of ours, which take two arguments: a
# journal appends events at a time, and decodes the body of a kind.
NAMESAKES = {"append", "decode"}


def is_a_namesake(call: ast.Call) -> bool:
    """Whether a method of a list or of bytes is called."""
    return called(call) in NAMESAKES and len(call.args) + len(call.keywords) == 1


def dropped(tree: ast.AST, results: set[str]) -> Iterator[ast.Expr]:
    """Statements that call a function for its Result and do not look at it."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Call() as call) if called(call) in results:
                if not is_a_namesake(call):
                    yield node


def test_no_result_is_dropped(modules):
    results = returning_results(modules)
    assert results
    found = [module.at(node) for module in modules for node in dropped(module.tree, results)]
    assert found == []


def test_a_dropped_result_would_be_noticed():
    tree = ast.parse("plan_rebalance(portfolio)\nplan = plan_rebalance(portfolio)\nlog('done')")
    assert [node.lineno for node in dropped(tree, {"plan_rebalance"})] == [1]
    tree = ast.parse("journal.append(events, at)\nfound.append(event)")
    assert [node.lineno for node in dropped(tree, {"append"})] == [1]


def test_a_swallowed_exception_would_be_noticed():
    tree = ast.parse("try: f()\nexcept (ValueError, Exception): x = None")
    assert [swallows(n) for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler)] == [True]
