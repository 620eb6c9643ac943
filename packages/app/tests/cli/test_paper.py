"""`alchemiser paper` looks at the account, pays in and out, and starts anew only when it may."""

import pytest


def test_an_account_is_made_paid_into_and_shown(run, run_json):
    assert run_json("paper", "reset", "--cash", "25000")["number"] == "PAPER-1"
    assert run_json("paper", "deposit", "10.50")["cash"] == "25010.5"
    assert run_json("paper", "withdraw", "0.5")["cash"] == "25010"
    shown = run("paper", "show")
    assert shown.exit_code == 0
    assert "PAPER-1" in shown.stdout
    assert "25,010.00 USD" in shown.stdout
    assert run_json("paper", "show") == {
        "number": "PAPER-1",
        "session": None,
        "cash": "25010",
        "positions": [],
        "open_orders": [],
        "activities": 2,
    }


@pytest.mark.parametrize(
    ("words", "problem", "exit_code"),
    [
        (("show",), "paper-missing", 4),
        (("deposit", "5"), "paper-missing", 4),
        (("reset", "--cash", "0.001"), "paper-amount", 4),
        (("deposit", "much"), "usage", 2),
    ],
)
def test_what_cannot_be_done_says_why(run, run_json, words, problem, exit_code):
    if exit_code == 2:
        assert run("paper", *words).exit_code == 2
    else:
        found = run_json("paper", *words, code=exit_code)
        assert [p["code"] for p in found["problems"]] == [problem]


def test_more_than_there_is_cannot_be_withdrawn(run_json):
    run_json("paper", "reset", "--cash", "5")
    found = run_json("paper", "withdraw", "5.01", code=4)
    assert found["problems"][0]["code"] == "paper-cash"
    assert run_json("paper", "show")["cash"] == "5"


def test_a_reset_spares_the_journal_unless_it_is_forced(run_json, tmp_path):
    run_json("paper", "reset")
    journal = tmp_path / "alchemiser-journal.db"
    journal.write_bytes(b"whatever it is")
    found = run_json("paper", "reset", code=4)
    assert found["problems"][0]["code"] == "journal-would-be-orphaned"
    assert run_json("paper", "reset", "--force")["number"] == "PAPER-2"
    assert journal.read_bytes() == b"whatever it is"


def test_the_file_is_where_the_configuration_says(run_json, tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    file = folder / "own.toml"
    file.write_text('[broker.settings]\nfile = "accounts/mine.db"\ncash = 7.25\n')
    assert run_json("paper", "reset", "--config", str(file))["cash"] == "7.25"
    assert (folder / "accounts" / "mine.db").exists()


def test_another_brokers_account_is_left_alone(run_json, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('[broker]\nname = "alpaca"\n')
    found = run_json("paper", "show", "--config", str(file), code=2)
    assert found["problems"][0]["code"] == "not-paper"
    assert "own.toml:2" in found["problems"][0]["where"]


def test_an_amount_below_zero_is_neither_paid_in_nor_out(run):
    for command in ("deposit", "withdraw"):
        for amount in ("-5", "0"):
            result = run("paper", command, "--", amount)
            assert result.exit_code == 2
            assert "is not above 0" in result.stderr
