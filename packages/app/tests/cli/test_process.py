"""The command line as a process of its own: pipes, signals, encodings, words that do not fit."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alchemiser_app.cli.main import main

ALCHEMISER = [sys.executable, "-m", "alchemiser_app"]
DECIDE = ("decide", "switch.edn", "--data", "bars")


@pytest.fixture
def here(tmp_path: Path, bars: str, switch: str) -> Path:
    """A folder with bars and a symphony."""
    return tmp_path


def listening_to_ctrl_c():
    """Programs that are started in the background inherit that Ctrl-C is nothing to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(folder, *words, stdout=subprocess.PIPE, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ALCHEMISER_")}
    return subprocess.Popen(
        [*ALCHEMISER, *words],
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**environment, **variables},
        preexec_fn=listening_to_ctrl_c,
    )


def ended(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out or b"", err.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nosuch",), "No such command 'nosuch'"),
        (("decide",), "Missing argument 'TARGET'"),
        ((*DECIDE, "--as-of", "2025-02-30"), "day is out of range for month"),
        ((*DECIDE, "--as-of", "tomorrow"), "it is not a date of the form YYYY-MM-DD"),
        (("backtest", "switch.edn", "--cash", "1e400"), "is not between 0 and"),
        (("plan", "switch.edn", "--cash", "1e400"), "is not between 0 and"),
        (("backtest", "switch.edn", "--fill", "never"), "'--fill': 'never' is not one of"),
    ],
)
def test_words_that_do_not_fit_are_one_object_too(monkeypatch, capsys, words, said):
    monkeypatch.setattr(sys, "argv", ["alchemiser", *words, "--json"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    out, err = capsys.readouterr()
    (problem,) = json.loads(out)["problems"]
    assert said in problem["what"]
    assert said in " ".join(err.split())
    assert problem["where"].startswith("alchemiser")
    assert "--help" in problem["hint"]
    assert "Value error" not in out + err


@pytest.mark.parametrize(
    "words", [(*DECIDE, "--as-of", "2024-07-12"), ("symphony", "show", "switch.edn")]
)
def test_a_reader_that_has_seen_enough_is_no_error(here, words):
    reading, writing = os.pipe()
    os.close(reading)
    process = start(here, *words, stdout=writing)
    os.close(writing)
    assert ended(process) == (0, b"", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_told_in_one_line():
    with Path("/dev/full").open("wb") as full:
        code, _, err = ended(start(Path.cwd(), "plugins", stdout=full))
    assert code == 1
    assert err.startswith("error: standard output cannot be written")
    assert "Traceback" not in err


@pytest.mark.parametrize("deaf", ["reader that is gone", "full disk"])
def test_a_cycle_is_traded_to_its_end_when_nobody_can_read_what_it_says(market, deaf):
    """Both streams, as in `alchemiser trade 2>&1 | head -1`."""
    if deaf == "full disk":
        writing = os.open("/dev/full", os.O_WRONLY)
    else:
        reading, writing = os.pipe()
        os.close(reading)
    trade = [*ALCHEMISER, "trade", "--session", "2024-03-05"]
    done = subprocess.run(
        trade, cwd=market, stdout=writing, stderr=writing, timeout=60, check=False
    )
    os.close(writing)
    assert done.returncode == 0
    _, out, _ = ended(start(market, "history", "--json"))
    (cycle,) = json.loads(out)["cycles"]
    assert (cycle["outcome"], cycle["sent"]) == ("complete", 2)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_any_encoding_of_the_terminal_will_do(here, encoding):
    (here / "日本.edn").write_text('(group "日本 é" [(asset "AAA")])', encoding="utf-8")
    words = ("decide", "日本.edn", "--data", "bars", "--as-of", "2024-07-12")
    code, out, err = ended(start(here, *words, PYTHONIOENCODING=encoding))
    assert (code, err) == (0, "")
    assert b"AAA" in out
    code, out, _ = ended(start(here, *words, "--json", PYTHONIOENCODING=encoding))
    assert code == 0
    assert json.loads(out.decode(encoding))["target"] == "日本.edn"


def test_what_a_plugin_prints_never_stands_beside_the_object(here):
    info = here / "loud-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loud\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[alchemiser]\nloud = loud\n")
    (here / "loud.py").write_text("print('look at me')")
    for words in (("plugins",), (*DECIDE, "--as-of", "2024-07-12"), ("decide", "nosuch")):
        _, out, err = ended(start(here, *words, "--json", PYTHONPATH=str(here)))
        assert isinstance(json.loads(out), dict)
        assert "look at me" in err


def test_an_interrupt_ends_quietly(here):
    os.mkfifo(here / "slow.edn")
    process = start(here, "decide", "slow.edn", "--data", "bars")
    with (here / "slow.edn").open("wb"):  # opens once the command reads the symphony
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
    assert ended(process) == (130, b"", "")


def test_the_hash_seed_changes_nothing(here):
    outputs = {
        ended(start(here, "plan", "switch.edn", "--data", "bars", "--json", PYTHONHASHSEED=seed))[1]
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
