"""One portion of a synchronisation: asked for, judged, and stored symbol by symbol."""

from datetime import date

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreError
from alchemiser_app.bar_store.series import StoredSeries
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.syncing.outcome import Renewed, Tally
from alchemiser_app.bar_store.syncing.putting import Putting
from alchemiser_app.bar_store.syncing.refusals import NotWhole, OtherBasis
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.standing import Standing, bars_of
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_core.services.bar_sync import (
    Portion,
    SymbolBars,
    Taken,
    compared,
    explained,
    has_common_session,
    is_whole,
    lost_by,
    merged,
    same_bars,
    taken,
)

_NO_SESSION = "no-session-in-range"
"""What feeds say of a range in which no symbol has a bar: here that is an answer."""

ANEW, NO_OVERLAP, DAMAGED = "fetched anew", "nothing to compare by", "the stored file was damaged"


@define(eq=False)
class Portions:
    """Asks for portions, and keeps what is good of them."""

    store: BarStore
    source: Source
    basis: PriceBasis
    through: date
    standing: Standing
    is_full: bool
    tally: Tally = field(init=False, factory=Tally)
    to_renew: dict[Symbol, str] = field(init=False, factory=dict)
    """Symbols whose whole history is needed, and why."""
    lasts: dict[Symbol, date | None] = field(init=False, factory=dict)
    """Last bar of each symbol that was put."""
    newest: date | None = field(init=False, default=None)
    """The last day that the source has a bar of."""
    has_put: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self.to_renew = dict.fromkeys(self.standing.damaged, DAMAGED)

    def extend(self, portion: Portion) -> Result[None, Explainable]:
        """Append what is newer; histories that were restated are left for `renew`."""
        return self._each(portion, self._extended)

    def renew(self, portion: Portion) -> Result[None, Explainable]:
        """Keep whole histories, in place of what is stored where that may be."""
        return self._each(portion, self._renewed)

    def _each(self, portion: Portion, keep: "Keep") -> Result[None, Explainable]:
        asked = self._asked(portion)
        if isinstance(asked, Failure):
            return Failure(asked.failure())
        putting = asked.unwrap()
        for symbol in portion.symbols:
            kept = keep(symbol, putting.answer.bars.get(symbol), putting)
            if isinstance(kept, Failure):
                return Failure(kept.failure())
        return Success(None)
