"""`alchemiser data gaps`: bars against the sessions of the exchange."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alchemiser_app import freshness


@pytest.fixture(autouse=True)
def evening(monkeypatch):
    """Two sessions after the end of the market."""
    monkeypatch.setattr(freshness, "now", lambda: datetime(2024, 4, 2, 23, tzinfo=UTC))


@pytest.fixture
def holey(market: Path) -> Path:
    """AAA lacks two sessions, BBB has Good Friday, CCC has everything to the end."""
    folder = market / "bars"
    rows = (folder / "AAA.csv").read_text().splitlines()
    kept = [row for row in rows if not row.startswith(("2024-03-12", "2024-03-13"))]
    (folder / "AAA.csv").write_text("\n".join(kept) + "\n")
    with (folder / "BBB.csv").open("a") as file:
        file.write("2024-03-29,50,50\n")
    with (folder / "CCC.csv").open("a") as file:
        file.writelines(f"2024-04-0{day},20,20\n" for day in (1, 2))
    return folder


def test_gaps_days_that_are_no_session_and_the_lag_are_named(run_json, holey):
    found = run_json("data", "gaps", "--data", str(holey))
    assert found["through"] == "2024-04-02"
    aaa, bbb, ccc = found["symbols"]
    assert aaa["gaps"] == [{"first": "2024-03-12", "last": "2024-03-13", "sessions": 2}]
    assert (aaa["missing"], aaa["sessions_behind"]) == (2, 2)
    assert bbb["no_sessions"] == ["2024-03-29"]
    assert (ccc["gaps"], ccc["no_sessions"], ccc["sessions_behind"]) == ([], [], 0)
    assert found["clean"] == 1


def test_in_words_and_strictly(run, holey):
    result = run("data", "gaps", "--data", str(holey))
    assert result.exit_code == 0
    assert "1 of 3 symbols have every session of XNYS to 2024-04-02" in result.stdout
    assert "2 sessions missing (2024-03-12 to 2024-03-13); 2 sessions behind" in result.stdout
    assert run("data", "gaps", "--data", str(holey), "--strict").exit_code == 3
    assert run("data", "gaps", "CCC", "--data", str(holey), "--strict").exit_code == 0
