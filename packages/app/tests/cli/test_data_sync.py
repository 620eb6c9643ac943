"""`alchemiser data sync`: fills a store, says what it did, and waits for another writer."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alchemiser_app import freshness
from alchemiser_app.bar_store.store import BarStore, create_store, open_store
from alchemiser_app.bar_store.syncing import writing_turn
from alchemiser_core.domain.bars import PriceBasis

EVENING = datetime(2024, 7, 12, 23, tzinfo=UTC)
"""Of the last session of the bars."""


@pytest.fixture(autouse=True)
def evening(monkeypatch):
    monkeypatch.setattr(freshness, "now", lambda: EVENING)


def lengthen(folder: str, symbol: str, *rows: str) -> None:
    with (Path(folder) / f"{symbol}.csv").open("a") as file:
        file.writelines(f"{row}\n" for row in rows)


def restate(folder: str, symbol: str, factor: float) -> None:
    """Every close times a factor, as an adjusted history after a split."""
    path = Path(folder) / f"{symbol}.csv"
    head, *rows = path.read_text().splitlines()
    pairs = [row.split(",") for row in rows]
    path.write_text("\n".join([head, *(f"{d},{float(c) * factor!r}" for d, c in pairs)]) + "\n")


def sync(run_json, folder, *words, code=0):
    return run_json("data", "sync", *words, "--from", folder, "--store", "kept", code=code)


def test_a_store_is_made_and_filled_and_the_second_run_asks_for_nothing(run_json, bars):
    first = sync(run_json, bars, "AAA", "BBB", "CCC")
    assert first["new"] == {"AAA": 400, "BBB": 300, "CCC": 400}
    assert (first["current"], first["through"], first["exit_code"]) == (3, "2024-07-12", 0)
    again = sync(run_json, bars, "AAA", "BBB", "CCC")
    assert (again["requests"], again["current"], again["new"]) == (0, 3, {})


def test_bars_fetched_minutes_after_the_close_are_asked_for_once_more(run_json, bars, monkeypatch):
    at = {"now": EVENING.replace(hour=20, minute=20)}
    monkeypatch.setattr(freshness, "now", lambda: at["now"])
    assert sync(run_json, bars, "AAA")["current"] == 1
    assert sync(run_json, bars, "AAA")["requests"] == 0
    at["now"] = EVENING
    assert sync(run_json, bars, "AAA")["requests"] == 1
    assert sync(run_json, bars, "AAA")["requests"] == 0


def test_without_symbols_those_of_the_store_are_taken_and_spy(run_json, bars):
    sync(run_json, bars, "AAA", "BBB")
    found = sync(run_json, bars)
    assert found["symbols"] == 3
    assert found["unknown"] == ["SPY"]


def test_a_new_session_is_appended_and_a_split_named(run, run_json, bars, monkeypatch):
    sync(run_json, bars, "AAA", "BBB")
    monkeypatch.setattr(freshness, "now", lambda: datetime(2024, 7, 15, 23, tzinfo=UTC))
    lengthen(bars, "AAA", "2024-07-15,60")
    lengthen(bars, "BBB", "2024-07-15,60")
    restate(bars, "BBB", 0.5)
    found = sync(run_json, bars, "AAA", "BBB")
    assert found["appended"] == {"AAA": 1}
    (renewed,) = found["fetched_anew"]
    assert renewed["symbol"] == "BBB"
    assert renewed["restated"]["words"] == "split 2:1"
    restate(bars, "AAA", 0.25)
    said = run("data", "sync", "AAA", "--full", "--from", bars, "--store", "kept").stdout
    assert "1 of 1 symbol has the session of 2024-07-15 (as given prices from files; 1 req" in said
    assert "AAA: split 4:1 after 2024-07-15, older closes times 0.25" in said


def test_a_symbol_that_the_source_does_not_know_is_exit_code_3_where_it_was_named(run_json, bars):
    found = sync(run_json, bars, "AAA", "NONE", code=3)
    assert (found["unknown"], found["new"]) == (["NONE"], {"AAA": 400})
    assert [problem["code"] for problem in found["problems"]] == ["missing-symbol"]


def test_what_a_source_warns_of_is_told(run, run_json, bars):
    rows = (Path(bars) / "AAA.csv").read_text().splitlines(keepends=True)
    (Path(bars) / "SPY.csv").write_text("".join(rows[:10] + rows[11:]))
    found = sync(run_json, bars, "AAA")
    assert found["new"] == {"AAA": 399}
    (warning,) = (text for text in found["warnings"] if "AAA" in text)
    assert f"1 rows dropped that are no sessions, the first of {rows[10][:10]}" in warning
    told = run("data", "sync", "AAA", "--full", "--from", bars, "--store", "kept").stdout
    assert f"warning of files: {warning}" in told


def test_a_source_that_has_nothing_at_all_is_exit_code_3(run_json, tmp_path):
    (tmp_path / "empty").mkdir()
    found = sync(run_json, "empty", code=3)
    (problem,) = found["problems"]
    assert (problem["code"], problem["why"]) == ("session-not-there", "there is no bar at all")


def test_a_folder_that_has_lost_its_files_is_a_failure_and_the_store_stays(run_json, bars):
    sync(run_json, bars, "AAA", "BBB")
    found = run_json("data", "sync", "--from", ".", "--store", "kept", "--full", code=3)
    assert [problem["code"] for problem in found["problems"]] == ["no-files"]
    assert found["not_reached"] == ["AAA", "BBB"]
    assert run_json("data", "info", "--data", "kept")["sessions"] == 400


def test_bars_of_another_feed_are_refused_with_exit_code_4(run, run_json, bars):
    sync(run_json, bars, "AAA")
    result = run("data", "sync", "AAA", "--from", "kept", "--store", "other")
    assert result.exit_code == 0
    result = run("data", "sync", "AAA", "--from", bars, "--store", "other")
    assert result.exit_code == 4
    assert "AAA from store" in result.stderr


def test_without_a_store_or_a_source_there_is_nothing_to_do(run, bars):
    assert "no-store-named" in run("data", "sync", "--from", bars, "--json").stdout
    result = run("data", "sync", "--store", "kept")
    assert result.exit_code == 2
    assert "data.source.feed" in result.stderr
    other = run("data", "sync", "--from", bars, "--store", bars)
    assert other.exit_code == 2
    assert "it holds other files" in other.stderr


@pytest.mark.parametrize("words", [("sync", "AAA", "--from"), ("import",)])
def test_a_store_is_not_made_where_none_can_stand(run, bars, words):
    Path("file").write_text("")
    for store, why in (("no/such", "no folder no to make one in"), ("file", "it is no folder")):
        result = run("data", *words, bars, "--store", store)
        assert result.exit_code == 2
        assert why in result.stderr


@pytest.mark.parametrize("words", [("sync", "AAA", "BBB", "--from"), ("import",)])
def test_ended_from_the_keyboard_it_says_that_the_next_run_goes_on(run, bars, monkeypatch, words):
    put = BarStore.put

    def interrupted(store, series):
        if series.symbol == "BBB":
            raise KeyboardInterrupt
        return put(store, series)

    with monkeypatch.context() as patch:
        patch.setattr(BarStore, "put", interrupted)
        result = run("data", *words, bars, "--store", "kept")
    assert result.exit_code != 0
    assert "what is stored stays, and the same command goes on from there" in result.stderr
    store = open_store(Path("kept")).unwrap()
    assert store.symbols(PriceBasis.AS_GIVEN).unwrap() == ("AAA",)
    assert run("data", *words, bars, "--store", "kept").exit_code == 0
    assert "BBB" in store.symbols(PriceBasis.AS_GIVEN).unwrap()


def test_a_folder_that_is_called_like_a_feed_is_read_by_its_path(run, bars):
    Path("store").mkdir()
    for words in (("info", "--data", "store"), ("sync", "--from", "store", "--store", "kept")):
        result = run("data", *words)
        assert result.exit_code == 2
        assert f"where: {words[1]} store" in result.stderr
        assert f"to read the folder of that name: {words[1]} ./store" in result.stderr


def test_the_configured_store_source_and_portfolio_are_used(run_json, bars, tmp_path):
    (tmp_path / "one.edn").write_text(
        '(defsymphony "one" {:rebalance-frequency :daily} (asset "AAA"))'
    )
    (tmp_path / "alchemiser.toml").write_text(
        f'[data]\nfeed = "store"\nsettings.folder = "kept"\nsubstitutions = {{ AAA = "BBB" }}\n'
        f'[data.source]\nfeed = "files"\nsettings.folder = "{bars}"\n'
        '[[portfolio.strategies]]\nstrategy = "one.edn"\nshare = "1"\n'
    )
    found = run_json("data", "sync")
    assert found["new"] == {"BBB": 300}
    store = open_store(tmp_path / "kept").unwrap()
    assert store.symbols(PriceBasis.AS_GIVEN).unwrap() == ("BBB",)


def test_another_writer_is_waited_for_and_named(run, bars, tmp_path, monkeypatch):
    monkeypatch.setattr(writing_turn, "PATIENCE", timedelta(0))
    store = create_store(tmp_path / "kept").unwrap()
    with store.writer().unwrap():
        result = run("data", "sync", "AAA", "--from", bars, "--store", "kept", "--json")
    assert result.exit_code == 4
    assert "waiting up to 0 s" in result.stderr
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["code"] == "store-locked"
    assert run("data", "sync", "AAA", "--from", bars, "--store", "kept").exit_code == 0


def test_trade_brings_the_store_up_to_date_before_it_reads_bars(run, market):
    (market / "alchemiser.toml").write_text(
        '[data]\nfeed = "store"\nsettings.folder = "kept"\n'
        '[data.source]\nfeed = "files"\nsettings.folder = "bars"\n'
        '[[portfolio.strategies]]\nstrategy = "one.edn"\nshare = "1"\n'
    )
    assert run("trade").exit_code == 2
    file = market / "bars" / "AAA.csv"
    whole = file.read_text()
    file.write_text("".join(whole.splitlines(keepends=True)[:-1]))
    assert run("data", "sync", "AAA").exit_code == 3
    file.write_text(whole)
    run("trade", "--dry-run")
    assert len(list((market / "kept" / "as-given").iterdir())) == 1
    traded = run("trade")
    assert traded.exit_code == 0, traded.output
    assert "new: 1 symbol (BBB)" in traded.stderr
    assert f"session {whole.splitlines()[-1][:10]}" in traded.stdout
