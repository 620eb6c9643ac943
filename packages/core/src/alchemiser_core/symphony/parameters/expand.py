"""Puts parameters and definitions in: a symphony with names in it becomes a plain tree.

A definition sees the arguments of its use and the parameters of the symphony, nothing else; an
argument is written where the use stands and means what it would mean there. An override `name`
sets a parameter everywhere, `place.name` only inside the group or use called `place`.

The same definition with the same arguments is put in once and shared, and sizes are counted as
trees are made, so work is bounded by the limits.
"""

from collections.abc import Mapping

from attrs import evolve
from returns.result import Failure, Result, Success

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    BlockParameter,
    Comparator,
    Condition,
    Constant,
    Group,
    If,
    ParameterValue,
    Symphony,
    Use,
    WeightEqual,
)
from alchemiser_core.symphony.check import Checker, Place, nowhere
from alchemiser_core.symphony.errors import (
    LimitExceeded,
    RecursiveDefinition,
    SymphonyErrors,
    UnknownDefinition,
    UnknownParameter,
)
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.limits import DEFAULT_LIMITS, Limits
from alchemiser_core.symphony.parameters.listing import (
    accepted_by,
    condition_references,
    is_plain,
    parameters_of,
)
from alchemiser_core.symphony.parameters.names import use_name
from alchemiser_core.symphony.parameters.overrides import Overrides
from alchemiser_core.symphony.parameters.rebuild import lists_of, rebuilt
from alchemiser_core.symphony.parameters.scopes import Bound, Scope, Scopes
from alchemiser_core.symphony.sizes import Sizes

MOST_NESTED = 250
"""Definitions and parameters that may be put in inside one another."""

ALL_CASH = If(Condition(Comparator.EQUAL, Constant(0.0), Constant(0.0)), (), ())
"""What an `if` without an else leaves when a nil parameter drops it: a block that holds cash."""


def expand(
    symphony: Symphony,
    overrides: Mapping[str, ParameterValue] = {},
    *,
    limits: Limits = DEFAULT_LIMITS,
    place: Place = nowhere,
) -> Result[Symphony, SymphonyErrors]:
    """The plain tree of a symphony, without `Parameter`, `BlockParameter` and `Use`, checked.

    A plain symphony without overrides is given back as it is. Failures: `UnknownParameter`,
    `WrongParameterValue`, `UnknownDefinition`, `RecursiveDefinition`, and those of `check`.
    """
    if not overrides and is_plain(symphony):
        return Success(symphony)
    expansion = _Expansion(symphony, Overrides(overrides), limits, place)
    plain = expansion.run()
    findings = expansion.findings
    if not findings.errors:
        Checker(findings, limits, expansion.place).check(plain)
    return Failure(findings.failure) if findings.errors else Success(plain)


class _Task:
    """A block to put names into, and where the result goes.

    Once its children are in `lists` it is put together; a task with a `key` stands for what a
    use or a parameter gives, which is kept under that key.
    """

    __slots__ = ("block", "depth", "key", "lists", "out", "scope")

    def __init__(self, block: Block, scope: Scope, depth: int, out: list[Block]) -> None:
        self.block = block
        self.scope = scope
        self.depth = depth
        self.out = out
        self.lists: tuple[list[Block], ...] | None = None
        self.key: object = None


