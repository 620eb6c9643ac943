"""Puts parameters and definitions in: a symphony with names in it becomes a plain tree.

A definition sees the arguments of its use and the parameters of the symphony, nothing else; an
argument is written where the use stands and means what it would mean there. An override `name`
sets a parameter everywhere, `place.name` only inside the group or use called `place`. Work is
bounded by the limits: every block made counts, so a definition that doubles itself ends early.
"""

from collections.abc import Mapping

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

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
from alchemiser_core.symphony.overrides import Overrides
from alchemiser_core.symphony.parameter_names import use_name
from alchemiser_core.symphony.parameters import (
    accepted_by,
    condition_references,
    is_plain,
    parameters_of,
)
from alchemiser_core.symphony.rebuild import lists_of, rebuilt
from alchemiser_core.symphony.scopes import Bound, Scope, Scopes

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


@frozen(eq=False)
class _Task:
    """A block to put names into; once its children are done they are in `lists`."""

    block: Block
    scope: Scope
    depth: int
    out: list[Block]
    lists: tuple[list[Block], ...] | None = None


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
        self._stack: list[_Task] = []
        self._made = 0

    def place(self, value: object) -> str | None:
        """Where the block stands that a block of the plain tree was made of."""
        return self._source_place(value) or self._source_place(self._sources.get(id(value)))

    def run(self) -> Symphony:
        """The plain tree; of no use where something was found wrong."""
        body: list[Block] = []
        self._push(self._symphony.body, Scope(), 1, body)
        while self._stack and not self.findings.full:
            task = self._stack.pop()
            if task.lists is not None:
                self._leave(task, task.lists)
            elif self._within_limits(task):
                self._enter(task)
            else:
                break
        self._check_overrides()
        plain = tuple(body)
        return evolve(self._symphony, body=plain, parameters={}, definitions={})

    def _check_overrides(self) -> None:
        known = tuple(parameters_of(self._symphony))
        if not self.findings.errors:
            for key in self._overrides.unknown(known):
                self.findings.add(UnknownParameter(key, known))

    def _within_limits(self, task: _Task) -> bool:
        self._made += 1
        place = self._source_place(task.block) or ""
        if self._made > self._limits.nodes:
            self.findings.add(LimitExceeded("blocks", self._limits.nodes, place))
        elif task.depth > self._limits.depth:
            limit = LimitExceeded("blocks inside one another", self._limits.depth, place)
            self.findings.add(limit)
        elif len(task.scope.inside) > MOST_NESTED:
            limit = LimitExceeded("definitions inside one another", MOST_NESTED, place)
            self.findings.add(limit)
        else:
            return True
        return False

    def _push(self, blocks: tuple[Block, ...], scope: Scope, depth: int, out: list[Block]) -> None:
        self._stack.extend(_Task(block, scope, depth, out) for block in reversed(blocks))

    def _enter(self, task: _Task) -> None:
        block, scope = task.block, task.scope
        if isinstance(block, BlockParameter):
            return self._put_parameter(task, block)
        if isinstance(block, Use):
            return self._put_definition(task, block)
        if isinstance(block, If) and self._tests_nil(block, scope):
            lists: tuple[list[Block], ...] = ([],)
            self._stack.append(evolve(task, lists=lists))
            return self._push(block.otherwise, scope, task.depth, lists[0])
        inner = scope
        if isinstance(block, Group):
            inner = evolve(scope, places=(*scope.places, use_name(block.name)))
        below = lists_of(block)
        lists = tuple([] for _ in below)
        self._stack.append(evolve(task, lists=lists))
        for children, out in zip(reversed(below), reversed(lists), strict=True):
            self._push(children, inner, task.depth + 1, out)
        return None

    def _leave(self, task: _Task, lists: tuple[list[Block], ...]) -> None:
        block = task.block
        if isinstance(block, If) and len(lists) == 1:
            made = _else_branch(lists[0])
        else:
            below = tuple(_branch(block, blocks) for blocks in lists)
            made = rebuilt(block, below, task.scope, self._scopes)
        self._keep(made, block, task.out)

    def _keep(self, made: Block, source: Block, out: list[Block]) -> None:
        if made is not source:
            self._sources[id(made)] = source
        out.append(made)

    def _tests_nil(self, block: If, scope: Scope) -> bool:
        return any(self._scopes.is_nil(n, scope, block) for n in condition_references(block))

    def _put_parameter(self, task: _Task, block: BlockParameter) -> None:
        bound = self._scopes.resolve(block.name, task.scope, block)
        if bound is None:
            return
        match bound.value:
            case Block() as inner:
                scope = evolve(bound.scope, places=task.scope.places)
                self._push((inner,), scope, task.depth, task.out)
            case tuple() as symbols:
                self._made += len(symbols)
                for symbol in symbols:
                    self._keep(Asset(symbol), block, task.out)
            case str() as symbol:
                self._keep(Asset(symbol), block, task.out)
            case _:
                self._scopes.wrong(block.name, bound.value, "a block or tickers", block)

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
                known = tuple(sorted(accepted))
                self.findings.add(UnknownParameter(name, known, where))
        scope = self._scope_of(use, task.scope, label)
        return self._push((definition,), scope, task.depth, task.out)

    @staticmethod
    def _scope_of(use: Use, around: Scope, label: str) -> Scope:
        places = around.places
        if use.name is not None or not places:
            places = (*places, use_name(use.name or use.definition))
        arguments = {name: Bound(value, around) for name, value in use.arguments.items()}
        return Scope(arguments, places, (*around.inside, label))


def _branch(block: Block, blocks: list[Block]) -> tuple[Block, ...]:
    only_cash = isinstance(block, If) and len(blocks) == 1 and blocks[0] is ALL_CASH
    return () if only_cash else tuple(blocks)


def _else_branch(blocks: list[Block]) -> Block:
    """A branch of several blocks is one block to its parent, also without its `if`."""
    if not blocks:
        return ALL_CASH
    return blocks[0] if len(blocks) == 1 else WeightEqual(tuple(blocks))
