"""Random fault plans from a seed: the same seed is always the same plan, byte for byte."""

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen
from numpy.random import PCG64, Generator, SeedSequence

from alchemiser_core.simulation.faults.draws import DRAWS, Draw
from alchemiser_core.simulation.faults.kinds import FaultKind
from alchemiser_core.simulation.faults.plan import Fault, FaultPlan

_STREAM = 1
"""Keeps the numbers of the faults apart from those of the market, which have the same seed."""


@frozen
class Rates:
    """How often something goes wrong."""

    calm: float = 0.4
    """The part of days on which nothing does."""
    mean: float = 2.0
    """How many faults a day has that is not calm, in the mean; at least one."""
    draws: Mapping[FaultKind, Draw] = field(factory=lambda: DRAWS)


def schedule(seed: int, days: int, rates: Rates | None = None) -> FaultPlan:
    """A random plan of so many days."""
    rates = rates or Rates()
    chance = Generator(PCG64(SeedSequence((seed, _STREAM))))
    kinds = sorted(rates.draws)
    weights = np.array([rates.draws[kind].weight for kind in kinds])
    bounds = np.cumsum(weights / weights.sum())
    faults: list[Fault] = []
    for day in range(days):
        if chance.random() < rates.calm:
            continue
        for _ in range(1 + int(chance.poisson(max(0.0, rates.mean - 1)))):
            place = int(np.searchsorted(bounds, chance.random(), side="right"))
            kind = kinds[min(place, len(kinds) - 1)]
            faults.append(_drawn(chance, kind, rates.draws[kind], day))
    return FaultPlan(tuple(faults), seed, days)


def _drawn(chance: Generator, kind: FaultKind, draw: Draw, day: int) -> Fault:
    return Fault(
        kind=kind,
        day=day,
        call=int(chance.integers(1, draw.latest + 1)),
        times=int(chance.integers(1, draw.times + 1)),
        seconds=draw.seconds[int(chance.integers(len(draw.seconds)))],
        variant=int(chance.integers(draw.variants)),
    )