class _Expansion:
    def __init__(
        self, symphony: Symphony, overrides: Overrides, limits: Limits, place: Place
    ) -> None:
        self.findings = Findings()
        self._symphony = symphony
        self._overrides = overrides
        self._limits = limits
        self._source_place = place
        self._sources: dict[int, Block] = {}
        self._accepted: dict[str, frozenset[str]] = {}
        self._scopes = Scopes(symphony, overrides, self.findings, place)
        self._sizes = Sizes(symphony)
        self._stack: list[_Task] = []
        self._done: dict[object, tuple[Block, ...]] = {}
        self._alive: list[object] = []
        self._visited = 0

    def place(self, value: object) -> str | None:
        """Where the block stands that a block of the plain tree was made of."""
        return self._source_place(self._sources.get(id(value), value))

    def run(self) -> Symphony:
        """The plain tree; of no use where something was found wrong."""
        body: list[Block] = []
        self._push(self._symphony.body, Scope(), 1, body)
        while self._stack and not self.findings.full:
            task = self._stack.pop()
            if task.lists is not None:
                self._leave(task, task.lists)
            else:
                self._enter(task)
        known = tuple(parameters_of(self._symphony))
        if not self.findings.errors:
            for key in self._overrides.unknown(known):
                self.findings.add(UnknownParameter(key, known))
        plain = tuple(body)
        return evolve(self._symphony, body=plain, parameters={}, definitions={})

    def _push(self, blocks: tuple[Block, ...], scope: Scope, depth: int, out: list[Block]) -> None:
        self._stack.extend(_Task(block, scope, depth, out) for block in reversed(blocks))

    def _stop(self, limit: str, most: int, block: Block) -> None:
        """Nothing that is too large is gone on with."""
        self.findings.add(LimitExceeded(limit, most, self._source_place(block) or ""))
        self._stack.clear()

    def _enter(self, task: _Task) -> None:
        block = task.block
        self._visited += 1
        if self._visited > self._limits.nodes:
            self._stop("blocks", self._limits.nodes, block)
        elif self._sizes.is_plain(block):
            self._give(task, (block,))
        elif task.depth > self._limits.depth:
            self._stop("blocks inside one another", self._limits.depth, block)
        elif isinstance(block, BlockParameter):
            self._put_parameter(task, block)
        elif isinstance(block, Use):
            self._put_definition(task, block)
        else:
            self._enter_children(task, block)

    def _enter_children(self, task: _Task, block: Block) -> None:
        scope = task.scope
        if isinstance(block, If) and self._tests_nil(block, scope):
            task.lists = ([],)
            self._stack.append(task)
            return self._push(block.otherwise, scope, task.depth, task.lists[0])
        if isinstance(block, Group):
            around = self._overrides.entered(scope.places, use_name(block.name))
            scope = scope.within(around)
        below = lists_of(block)
        task.lists = tuple([] for _ in below)
        self._stack.append(task)
        for children, out in zip(reversed(below), reversed(task.lists), strict=True):
            self._push(children, scope, task.depth + 1, out)
        return None

    def _leave(self, task: _Task, lists: tuple[list[Block], ...]) -> None:
        block = task.block
        if task.key is not None:
            self._done[task.key] = tuple(lists[0])
            return self._give(task, self._done[task.key])
        if isinstance(block, If) and len(lists) == 1:
            return self._give(task, (self._else_branch(block, lists[0]),))
        below = tuple(_branch(block, blocks) for blocks in lists)
        made = rebuilt(block, below, task.scope, self._scopes)
        return self._give(task, (self._noted(made, block, below),))

    def _noted(self, made: Block, source: Block, lists: tuple[tuple[Block, ...], ...]) -> Block:
        self._sources[id(made)] = source
        size = self._sizes.note(made, (child for children in lists for child in children))
        if size > self._limits.nodes:
            self._stop("blocks", self._limits.nodes, source)
        return made

    def _give(self, task: _Task, made: tuple[Block, ...]) -> None:
        for block in made:
            if task.depth + self._sizes.of(block)[1] - 1 > self._limits.depth:
                return self._stop("blocks inside one another", self._limits.depth, task.block)
        task.out.extend(made)
        return None

    def _else_branch(self, block: If, blocks: list[Block]) -> Block:
        """A branch of several blocks is one block to its parent, also without its `if`."""
        if len(blocks) == 1:
            return blocks[0]
        if not blocks:
            return self._noted(ALL_CASH, block, ())
        return self._noted(WeightEqual(tuple(blocks)), block, (tuple(blocks),))

    def _tests_nil(self, block: If, scope: Scope) -> bool:
        return any(self._scopes.is_nil(n, scope, block) for n in condition_references(block))

    def _put_parameter(self, task: _Task, block: BlockParameter) -> None:
        bound = self._scopes.resolve(block.name, task.scope, block)
        if bound is None:
            return
        match bound.value:
            case Block() as inner:
                scope = bound.scope.within(task.scope.places)
                key = ("parameter", id(inner), id(scope.arguments), scope.places)
                self._put(task, inner, scope, key)
            case tuple() as symbols:
                self._put_symbols(task, symbols, ("symbols", id(symbols)))
            case str() as symbol:
                self._put_symbols(task, (symbol,), ("symbol", symbol))
            case _:
                self._scopes.wrong(block.name, bound.value, "a block or tickers", block)

    def _put_symbols(self, task: _Task, symbols: tuple[Symbol, ...], key: object) -> None:
        if key not in self._done:
            assets = tuple(Asset(symbol) for symbol in symbols)
            self._done[key] = tuple(self._noted(asset, task.block, ()) for asset in assets)
        self._visited += len(symbols)
        self._give(task, self._done[key])

    def _put(self, task: _Task, block: Block, scope: Scope, key: object) -> None:
        """What a block gives in a scope, made once and shared."""
        if key in self._done:
            return self._give(task, self._done[key])
        if len(scope.inside) > MOST_NESTED:
            return self._stop("definitions inside one another", MOST_NESTED, task.block)
        self._alive.append((block, scope))
        task.key = key
        task.lists = ([],)
        self._stack.append(task)
        return self._push((block,), scope, task.depth, task.lists[0])

    def _put_definition(self, task: _Task, use: Use) -> None:
        where = self._source_place(use) or ""
        definition = self._symphony.definitions.get(use.definition)
        label = f"definition {use.definition}"
        if definition is None:
            known = tuple(self._symphony.definitions)
            return self.findings.add(UnknownDefinition(use.definition, known, where))
        if label in task.scope.inside:
            return self.findings.add(RecursiveDefinition((*task.scope.inside, label), where))
        if use.definition not in self._accepted:
            self._accepted[use.definition] = accepted_by(definition)
        accepted = self._accepted[use.definition]
        for name in use.arguments:
            if name not in accepted:
                self.findings.add(UnknownParameter(name, tuple(sorted(accepted)), where))
        scope = self._scope_of(use, task.scope, label)
        given = frozenset((name, bound.key) for name, bound in scope.arguments.items())
        return self._put(task, definition, scope, (label, given, scope.places))

    def _scope_of(self, use: Use, around: Scope, label: str) -> Scope:
        places = self._overrides.entered(around.places, use_name(use.name or use.definition))
        outside = around.within(places)
        arguments: dict[str, Bound] = {}
        for name, value in use.arguments.items():
            bound: Bound | None = Bound(value, outside)
            if isinstance(value, BlockParameter):
                bound = self._scopes.resolve(value.name, outside, use)
            if bound is not None:
                arguments[name] = bound
        return Scope(arguments, places, (*around.inside, label))


def _branch(block: Block, blocks: list[Block]) -> tuple[Block, ...]:
    only_cash = isinstance(block, If) and len(blocks) == 1 and blocks[0] is ALL_CASH
    return () if only_cash else tuple(blocks)
