from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from alchemiser_core.domain.journal.chain import (
    GENESIS,
    ChainFault,
    Record,
    chain_faults,
    chained,
    digest_of,
)

AT = datetime(2024, 7, 12, 19, 45, tzinfo=UTC)
TEXTS = ("kind", "body", "previous", "digest")


def chain(bodies):
    records = []
    for number, body in enumerate(bodies, start=1):
        previous = records[-1].digest if records else GENESIS
        records.append(chained(number, AT + timedelta(seconds=number), "resumed", body, previous))
    return records


@given(st.lists(st.text(st.characters(codec="ascii")), max_size=6))
def test_a_chain_holds(bodies):
    assert chain_faults(chain(bodies)) == ()


@given(st.data())
def test_any_character_that_is_changed_breaks_the_chain(data):
    records = chain(['{"why":"one"}', '{"why":"two"}', '{"why":"three"}'])
    place = data.draw(st.integers(0, len(records) - 1))
    name = data.draw(st.sampled_from(TEXTS))
    text = getattr(records[place], name)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii"))
    assume(other != text[at])
    records[place] = evolve(records[place], **{name: text[:at] + other + text[at + 1 :]})
    faults = chain_faults(records)
    assert faults
    assert faults[0].number == place + 1


@given(st.integers(0, 2), st.timedeltas(timedelta(0), timedelta(days=1)))
def test_a_time_that_is_changed_breaks_the_chain(place, later):
    assume(later)
    records = chain("abc")
    records[place] = evolve(records[place], at=records[place].at + later)
    assert chain_faults(records) == (ChainFault(place + 1, "its hash does not fit what it says"),)


def test_a_record_that_is_missing_repeated_or_moved_breaks_the_chain():
    one, two, three = chain("abc")
    for wrong in ([one, three], [two, three], [one, one, two, three], [two, one, three]):
        assert chain_faults(wrong)


def test_a_record_put_in_between_breaks_the_chain_although_it_is_sound():
    one, two, three = chain("abc")
    strange = chained(2, AT, "resumed", "x", one.digest)
    assert strange.is_sound
    assert chain_faults([one, strange, two, three])
    assert chain_faults([one, strange, three])


def test_a_chain_that_was_cut_off_holds_and_so_proves_nothing_of_its_end():
    assert chain_faults(chain("abc")[:2]) == ()


def test_a_part_of_a_chain_is_checked_from_where_it_begins():
    one, two, three = chain("abc")
    assert chain_faults([two, three], 2, one.digest) == ()
    assert chain_faults([two, three], 2, three.digest)[0].why == "does not follow the record before"
    assert chain_faults([three], 2, one.digest)[0].why == "expected number 2"


def test_every_fault_is_told():
    records = chain("abcde")
    records[1] = evolve(records[1], body="x")
    records[3] = evolve(records[3], body="x")
    assert [fault.number for fault in chain_faults(records)] == [2, 4]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "a", "bc"), (1, "ab", "c")),
        ((1, "1", "x"), (11, "", "x")),
        ((1, "", "ab"), (1, "ab", "")),
    ],
)
def test_no_part_runs_into_the_next(one, other):
    first, second = (
        digest_of(number, AT, kind, body, GENESIS) for number, kind, body in (one, other)
    )
    assert first != second


def test_the_same_record_always_has_the_same_hash():
    """Written down once: a change of it would make every journal unreadable."""
    record = chained(1, AT, "resumed", '{"why":"go on"}', GENESIS)
    assert record.digest == EXPECTED
    assert record.is_sound


EXPECTED = "5e44755db656d9a061c06963d237e04be2c5c46e39d94cc20c6b1e08175b59bf"


def test_a_time_needs_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        Record(1, AT.replace(tzinfo=None), "resumed", "{}", GENESIS, GENESIS)
