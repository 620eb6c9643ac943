from pathlib import Path

import pytest
from returns.result import Failure

from alchemiser_app.journal.location import FileLocation, ServerLocation, parse_location
from alchemiser_app.journal.opening import open_journal


def test_a_path_is_a_file():
    assert parse_location("~/some/j.db").unwrap() == FileLocation(Path.home() / "some" / "j.db")
    assert parse_location("j.db").unwrap() == FileLocation(Path.cwd() / "j.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_url_is_a_server(scheme):
    found = parse_location(f"{scheme}://me@host:5433/trading?sslmode=require").unwrap()
    assert isinstance(found, ServerLocation)
    assert str(found) == "postgresql+psycopg://me@host:5433/trading?sslmode=require"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:canary@host/trading",
        "postgresql://me:can%40ary@host/trading?password=canary",
        "postgresql://host/trading?user=me&password=canary",
        "postgresql://me:canary@host:notaport/trading",
        "postgresql+asyncpg://me:canary@host/trading",
        "mysql://me:canary@host/trading",
        "sqlite:///canary.db",
        "canary://",
        "://canary",
        "",
        "  ",
        "a\0b",
        "/",
        "~nosuchuser/j.db",
        "a" * 201,
        "/".join(["abcdefghij"] * 400),
    ],
)
def test_anything_else_is_refused_and_no_password_is_repeated(text):
    result = open_journal(text)
    assert isinstance(result, Failure)
    (problem,) = result.failure().problems()
    assert problem.code == "bad-journal-location"
    assert "canary" not in str(problem).replace("canary://", "")
    assert "canary" not in repr(result).replace("canary://", "")
    assert problem.hint


def test_a_password_says_where_it_belongs():
    (problem,) = parse_location("postgresql://me:canary@host/trading").failure().problems()
    assert problem.where == "postgresql://me:***@host/trading"
    assert "PGPASSWORD" in problem.hint
