"""One portion of a synchronisation: asked for, judged, and stored symbol by symbol."""

from collections.abc import Callable
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
    Change,
    Portion,
    SymbolBars,
    Taken,
    compared,
    explained,
    has_common_session,
    is_same,
    is_whole,
    lost_by,
    merged,
    taken,
)

_NO_SESSION, _NO_FILES = "no-session-in-range", "no-files"
"""What feeds say where no symbol has a bar in the range, or at all: here that is an answer."""

DAMAGED = "the stored file was damaged"
NO_OVERLAP = "there was no session to compare by"
CHANGED = "closes have changed"
UNKNOWN_BEFORE = "there are bars now"
AS_ASKED = "fetched anew, as asked"

Keep = Callable[[Symbol, SymbolBars | None, Putting], Result[None, StoreError]]


@define(eq=False)
class Portions:
    """Asks for portions, and keeps what is good of them."""

    store: BarStore
    source: Source
    basis: PriceBasis
    through: date
    standing: Standing
    is_full: bool = False
    """Whole histories take the place of stored ones whatever they lack."""
    tally: Tally = field(init=False, factory=Tally)
    to_renew: dict[Symbol, str] = field(init=False, factory=dict)
    """Symbols whose whole history is needed, and why."""
    lasts: dict[Symbol, date] = field(init=False, factory=dict)
    """Last bar of each symbol that was put."""
    newest: date | None = field(init=False, default=None)
    """The last day that the source has a bar of."""

    def __attrs_post_init__(self) -> None:
        self.to_renew = dict.fromkeys(self.standing.damaged, DAMAGED)

    def fetch_newer(self, portion: Portion) -> Result[None, Explainable]:
        """Append what is newer; histories that were restated are left for `fetch_whole`."""
        return self._each(portion, self._extended)

    def fetch_whole(self, portion: Portion) -> Result[None, Explainable]:
        """Keep whole histories, in place of what is stored where that may be."""
        return self._each(portion, self._renewed)

    def _each(self, portion: Portion, keep: Keep) -> Result[None, Explainable]:
        asked = self._asked(portion)
        if isinstance(asked, Failure):
            return Failure(asked.failure())
        putting = asked.unwrap()
        for symbol in portion.symbols:
            kept = keep(symbol, putting.answer.bars.get(symbol), putting)
            if isinstance(kept, Failure):
                return Failure(kept.failure())
        return Success(None)

    # --- asking ----------------------------------------------------------------------------

    def _asked(self, portion: Portion) -> Result[Putting, Explainable]:
        request = BarRequest(portion.symbols, portion.start, self.through, closes_only=False)
        answered = self.source.bars(request)
        if isinstance(answered, Failure):
            error = answered.failure()
            if not self._is_empty(error, portion):
                return Failure(error)
            answer = Taken({}, self.basis, synthetic=False)
        else:
            answer = taken(answered.unwrap(), self.through)
            self.tally.warnings |= dict.fromkeys(answered.unwrap().warnings)
        if answer.bars and answer.basis is not self.basis:
            return Failure(OtherBasis(self.source.name, self.basis, answer.basis))
        self._count(answer)
        return self._actions(answer, portion).map(
            lambda actions: Putting(
                self.store, self.source.name, answer, portion.start, self.through, actions
            )
        )

    def _is_empty(self, error: MarketDataUnavailable, portion: Portion) -> bool:
        """Whether a feed says no more than that it has no bar of the symbols.

        Where some are stored, a folder without any of their files is a mistake.
        """
        codes = {problem.code for problem in error.problems()}
        stored = any(symbol in self.standing.labels for symbol in portion.symbols)
        return bool(codes) and codes <= ({_NO_SESSION} if stored else {_NO_SESSION, _NO_FILES})

    def _actions(
        self, answer: Taken, portion: Portion
    ) -> Result[tuple[CorporateAction, ...] | None, Explainable]:
        """What happened to the symbols, where their prices are raw and the source knows it."""
        if self.basis is not PriceBasis.RAW or not answer.bars:
            return Success(None)
        start = portion.start or min(own.days[0].item() for own in answer.bars.values())
        found = self.source.actions(tuple(answer.bars), start, self.through)
        if found is None:
            return Success(None)
        if isinstance(found, Failure):
            return Failure(found.failure())
        return Success(found.unwrap())

    def _count(self, answer: Taken) -> None:
        self.tally.running |= set(answer.running)
        self.tally.bad_prices += len(answer.bad_prices)
        days = (self.newest, answer.newest)
        self.newest = max((day for day in days if day is not None), default=None)

    # --- keeping ---------------------------------------------------------------------------

    def _extended(
        self, symbol: Symbol, given: SymbolBars | None, putting: Putting
    ) -> Result[None, StoreError]:
        if given is None:
            return Success(None)
        read = self._stored(symbol)
        if isinstance(read, Failure):
            return Failure(read.failure())
        old = read.unwrap()
        if old is None:
            self.to_renew.setdefault(symbol, UNKNOWN_BEFORE)
            return Success(None)
        have = bars_of(old)
        if not has_common_session(have, given):
            self.to_renew[symbol] = NO_OVERLAP
            return Success(None)
        change = compared(have, given)
        if change is not None and change.reaches_back:
            self.to_renew[symbol] = CHANGED
            return Success(None)
        return self._merged(symbol, given, putting, old, change)

    def _merged(
        self,
        symbol: Symbol,
        given: SymbolBars,
        putting: Putting,
        old: StoredSeries,
        change: Change | None,
    ) -> Result[None, StoreError]:
        """New bars after the old ones, and those of the newest that were corrected."""
        have = bars_of(old)
        new = merged(have, given)
        if is_same(have, new):
            return Success(None)

        def note(_: None) -> None:
            self.tally.extended[symbol] = len(new) - len(have)
            if change is not None:
                self.tally.corrected.append(explained(symbol, change, self.basis))

        return self._put(symbol, new, putting, old).map(note)

    def _renewed(
        self, symbol: Symbol, given: SymbolBars | None, putting: Putting
    ) -> Result[None, StoreError]:
        read = self._stored(symbol)
        if isinstance(read, Failure):
            return Failure(read.failure())
        old = read.unwrap()
        if old is None:
            return self._put_new(symbol, given, putting)
        have = bars_of(old)
        if given is None or not (self.is_full or is_whole(have, given)):
            self.tally.kept += self._not_whole(symbol, have, given).problems()
            return Success(None)
        change = compared(have, given)
        restatement = None if change is None else explained(symbol, change, self.basis)
        why = AS_ASKED if self.is_full else self.to_renew.get(symbol, CHANGED)
        renewed = Renewed(symbol, why, len(given), lost_by(have, given), restatement)
        put = self._put(symbol, given, putting)
        return put.map(lambda _: self.tally.renewed.append(renewed))

    def _put_new(
        self, symbol: Symbol, given: SymbolBars | None, putting: Putting
    ) -> Result[None, StoreError]:
        """The bars of a symbol that has none, or none that can be believed."""
        if given is None:
            return Success(None)
        put = self._put(symbol, given, putting)
        if symbol in self.standing.damaged:
            renewed = Renewed(symbol, DAMAGED, len(given))
            return put.map(lambda _: self.tally.renewed.append(renewed))
        return put.map(lambda _: self.tally.new.update({symbol: len(given)}))

    def _put(
        self, symbol: Symbol, bars: SymbolBars, putting: Putting, old: StoredSeries | None = None
    ) -> Result[None, StoreError]:
        put = putting.put(symbol, bars, () if old is None else old.bad_prices)
        last: date = bars.days[-1].item()
        return put.map(lambda _: self.lasts.update({symbol: last}))

    def _stored(self, symbol: Symbol) -> Result[StoredSeries | None, StoreError]:
        """What is stored; a damaged file is as good as none, and replaced."""
        read = self.store.series(symbol, self.basis)
        if isinstance(read, Failure) and isinstance(read.failure(), BrokenStoreFile):
            self.to_renew[symbol] = DAMAGED
            return Success(None)
        return read

    def _not_whole(self, symbol: Symbol, have: SymbolBars, given: SymbolBars | None) -> NotWhole:
        if given is None:
            why = f"it has no bar, {len(have)} sessions are stored"
        elif given.days[-1] < have.days[-1]:
            why = f"it ends with {given.days[-1]}, the stored one with {have.days[-1]}"
        else:
            why = f"it lacks {lost_by(have, given)} of the {len(have)} sessions that are stored"
        return NotWhole(symbol, self.source.name, why)
