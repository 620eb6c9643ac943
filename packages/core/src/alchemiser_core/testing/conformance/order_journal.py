"""What every order journal promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest
from returns.result import Failure, Result

from alchemiser_core.domain.journal.chain import GENESIS, chain_faults
from alchemiser_core.domain.journal.codec import encode, kind_of
from alchemiser_core.domain.journal.events import JournalEvent, Resumed
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure, OrderJournal
from alchemiser_core.testing.journal_events import KINDS, event_of, one_of_each

AT = datetime(2024, 7, 12, 19, 45, 0, 123456, UTC)

Entries = tuple[JournalEntry, ...]


class OrderJournalConformance:
    """Give the fixtures `journal` (empty), `reopened` and, unless it never fails, `failing`."""

    can_fail: ClassVar[bool] = True
    """Its appends can be made to fail."""

    @pytest.fixture
    def journal(self) -> OrderJournal:
        """The journal under test, without entries."""
        raise NotImplementedError("give a fixture named journal")

    @pytest.fixture
    def reopened(self) -> Callable[[OrderJournal], OrderJournal]:
        """Lets go of a journal, as the end of a program does, and opens it anew."""
        raise NotImplementedError("give a fixture named reopened")

    @pytest.fixture
    def failing(self) -> Callable[[OrderJournal], None]:
        """Sees to it that the next append of a journal fails."""
        raise NotImplementedError("give a fixture named failing")

    def test_a_new_journal_has_no_entries(self, journal: OrderJournal) -> None:
        assert _read(journal) == ()

    def test_events_come_back_equal_and_in_order(self, journal: OrderJournal) -> None:
        events = [Resumed(str(number)) for number in range(5)]
        for event in events:
            _append(journal, [event])
        assert _events(_read(journal)) == events

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
    def test_every_kind_of_event_comes_back(
        self, journal: OrderJournal, reopened: Callable[[OrderJournal], OrderJournal], kind: type
    ) -> None:
        event = event_of(kind)
        _append(journal, [event])
        entries = _read(reopened(journal))
        assert _events(entries) == [event]
        entry = entries[0]
        assert type(entry.event) is kind
        assert (entry.record.kind, entry.record.body) == (kind_of(event), encode(event))

    def test_many_are_written_at_once_in_their_order(self, journal: OrderJournal) -> None:
        events = one_of_each()
        _append(journal, events)
        assert _events(_read(journal)) == list(events)

    def test_what_was_appended_is_what_is_read(self, journal: OrderJournal) -> None:
        written = _append(journal, [Resumed("a"), Resumed("b")]) + _append(journal, [Resumed("c")])
        assert _read(journal) == written

    def test_numbers_count_from_one_without_gaps(self, journal: OrderJournal) -> None:
        for count in (1, 3, 2):
            _append(journal, [Resumed("again")] * count)
        assert [entry.record.number for entry in _read(journal)] == [1, 2, 3, 4, 5, 6]

    def test_the_chain_holds_over_all_entries(
        self, journal: OrderJournal, reopened: Callable[[OrderJournal], OrderJournal]
    ) -> None:
        _append(journal, [Resumed("a"), Resumed("b")])
        again = reopened(journal)
        _append(again, [Resumed("c")])
        entries = _read(reopened(again))
        assert [entry.event for entry in entries] == [Resumed(text) for text in "abc"]
        assert entries[0].record.previous == GENESIS
        assert chain_faults(entry.record for entry in entries) == ()

    def test_entries_after_a_number_are_those_that_follow(self, journal: OrderJournal) -> None:
        _append(journal, [Resumed(str(number)) for number in range(4)])
        whole = _read(journal)
        for after in range(6):
            assert _read(journal, after) == whole[after:]

    def test_appending_nothing_writes_nothing(self, journal: OrderJournal) -> None:
        _append(journal, [Resumed("a")])
        assert _append(journal, []) == ()
        assert len(_read(journal)) == 1

    @pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-4)), timezone.max])
    def test_times_come_back_as_the_same_moment(
        self, journal: OrderJournal, zone: timezone
    ) -> None:
        at = AT.astimezone(zone)
        _append(journal, [Resumed("a")], at)
        found = [entry.record.at for entry in _read(journal)]
        assert found == [at]
        assert found[0].utcoffset() == at.utcoffset()

    def test_a_time_without_a_zone_is_refused_and_nothing_is_written(
        self, journal: OrderJournal
    ) -> None:
        with pytest.raises(ValueError, match="time zone"):
            journal.append([Resumed("a")], AT.replace(tzinfo=None)).unwrap()
        assert _read(journal) == ()
        _append(journal, [Resumed("b")])

    def test_an_event_that_cannot_be_encoded_is_refused_and_nothing_is_written(
        self, journal: OrderJournal
    ) -> None:
        unwritable: Any = Resumed(object())  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            journal.append([Resumed("a"), unwritable], AT).unwrap()
        assert _read(journal) == ()
        _append(journal, [Resumed("b")])
        assert _events(_read(journal)) == [Resumed("b")]

    @pytest.mark.parametrize("text", ["", "naïve ☃ 💸", "\x00\x01\x1b[31m", "a\nb\r\n", "'; --"])
    def test_any_text_comes_back(self, journal: OrderJournal, text: str) -> None:
        _append(journal, [Resumed(text)])
        assert _events(_read(journal)) == [Resumed(text)]

    def test_a_long_text_comes_back(self, journal: OrderJournal) -> None:
        _append(journal, [Resumed("long " * 100_000)])
        assert _events(_read(journal)) == [Resumed("long " * 100_000)]

    def test_an_append_that_fails_says_why(
        self, journal: OrderJournal, failing: Callable[[OrderJournal], None]
    ) -> None:
        self._needs_failures()
        failing(journal)
        _refused(journal.append([Resumed("lost")], AT))

    def test_after_a_failed_append_every_further_one_fails(
        self,
        journal: OrderJournal,
        reopened: Callable[[OrderJournal], OrderJournal],
        failing: Callable[[OrderJournal], None],
    ) -> None:
        self._needs_failures()
        _append(journal, [Resumed("a")])
        failing(journal)
        for text in ("lost", "lost too"):
            _refused(journal.append([Resumed(text)], AT))
        assert _events(_read(reopened(journal))) == [Resumed("a")]

    def test_of_a_failed_append_nothing_is_written(
        self,
        journal: OrderJournal,
        reopened: Callable[[OrderJournal], OrderJournal],
        failing: Callable[[OrderJournal], None],
    ) -> None:
        self._needs_failures()
        failing(journal)
        _refused(journal.append(one_of_each(), AT))
        again = reopened(journal)
        assert _read(again) == ()
        _append(again, [Resumed("a")])
        assert _events(_read(again)) == [Resumed("a")]

    def _needs_failures(self) -> None:
        if not self.can_fail:
            pytest.skip("its appends cannot be made to fail")


def _append(journal: OrderJournal, events: Sequence[JournalEvent], at: datetime = AT) -> Entries:
    result = journal.append(events, at)
    assert not isinstance(result, Failure), result.failure().problems()
    entries: Entries = result.unwrap()
    assert [entry.event for entry in entries] == list(events)
    return entries


def _read(journal: OrderJournal, after: int = 0) -> Entries:
    result = journal.entries(after)
    assert not isinstance(result, Failure), result.failure().problems()
    entries: Entries = result.unwrap()
    return entries


def _events(entries: Entries) -> list[JournalEvent]:
    return [entry.event for entry in entries]


def _refused(result: Result[Entries, JournalFailure]) -> None:
    assert isinstance(result, Failure), "an append succeeded that could not"
    assert isinstance(result.failure(), JournalFailure)
    assert result.failure().problems(), "a failure without a word about it"
    for problem in result.failure().problems():
        assert problem.code
        assert problem.what
