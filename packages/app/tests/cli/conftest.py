import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from alchemiser_app.cli.main import app

SWITCH = """
(defsymphony "switch" {:rebalance-frequency :daily}
  (if (> (rsi "AAA" {:window 5}) 55)
    [(asset "AAA")]
    [(filter (cumulative-return {:window 10}) (select-top 1) [(asset "BBB") (asset "CCC")])]))
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALCHEMISER_CONFIG", raising=False)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def run_json(run: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    """Run a command with --json; standard output has to be one object and nothing else."""

    def call(*words: str, code: int = 0) -> dict[str, Any]:
        result = run(*words, "--json")
        assert result.exit_code == code, result.output
        found = json.loads(result.stdout)
        assert isinstance(found, dict)
        return found

    return call


@pytest.fixture
def bars(tmp_path: Path) -> str:
    """A folder with 400 weekdays of AAA, BBB and CCC; BBB begins 100 sessions later."""
    folder = tmp_path / "bars"
    folder.mkdir()
    days = np.busday_offset("2023-01-02", np.arange(400))
    for number, symbol in enumerate(("AAA", "BBB", "CCC")):
        steps = np.random.default_rng(number).normal(0.0004, 0.012, len(days))
        closes = 50.0 * np.exp(np.cumsum(steps))
        lines = [f"{day},{close:.4f}" for day, close in zip(days, closes, strict=True)]
        if symbol == "BBB":
            lines = lines[100:]
        (folder / f"{symbol}.csv").write_text("date,close\n" + "\n".join(lines) + "\n")
    return str(folder)


@pytest.fixture
def switch(tmp_path: Path) -> str:
    """A small symphony file."""
    path = tmp_path / "switch.edn"
    path.write_text(SWITCH)
    return str(path)


FLIP = """
(defsymphony "{name}" {{:rebalance-frequency :daily}}
  (if (> (current-price "AAA") 101) [(asset "{high}")] [(asset "{low}")]))
"""
SESSIONS = tuple(
    str(day) for day in np.busday_offset("2024-03-04", np.arange(20)) if str(day) != "2024-03-29"
)
"""Of New York, March 2024."""


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """A folder to trade in: AAA is at 100 and at 102 in turns, so that `one` changes every day.

    Opens are half a dollar below the closes. `two` wants the opposite of `one`.
    """
    folder = tmp_path / "bars"
    folder.mkdir()
    prices = {"AAA": (100.0, 102.0), "BBB": (50.0, 50.25), "CCC": (20.0, 20.0)}
    for symbol, turns in prices.items():
        rows = [
            f"{day},{turns[number % 2] - 0.5},{turns[number % 2]}"
            for number, day in enumerate(SESSIONS)
        ]
        (folder / f"{symbol}.csv").write_text("date,open,close\n" + "\n".join(rows) + "\n")
    (tmp_path / "one.edn").write_text(FLIP.format(name="one", high="AAA", low="BBB"))
    (tmp_path / "two.edn").write_text(FLIP.format(name="two", high="BBB", low="AAA"))
    (tmp_path / "alchemiser.toml").write_text(
        '[data]\nfeed = "files"\nsettings.folder = "bars"\n'
        '[[portfolio.strategies]]\nstrategy = "one.edn"\nshare = "0.6"\n'
        '[[portfolio.strategies]]\nstrategy = "two.edn"\nshare = "0.4"\n'
    )
    return tmp_path
