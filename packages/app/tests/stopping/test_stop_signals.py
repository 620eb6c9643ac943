import signal
import subprocess
import sys

import pytest

from alchemiser_app.stopping.either_switch import EitherSwitch
from alchemiser_app.stopping.stop_signals import StopSignals
from alchemiser_core.testing.kill_switch import SettableKillSwitch

NUMBERS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture(autouse=True)
def in_the_foreground():
    """Programs that are started in the background inherit that Ctrl-C is nothing to them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", NUMBERS)
def test_case_47_the_first_signal_is_a_request(number):
    with StopSignals() as stop:
        assert stop.thrown() is None
        signal.raise_signal(number)
        assert stop.thrown() == f"{number.name} was received"


@pytest.mark.parametrize("number", NUMBERS)
def test_afterwards_signals_do_what_they_did_before(number):
    before = signal.getsignal(number)
    with StopSignals():
        assert signal.getsignal(number) != before
    assert signal.getsignal(number) == before


def test_case_47_the_second_ctrl_c_interrupts():
    with StopSignals() as stop:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.thrown() == "SIGTERM was received"


TWICE = """
import signal
from alchemiser_app.stopping.stop_signals import StopSignals
with StopSignals():
    signal.raise_signal(signal.SIGTERM)
    print("still there", flush=True)
    signal.raise_signal(signal.SIGTERM)
    print("never said", flush=True)
"""


def test_case_47_the_second_sigterm_ends_the_program_at_once():
    done = subprocess.run(
        [sys.executable, "-c", TWICE], capture_output=True, text=True, check=False
    )
    assert done.stdout == "still there\n"
    assert done.returncode == -signal.SIGTERM


def test_either_of_several_switches_stops():
    one, other = SettableKillSwitch(), SettableKillSwitch()
    both = EitherSwitch([one, other])
    assert both.thrown() is None
    other.throw("the second")
    assert both.thrown() == "the second"
    one.throw("")
    assert both.thrown() == ""
    assert EitherSwitch([]).thrown() is None
