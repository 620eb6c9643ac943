"""The suite itself is tested: each promise, broken on purpose, is noticed by its test."""

from datetime import UTC, datetime

import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.journal.chain import GENESIS, chained
from alchemiser_core.domain.journal.events import Halted, Resumed
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure
from alchemiser_core.testing.conformance import OrderJournalConformance
from alchemiser_core.testing.journal import InMemoryJournal, append_failed

pytest_plugins = ["pytester"]


AT = datetime(2024, 7, 12, 19, 45, tzinfo=UTC)


class Suite(OrderJournalConformance):
    __test__ = False


class Journal(InMemoryJournal):
    """Right by itself; the wrong journals below are it, with one thing broken."""

    def reopened(self):
        again = type(self)(list(self.records))
        again._read = list(self._read)
        return again


class NeverEmpty(Journal):
    def entries(self, after=0):
        if not self.records:
            super().append([Resumed("made up")], AT)
        return super().entries(after)


class Backwards(Journal):
    def entries(self, after=0):
        return super().entries(after).map(lambda entries: entries[::-1])


class ForgettingOnReopening(Journal):
    def reopened(self):
        return type(self)()


class MixingUpKinds(Journal):
    def entries(self, after=0):
        def mixed(entry):
            return evolve(entry, event=Halted("x", "y"))

        return super().entries(after).map(lambda entries: tuple(map(mixed, entries)))


class SortingABatch(Journal):
    def append(self, events, at):
        return super().append(sorted(events, key=repr), at)


class AnsweringInOtherWords(Journal):
    def append(self, events, at):
        result = super().append(events, at)
        if isinstance(result, Failure):
            return result
        return Success(
            tuple(evolve(e, record=evolve(e.record, digest=GENESIS)) for e in result.unwrap())
        )


class CountingFromZero(Journal):
    def entries(self, after=0):
        def less(entry):
            return evolve(entry, record=evolve(entry.record, number=entry.record.number - 1))

        return super().entries(after).map(lambda entries: tuple(map(less, entries)))


class ChainingToNothing(Journal):
    def append(self, events, at):
        count, result = len(self.records), super().append(events, at)
        if isinstance(result, Success):
            for place in range(count, len(self.records)):
                record = self.records[place]
                self.records[place] = chained(
                    record.number, record.at, record.kind, record.body, GENESIS
                )
        return result

    def entries(self, after=0):
        return Success(tuple(JournalEntry(r, Resumed("abc"[r.number - 1])) for r in self.records))


class IncludingTheOneAsked(Journal):
    def entries(self, after=0):
        return super().entries(max(after - 1, 0))


class WritingForNothing(Journal):
    def append(self, events, at):
        return super().append(events or [Resumed("nothing")], at).map(lambda e: e[: len(events)])


class TurningTimesIntoUtc(Journal):
    def append(self, events, at):
        return super().append(events, at.astimezone(UTC))


class TakingAnyTime(Journal):
    def append(self, events, at):
        return super().append(events, at if at.tzinfo else at.replace(tzinfo=UTC))


class WritingBeforeItFindsOut(Journal):
    def append(self, events, at):
        written = ()
        for event in events:
            written += super().append([event], at).unwrap()
        return Success(written)


class Strict(Journal):
    def append(self, events, at):
        if any(not getattr(event, "why", "x").isprintable() for event in events):
            return Failure(append_failed())
        return super().append(events, at)


class Short(Journal):
    def append(self, events, at):
        if any(len(getattr(event, "why", "")) > 1_000 for event in events):
            return Failure(append_failed())
        return super().append(events, at)


class SilentInFailure(Journal):
    def append(self, events, at):
        return super().append(events, at).alt(lambda _: JournalFailure(()))


class GoingOnAfterAFailure(Journal):
    def append(self, events, at):
        result = super().append(events, at)
        self._failed = False
        return result


class KeepingWhatFailed(Journal):
    def append(self, events, at):
        self.fail_keeps = True
        return super().append(events, at)


