from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from alchemiser_core.domain.money import (
    Rounding,
    decimal_from_float,
    decimal_text,
    parse_decimal,
    to_cents,
    usd,
)


@pytest.mark.parametrize(
    ("rounding", "positive", "negative"),
    [
        (Rounding.DOWN, "1.00", "-1.01"),
        (Rounding.UP, "1.01", "-1.00"),
        (Rounding.NEAREST, "1.00", "-1.00"),
    ],
)
def test_cents_are_rounded_in_the_direction_that_is_named(rounding, positive, negative):
    assert str(to_cents(Decimal("1.005"), rounding)) == positive
    assert str(to_cents(Decimal("-1.005"), rounding)) == negative


def test_large_amounts_keep_their_cents():
    assert str(to_cents(Decimal("12345678901234567890123.456"), Rounding.DOWN)).endswith(".45")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_finite(text):
    with pytest.raises(ValueError, match="not an amount"):
        usd(text)


def test_an_amount_written_in_the_program_is_exact():
    assert usd("0.10") + usd("0.20") == usd("0.3")


@pytest.mark.parametrize("text", ["", "abc", "NaN", "inf", "1,000", "$5", "1" * 40 + "x"])
def test_text_that_is_no_number_is_a_problem_that_shows_it(text):
    (problem,) = parse_decimal(text).failure().problems()
    assert problem.code == "bad-amount"
    assert text[:24] in problem.what


def test_a_number_is_read_exactly():
    assert parse_decimal(" 1234.5600 ") == Success(Decimal("1234.5600"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_survives_the_way_to_decimal_and_back(value):
    assert float(decimal_from_float(value)) == value


def test_a_float_becomes_its_shortest_decimal():
    assert decimal_from_float(0.1) == Decimal("0.1")


def test_decimals_are_written_without_exponent():
    assert decimal_text(Decimal("1E-9")) == "0.000000001"
    assert decimal_text(Decimal("1E+3")) == "1000"
    assert decimal_text(Decimal("100.500")) == "100.5"
    assert decimal_text(Decimal("0E-14")) == "0"
    assert decimal_text(Decimal("100")) == "100"
