"""The strategies for symphonies keep their promises, and reach every kind of block."""

from functools import partial

import pytest
from hypothesis import Phase, find, given, settings

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Symphony, check, expand
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Filter,
    Group,
    If,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
    walk,
)
from alchemiser_core.symphony.parameters.listing import is_plain
from alchemiser_core.testing.symphonies import parametrised_symphonies, symphonies

TWO = (Symbol("AAA"), Symbol("BBB"))
KINDS: tuple[type[Block], ...] = (
    WeightEqual,
    WeightSpecified,
    WeightInverseVolatility,
    Group,
    If,
    Filter,
)


@settings(max_examples=60, deadline=None)
@given(symphonies(TWO))
def test_plain_symphonies_are_sound_and_keep_to_their_symbols(symphony: Symphony) -> None:
    assert is_plain(symphony)
    assert check(symphony) is None
    assert {block.symbol for block in walk(symphony) if isinstance(block, Asset)} <= set(TWO)


@settings(max_examples=20, deadline=None)
@given(parametrised_symphonies(TWO))
def test_parametrised_symphonies_expand(symphony: Symphony) -> None:
    plain = expand(symphony).unwrap()
    assert check(plain) is None
    assert {block.symbol for block in walk(plain) if isinstance(block, Asset)} <= set(TWO)


first_found = settings(max_examples=500, deadline=None, phases=[Phase.generate])


def holds(symphony: Symphony, kind: type[Block]) -> bool:
    return any(isinstance(block, kind) for block in walk(symphony))


def ranks_a_group(symphony: Symphony) -> bool:
    filters = (block for block in walk(symphony) if isinstance(block, Filter))
    return any(isinstance(child, Group) for block in filters for child in block.children)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_block_is_reached(kind: type[Block]) -> None:
    assert holds(find(symphonies(TWO), partial(holds, kind=kind), settings=first_found), kind)


def test_filters_over_groups_are_reached() -> None:
    assert ranks_a_group(find(symphonies(TWO), ranks_a_group, settings=first_found))
