"""Target weights that change every day, drawn from the seed of a world."""

from numpy.random import PCG64, Generator, SeedSequence

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.faults.world import World


def random_weights(world: World, day: int, stream: int) -> dict[Symbol, float]:
    """Weights of a day; some symbols get none, and on some days cash is left."""
    chance = Generator(PCG64(SeedSequence((world.plan.seed, stream, day))))
    count = len(world.drawn.symbols)
    raw = chance.random(count) * (chance.random(count) < 0.7)
    whole = float(raw.sum()) + max(0.0, 0.2 * float(chance.random()) - 0.1)
    return {s: float(w) / whole for s, w in zip(world.drawn.symbols, raw, strict=True) if w}
