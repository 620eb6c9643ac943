from datetime import UTC, datetime

import pytest
from attrs import evolve
from returns.result import Failure

from alchemiser_core.domain.journal.events import Resumed
from alchemiser_core.testing.conformance import OrderJournalConformance
from alchemiser_core.testing.journal import InMemoryJournal

AT = datetime(2024, 7, 12, 19, 45, tzinfo=UTC)


class TestInMemoryJournal(OrderJournalConformance):
    @pytest.fixture
    def journal(self):
        return InMemoryJournal()

    @pytest.fixture
    def reopened(self):
        return InMemoryJournal.reopened

    @pytest.fixture
    def failing(self):
        def fail_next(journal):
            journal.fail_at = journal.appends + 1

        return fail_next


def test_the_append_that_is_told_to_fail_does_and_no_other_before_it():
    journal = InMemoryJournal(fail_at=3)
    assert all(journal.append([Resumed("a")], AT) for _ in range(2))
    assert len(journal.records) == 2
    assert isinstance(journal.append([Resumed("b")], AT), Failure)
    assert isinstance(journal.append([], AT), Failure)
    assert len(journal.records) == 2
    assert journal.appends == 4


def test_an_append_may_fail_after_it_was_written():
    journal = InMemoryJournal(fail_at=1, fail_keeps=True)
    assert isinstance(journal.append([Resumed("a")], AT), Failure)
    again = journal.reopened()
    assert [entry.event for entry in again.entries().unwrap()] == [Resumed("a")]


def test_a_journal_opened_anew_leaves_the_old_one_blocked():
    journal = InMemoryJournal(fail_at=1)
    assert isinstance(journal.append([Resumed("a")], AT), Failure)
    again = journal.reopened()
    assert again.append([Resumed("b")], AT).unwrap()[0].record.number == 1
    assert isinstance(journal.append([Resumed("c")], AT), Failure)
    assert journal.records == []


def test_a_record_that_was_changed_is_noticed():
    journal = InMemoryJournal()
    journal.append([Resumed("a"), Resumed("b")], AT).unwrap()
    journal.records[0] = evolve(journal.records[0], body='{"why":"x"}')
    (problem,) = journal.entries().failure().problems()
    assert problem.code == "journal-corrupt"
    assert "entry 1" in problem.why


def test_records_of_a_kind_that_nobody_knows_are_a_failure():
    journal = InMemoryJournal()
    journal.append([Resumed("a")], AT).unwrap()
    from alchemiser_core.domain.journal.chain import GENESIS, chained

    journal.records[0] = chained(1, AT, "dreamt", "{}", GENESIS)
    (problem,) = journal.entries().failure().problems()
    assert problem.code == "bad-journal-event"
