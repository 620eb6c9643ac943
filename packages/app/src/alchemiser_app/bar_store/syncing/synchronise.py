"""Brings the bars of a store up to date from a source, a portion of symbols at a time.

Each portion is stored before the next one is asked for, each symbol whole, so that nothing is lost
but the portion that is on when the program ends. What ends a run early does not undo it: the next
run goes on where this one ended.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date

from attrs import define, evolve, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.refusals import StoreError
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.syncing.checked import Checked, read_checked, write_checked
from alchemiser_app.bar_store.syncing.outcome import SyncOutcome
from alchemiser_app.bar_store.syncing.portions import Portions
from alchemiser_app.bar_store.syncing.refusals import OtherBasis, OtherSource, SessionNotThere
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.standing import Standing, standing_of
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import Portion, SyncPlan, plan_sync, portions_of

Wanted = Callable[[PriceBasis], Result[tuple[Symbol, ...], StoreError]]
"""The symbols to bring up to date, by the basis of the prices of the source."""

Fetch = Callable[[Portion], Result[None, Explainable]]

Progress = Callable[[int, int], None]
"""Told how many of how many symbols are done."""


def unseen(done: int, of: int) -> None:
    """Progress that nobody looks at."""


@frozen(eq=False, kw_only=True)
class SyncOrder:
    """What to bring up to date."""

    store: BarStore
    source: Source
    wanted: Wanted
    through: date
    """The last session that is over."""
    settled: date
    """The last session whose bars change no more: `through`, or the one before. Of later ones the
    next run asks again.
    """
    is_full: bool = False
    """Fetch every whole history anew, whatever is stored, and of whom."""
    progress: Progress = unseen


def synchronise(order: SyncOrder) -> Result[SyncOutcome, StoreError | OtherSource]:
    """Bring the store up to date; whoever calls holds the right to write it.

    What ends the run early is part of the outcome. Failures, before anything is asked: the store
    cannot be read, or has bars of another feed.
    """
    checked = read_checked(order.store.folder, order.source.name)
    declared = order.source.basis
    basis = declared or checked.basis or PriceBasis.ADJUSTED
    first = _run(order, checked, basis)
    if isinstance(first, Failure) or declared is not None:
        return first.map(lambda run: run.outcome())
    run = first.unwrap()
    other = run.other_basis
    if other is None or run.portions.lasts:
        return Success(run.outcome())
    return _run(order, checked, other.found).map(lambda again: again.outcome())


@define(eq=False)
class _Run:
    """One run over all portions."""

    order: SyncOrder
    basis: PriceBasis
    symbols: tuple[Symbol, ...]
    standing: Standing
    checked: Checked
    portions: Portions
    problems: tuple[Problem, ...] = ()
    other_basis: OtherBasis | None = None
    """Where the first answer was of another basis than expected."""
    done: set[Symbol] = field(factory=set)

    def go(self, plan: SyncPlan) -> None:
        """Ask for everything; end where something does not work."""
        self._finish(plan.up_to_date)
        at_once = self.order.source.symbols_at_once
        for portion in plan.newer:
            if not self._did(portion, self.portions.fetch_newer):
                return
        for portion in _whole_portions({*plan.whole, *self.portions.to_renew}, at_once):
            if not self._did(portion, self.portions.fetch_whole):
                return

    def _did(self, portion: Portion, fetch: Fetch) -> bool:
        """Whether a portion worked; what was stored of it counts in any case."""
        if not self._foreseen(portion):
            return False
        result = fetch(portion)
        if isinstance(result, Failure):
            error = result.failure()
            self.problems = error.problems()
            self.other_basis = error if isinstance(error, OtherBasis) else None
            self._finish(self.portions.lasts)
            return False
        left = self.portions.to_renew if portion.start is not None else ()
        finished = {symbol for symbol in portion.symbols if symbol not in left}
        self._finish(finished)
        return self._noted(finished)

    def _foreseen(self, portion: Portion) -> bool:
        """Remember, before they are there, that bars will be asked for again."""
        if self.order.settled >= self.order.through:
            return True
        self.checked = self.checked.asked_early(portion.symbols, self.order.through)
        return self._remembered()

    def _noted(self, finished: Set[Symbol]) -> bool:
        """Remember which symbols have no bar of the newest session that the source has."""
        if self.order.settled >= self.order.through:
            self.checked = self.checked.settled(finished)
        known = (self.standing.newest, self.portions.newest)
        newest = min(max((day for day in known if day), default=date.min), self.order.through)
        lasts = self._lasts()
        self.checked = self.checked.noted(
            (s for s in self.done if (lasts[s] or date.min) < newest), newest
        )
        return self._remembered()

    def _remembered(self) -> bool:
        """Whether what is known of the source could be written."""
        written = write_checked(self.order.store.folder, self.checked)
        if isinstance(written, Failure):
            self.problems = written.failure().problems()
        return isinstance(written, Success)

    def _finish(self, symbols: Iterable[Symbol]) -> None:
        self.done |= set(symbols)
        self.order.progress(len(self.done), len(self.symbols))

    def _lasts(self) -> dict[Symbol, date | None]:
        """The last bar of each symbol by now."""
        return {s: self.portions.lasts.get(s) or self.standing.last_of(s) for s in self.symbols}

    def outcome(self) -> SyncOutcome:
        """What came of it."""
        lasts = self._lasts()
        found = self._outcome(lasts)
        if found.current or not found.symbols or found.unreached:
            return found
        newest = max((last for last in lasts.values() if last is not None), default=None)
        late = SessionNotThere(found.source, found.through, newest)
        return evolve(found, problems=(*found.problems, *late.problems()))

    def _outcome(self, lasts: Mapping[Symbol, date | None]) -> SyncOutcome:
        tally, through = self.portions.tally, self.order.through
        return SyncOutcome(
            store=str(self.order.store.folder),
            source=self.order.source.name,
            basis=self.basis,
            through=through,
            symbols=len(self.symbols),
            extended=tally.extended,
            new=tally.new,
            renewed=tuple(tally.renewed),
            corrected=tuple(tally.corrected),
            kept=tuple(tally.kept),
            behind={
                symbol: last
                for symbol, last in lasts.items()
                if last is not None and last < through and symbol in self.done
            },
            without_data=tuple(s for s in self.symbols if s in self.done and lasts[s] is None),
            unreached=tuple(s for s in self.symbols if s not in self.done),
            problems=self.problems,
            running=tuple(sorted(tally.running)),
            bad_prices=tally.bad_prices,
            warnings=tuple(tally.warnings),
            requests=self.order.source.calls,
        )


def _whole_portions(symbols: Set[Symbol], at_once: int) -> tuple[Portion, ...]:
    """The symbol whose days are the sessions alone: with it feeds leave out what is older than it,
    and the length of a history would depend on who else was asked for.
    """
    alone = portions_of(symbols & {REFERENCE}, at_once)
    return (*alone, *portions_of(sorted(symbols - {REFERENCE}), at_once))


def _run(
    order: SyncOrder, checked: Checked, basis: PriceBasis
) -> Result[_Run, StoreError | OtherSource]:
    """A run for the prices of one basis, as far as it came."""
    wanted = order.wanted(basis)
    if isinstance(wanted, Failure):
        return Failure(wanted.failure())
    symbols = tuple(sorted(set(wanted.unwrap())))
    read = standing_of(order.store, symbols, basis)
    if isinstance(read, Failure):
        return Failure(read.failure())
    standing = read.unwrap()
    others = standing.of_others(order.store, order.source.name)
    if others is not None and not order.is_full:
        return Failure(others)
    known = checked.of(basis)
    portions = Portions(order.store, order.source, basis, order.through, standing, order.is_full)
    run = _Run(order, basis, symbols, standing, known, portions)
    at_once = order.source.symbols_at_once
    there = standing.known(symbols, known, order.settled)
    run.go(plan_sync(there, order.through, at_once, is_full=order.is_full))
    return Success(run)
