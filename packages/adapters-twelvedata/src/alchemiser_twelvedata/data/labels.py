"""What a history of TwelveData says of itself."""

from alchemiser_core.domain.bar_rows import Labels
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_twelvedata.settings import Adjust

_BASES = {Adjust.ALL: PriceBasis.ADJUSTED, Adjust.NONE: PriceBasis.RAW}


def basis_of(adjust: Adjust) -> PriceBasis:
    """What prices that are adjusted so stand for."""
    return _BASES.get(adjust, PriceBasis.AS_GIVEN)


def labels_of(adjust: Adjust, *, is_local: bool) -> Labels:
    """Source, basis, and whether the prices are made up, as those of this machine are."""
    return Labels(f"TwelveData, adjustment {adjust}", basis_of(adjust), is_local)