class KeepingHalf(Journal):
    def append(self, events, at):
        if self.appends + 1 == self.fail_at:
            return super().append(events[:1], at).lash(lambda f: self._kept(events[0], at, f))
        return super().append(events, at)

    def _kept(self, event, at, failure):
        again = InMemoryJournal(self.records)
        again.append([event], at)
        return Failure(failure)


BROKEN = [
    (NeverEmpty, Suite.test_a_new_journal_has_no_entries),
    (Backwards, Suite.test_events_come_back_equal_and_in_order),
    (ForgettingOnReopening, Suite.test_every_kind_of_event_comes_back),
    (MixingUpKinds, Suite.test_every_kind_of_event_comes_back),
    (SortingABatch, Suite.test_many_are_written_at_once_in_their_order),
    (AnsweringInOtherWords, Suite.test_what_was_appended_is_what_is_read),
    (CountingFromZero, Suite.test_numbers_count_from_one_without_gaps),
    (ChainingToNothing, Suite.test_the_chain_holds_over_all_entries),
    (ForgettingOnReopening, Suite.test_the_chain_holds_over_all_entries),
    (IncludingTheOneAsked, Suite.test_entries_after_a_number_are_those_that_follow),
    (WritingForNothing, Suite.test_appending_nothing_writes_nothing),
    (TurningTimesIntoUtc, Suite.test_times_come_back_as_the_same_moment),
    (TakingAnyTime, Suite.test_a_time_without_a_zone_is_refused_and_nothing_is_written),
    (
        WritingBeforeItFindsOut,
        Suite.test_an_event_that_cannot_be_encoded_is_refused_and_nothing_is_written,
    ),
    (Strict, Suite.test_any_text_comes_back),
    (Short, Suite.test_a_long_text_comes_back),
    (SilentInFailure, Suite.test_an_append_that_fails_says_why),
    (GoingOnAfterAFailure, Suite.test_after_a_failed_append_every_further_one_fails),
    (KeepingWhatFailed, Suite.test_after_a_failed_append_every_further_one_fails),
    (KeepingHalf, Suite.test_of_a_failed_append_nothing_is_written),
]


def run(test, journal):
    """One test of the suite, with the fixtures and every value that it names."""
    given = {
        "journal": journal,
        "reopened": lambda opened: opened.reopened(),
        "failing": lambda opened: setattr(opened, "fail_at", opened.appends + 1),
    }
    names = test.__code__.co_varnames[1 : test.__code__.co_argcount]
    marks = [m for m in getattr(test, "pytestmark", []) if m.name == "parametrize"]
    for value in marks[0].args[1] if marks else [None]:
        if marks:
            given[marks[0].args[0]] = value
        test(Suite(), **{name: given[name] for name in names})
        given["journal"] = type(journal)()


@pytest.mark.parametrize(
    ("journal", "test"), BROKEN, ids=[f"{one.__name__}-{test.__name__}" for one, test in BROKEN]
)
def test_a_broken_promise_is_noticed(journal, test):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run(test, journal())


@pytest.mark.parametrize(
    "test", dict.fromkeys(test for _, test in BROKEN), ids=lambda test: test.__name__
)
def test_a_kept_promise_passes(test):
    run(test, Journal())


def test_every_promise_has_a_journal_that_breaks_it():
    promises = {name for name in dir(OrderJournalConformance) if name.startswith("test_")}
    assert promises == {test.__name__ for _, test in BROKEN}


def test_a_suite_without_its_fixtures_says_what_is_missing(pytester):
    pytester.makepyfile(
        """
        import pytest
        from alchemiser_core.testing.conformance import OrderJournalConformance
        from alchemiser_core.testing.journal import InMemoryJournal
        class TestWithoutAnything(OrderJournalConformance):
            pass
        class TestWithAJournal(OrderJournalConformance):
            @pytest.fixture
            def journal(self):
                return InMemoryJournal()
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")
    result.stdout.fnmatch_lines_random(
        [f"*give a fixture named {name}*" for name in ("journal", "reopened", "failing")]
    )
    assert result.ret == 1
