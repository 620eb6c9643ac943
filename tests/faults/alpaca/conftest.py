"""Makes the modules of this folder importable, and a bought account a place to start from."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.append(str(HERE.parents[2] / "benchmarks"))

from alpaca_market import DAYS  # noqa: E402
from alpaca_scene import SLOW, copied, scene  # noqa: E402
from attrs import frozen  # noqa: E402


@frozen
class Undisturbed:
    """What the second day comes to where nothing goes wrong."""

    account: tuple[object, object]
    sent: tuple[str, ...]
    """Client order ids, in the order in which they arrived."""
    first_post: int
    """The number of the request that is the first order."""


@pytest.fixture(scope="session")
def bought(tmp_path_factory):
    """A folder in which the first day has been traded: six symbols are held."""
    folder = tmp_path_factory.mktemp("bought")
    with scene(folder, DAYS[0]) as first:
        done = first.trade()
        assert done.code == 0, done.output
        first.assert_obedient()
        first.assert_converged()
    return folder


@pytest.fixture
def second_day(bought, tmp_path):
    """A scene at the slot of the second day, with what its configuration is to have."""

    def opened(**configuration):
        return scene(copied(bought, tmp_path / "account"), DAYS[1], **configuration)

    return opened


@pytest.fixture(scope="session")
def undisturbed(bought, tmp_path_factory):
    """The second day without any fault."""
    return without_faults(copied(bought, tmp_path_factory.mktemp("undisturbed") / "account"))


@pytest.fixture(scope="session")
def undisturbed_and_slow(bought, tmp_path_factory):
    """The same where fills take a while, so that there is something to wait for."""
    folder = copied(bought, tmp_path_factory.mktemp("slow") / "account")
    return without_faults(folder, settings=SLOW)


def without_faults(folder, **configuration):
    with scene(folder, DAYS[1], **configuration) as second:
        done = second.trade()
        assert done.code == 0, done.output
        first = second.requests().index(second.posts()[0]) + 1
        found = Undisturbed(second.account(), tuple(second.sent()), first)
        second.settle()
    return found
