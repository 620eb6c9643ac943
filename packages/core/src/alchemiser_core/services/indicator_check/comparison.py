"""Holds every indicator that mattered against the second vendor's."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import isfinite

from attrs import frozen

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.reasons import Measured
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.indicator_check.asking import Answers
from alchemiser_core.services.indicator_check.dividends import with_our_dividends
from alchemiser_core.services.indicator_check.questions import Questions, Wanted
from alchemiser_core.services.indicator_check.readings import SessionBars, computed, session_bars
from alchemiser_core.services.indicator_check.scales import (
    Reading,
    Tolerances,
    comparable,
    difference,
    is_level,
)


class Verdict(StrEnum):
    """What came of a comparison."""

    WITHIN = "within"
    DIFFERS = "differs"
    NOT_THERE_YET = "not there yet"
    """The vendor has no bar of the session; it may have one later."""
    UNKNOWN = "not known there"
    """The vendor has no bar of the symbol at all."""
    TOO_SHORT = "too few bars"
    """The vendor's bars do not reach as far as the indicator does."""
    NO_ANSWER = "no answer"
    NOT_ASKED = "not asked"
    """The credits went to what could rather change the decision."""


@frozen
class Compared:
    """One indicator by both vendors."""

    measured: Measured
    verdict: Verdict
    tolerance: float
    ours: float | None = None
    """The number that is compared, see `scales.unit`; `None` where nothing was."""
    theirs: float | None = None
    """The same, by our rules from the second vendor's bars."""
    own: float | None = None
    """The same, as the second vendor computes it itself; `None` where it was not asked."""
    judged: float | None = None
    """Of both the one that is further from ours, where `own` may be judged; else `theirs`."""
    difference: float | None = None
    """What is judged minus ours; of deviations relative to the larger, in percent."""
    replay: float | None = None
    """What the indicator would have been by the second vendor, in the units and on the level of our
    own: what the decision is played through with."""


@frozen(eq=False)
class Comparison:
    """What everything is compared by."""

    ours: SessionBars
    answers: Answers
    asked: Questions
    tolerances: Tolerances

    def all(self, wanted: Iterable[Wanted]) -> tuple[Compared, ...]:
        """Each indicator, in the order wanted."""
        everything = tuple(wanted)
        theirs = self._their_bars()
        values: dict[Measured, float] = {}
        for bars in {id(each): each for each in theirs.values()}.values():
            known = [e.measured for e in everything if theirs.get(e.measured.symbol) is bars]
            values.update(computed(bars, known))
        return tuple(
            self._one(each, theirs.get(each.measured.symbol), values) for each in everything
        )

    def _their_bars(self) -> Mapping[Symbol, SessionBars]:
        found: dict[Symbol, SessionBars] = {}
        ours, on_the_day = self.ours.known, self.tolerances.price_percent / 100
        for history in self.answers.histories:
            known = with_our_dividends(ours, history.at(self.ours.as_of), on_the_day)
            bars = session_bars(known, self.ours.as_of, self.ours.before, ours.carry)
            found.update(dict.fromkeys(history.symbols, bars))
        return found

    def _one(
        self, wanted: Wanted, bars: SessionBars | None, values: Mapping[Measured, float]
    ) -> Compared:
        measured = wanted.measured
        move = self.ours.move(measured.symbol)
        tolerance = self.tolerances.for_moves(measured.measure, move)
        if measured in self.asked.unasked:
            return Compared(measured, Verdict.NOT_ASKED, tolerance)
        if bars is None:
            return Compared(measured, Verdict.NO_ANSWER, tolerance)
        if measured.symbol in bars.known.missing_symbols:
            return Compared(measured, Verdict.UNKNOWN, tolerance)
        if not bars.has_session(measured.symbol):
            return Compared(measured, Verdict.NOT_THERE_YET, tolerance)
        if measured not in values:
            return Compared(measured, Verdict.TOO_SHORT, tolerance)
        ours = self.ours.reading(measured, wanted.ours)
        return self._judged(measured, tolerance, ours, bars.reading(measured, values[measured]))

    def _judged(
        self, measured: Measured, tolerance: float, ours: Reading, theirs: Reading
    ) -> Compared:
        measure = measured.measure
        here, there = comparable(measure, ours), comparable(measure, theirs)
        if not (isfinite(here) and isfinite(there)):
            return Compared(measured, Verdict.TOO_SHORT, tolerance)
        own = self._own(measured, theirs)
        numbers = [there] if own is None or not self._own_counts else [there, own]
        judged = max(numbers, key=lambda number: abs(difference(measure, here, number)))
        apart = difference(measure, here, judged)
        return Compared(
            measured=measured,
            verdict=Verdict.DIFFERS if abs(apart) > tolerance else Verdict.WITHIN,
            tolerance=tolerance,
            ours=here,
            theirs=there,
            own=own,
            judged=judged,
            difference=apart,
            replay=theirs.value * _level(ours, theirs) if is_level(measure) else theirs.value,
        )

    def _own(self, measured: Measured, theirs: Reading) -> float | None:
        """The vendor's own number, as it is compared; `None` where it is none."""
        value = self.answers.own.get(measured)
        if value is None:
            return None
        found = comparable(measured.measure, Reading(value, theirs.close, theirs.previous))
        return found if isfinite(found) else None

    @property
    def _own_counts(self) -> bool:
        """Vendors compute indicators without dividends. Where our own prices have them in, such a
        number is another one by right, and is shown without being judged.
        """
        return self.ours.known.basis is not PriceBasis.ADJUSTED


def _level(ours: Reading, theirs: Reading) -> float:
    """By what a price of theirs is multiplied to stand on the level of ours.

    By the closes of the session before, so that a wrong close of the session itself stays one.
    """
    ratio = ours.previous / theirs.previous
    return ratio if isfinite(ratio) else ours.close / theirs.close
