"""The configuration file is found, read and blamed by line."""

from decimal import Decimal

import pytest

from alchemiser_app.settings_file import load_configuration
from alchemiser_core.config import Flag


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Loads the configuration in an empty working folder, with a file of this text in it."""
    monkeypatch.chdir(tmp_path)

    def load_text(text=None, *, file=None, environment=None, flags=()):
        if text is not None:
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / "alchemiser.toml").write_bytes(content)
        return load_configuration(file=file, environment=environment or {}, flags=flags)

    return load_text


def problem_of(result):
    (problem,) = result.failure().problems()
    return problem


def test_without_a_file_the_defaults_stand_and_flags_count(load):
    loaded = load(flags=(Flag("--cost-bps", ("costs", "cost_bps"), "3"),)).unwrap()
    assert loaded.file is None
    assert loaded.folder == ""
    assert loaded.configuration.settings.costs.cost_bps == 3


def test_the_file_in_the_working_folder_is_read_and_decimals_are_exact(load):
    loaded = load("[planning]\ncash_buffer = 0.1\n").unwrap()
    assert loaded.configuration.settings.planning.cash_buffer == Decimal("0.1")
    assert str(loaded.configuration.origin("planning", "cash_buffer")) == "alchemiser.toml:2"


def test_a_file_may_be_named_by_flag_or_variable_and_the_flag_wins(load, tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "sub" / "two.toml"
    two.parent.mkdir()
    one.write_text("[costs]\ncost_bps = 1\n")
    two.write_text("[costs]\ncost_bps = 2\n")
    environment = {"ALCHEMISER_CONFIG": str(two)}
    by_variable = load(environment=environment).unwrap()
    assert by_variable.configuration.settings.costs.cost_bps == 2
    assert by_variable.folder == str(two.parent)
    by_flag = load(environment=environment, file=str(one)).unwrap()
    assert by_flag.configuration.settings.costs.cost_bps == 1


def test_a_named_file_that_is_not_there_is_an_error(load):
    problem = problem_of(load(file="nowhere.toml"))
    assert (problem.code, problem.where) == ("no-configuration", "nowhere.toml")
    assert "alchemiser init" in problem.hint


def test_a_folder_is_no_file(load, tmp_path):
    (tmp_path / "alchemiser.toml").mkdir()
    assert problem_of(load()).code == "no-configuration"


def test_a_link_to_nowhere_is_not_passed_over(load, tmp_path):
    (tmp_path / "alchemiser.toml").symlink_to(tmp_path / "gone.toml")
    assert problem_of(load()).code == "no-configuration"


def test_what_is_no_toml_is_reported_with_its_line(load):
    problem = problem_of(load("[planning]\ncap = = 1\n"))
    assert problem.code == "bad-toml"
    assert "line 2" in problem.what


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000 + "]" * 5_000])
def test_what_the_reader_of_toml_gives_up_on_is_reported_too(load, value):
    assert problem_of(load(f"[planning]\ncap = {value}\n")).code == "bad-toml"


def test_what_is_no_text_or_far_too_long_is_refused(load):
    assert problem_of(load(b"mode = '\xff'")).code == "not-text"
    assert problem_of(load(b"#" * (4 * 1024 * 1024 + 1))).code == "configuration-too-long"


def test_a_byte_order_mark_is_no_part_of_the_first_setting(load):
    assert load(b"\xef\xbb\xbfmode = 'paper'").unwrap()


def test_problems_of_file_and_environment_come_together_with_their_places(load):
    text = "mode = 'papr'\n\n[planning]\n\ncap = 7\n[[portfolio.strategies]]\nstrategy = ''\n"
    result = load(text, environment={"ALCHEMISER_DECIDE_ON": "never"})
    places = {problem.where for problem in result.failure().problems()}
    assert places == {
        "alchemiser.toml:1: mode",
        "alchemiser.toml:5: planning.cap",
        "ALCHEMISER_DECIDE_ON: decide_on",
        "alchemiser.toml:7: portfolio.strategies[0].strategy",
        "alchemiser.toml:6: portfolio.strategies[0]",
    }
