"""What `doctor` says of the feeds beside the one that decides."""

import pytest
from attrs import frozen
from returns.result import Success

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.feed_checks import feed_checks
from alchemiser_app.settings_file import load_configuration
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.self_check import Finding
from alchemiser_core.testing.bars import history_of
from alchemiser_core.testing.market_data import InMemoryMarketData

SECOND = '[data.second]\nfeed = "acme"\n'


class Checked(InMemoryMarketData):
    """A feed that looks at itself, and holds something until it is closed."""

    findings = (
        Finding("key", "accepted"),
        Finding("credits", "none left", (Problem("out-of-credits", "the day's are used"),)),
    )
    is_closed = False

    def check(self):
        return self.findings

    def close(self):
        self.is_closed = True


class Raising(Checked):
    def check(self):
        raise RuntimeError("the plugin has a fault")


@frozen
class Feeds:
    """As much of an application as is asked."""

    second: object

    def second_feed(self):
        return Success(self.second)


@pytest.fixture
def history():
    return history_of({"SPY": [1.0, 2.0]})


@pytest.fixture
def rows(tmp_path):
    """What is said of a second vendor by a configuration."""

    def said(feed, text):
        file = tmp_path / "alchemiser.toml"
        file.write_text(text)
        loaded = load_configuration(file=str(file), environment={}, flags=()).unwrap()
        return list(feed_checks(Feeds(feed), loaded))

    return said


def test_what_a_second_vendor_finds_of_itself_is_told_and_it_is_closed(rows, history):
    feed = Checked(history)
    found = rows(feed, SECOND)
    assert found[0] == ("second vendor", ExitCode.DONE, feed.name)
    assert found[1] == ("second vendor: key", ExitCode.DONE, "accepted")
    name, code, words = found[2]
    assert (name, code) == ("second vendor: credits", ExitCode.DATA)
    assert "the day's are used" in words
    assert feed.is_closed


def test_a_plugin_that_raises_in_its_own_check_stops_nothing(rows, history):
    feed = Raising(history)
    _, (name, code, words) = rows(feed, SECOND)
    assert (name, code) == ("second vendor", ExitCode.DATA)
    assert "the plugin has a fault" in words
    assert feed.is_closed


def test_nothing_is_said_of_feeds_that_nobody_configured(rows, history):
    assert rows(Checked(history), "") == []


def test_doctor_names_a_source_that_cannot_be_built(run_json, tmp_path):
    (tmp_path / "alchemiser.toml").write_text('[data.source]\nfeed = "acme"\n')
    checks = run_json("doctor", code=ExitCode.USAGE)["checks"]
    (row,) = [each for each in checks if each["check"] == "source"]
    assert not row["ok"]
    assert "acme" in row["found"]


def test_doctor_names_the_source_of_a_store(run, tmp_path):
    (tmp_path / "alchemiser.toml").write_text('[data.source]\nfeed = "sample"\n')
    assert "ok    source        sample" in run("doctor").stdout
