"""Every case that a broker can cause is tried over HTTP; the others are not the broker's."""

import re
from pathlib import Path

CASES = set(range(1, 51))
NOT_OF_A_BROKER = {
    20: "the log of the journal's file, cut off by a loss of power",
    21: "a disk that is full",
    22: "a journal that cannot be written",
    23: "a journal that is damaged, or somebody else's",
    39: "batches and credits of another vendor of prices",
    43: "the computer's own time, and runs that are missed or repeated",
    48: "limits of the plan, which is refused before the broker hears of it",
    49: "plugins that raise, hang or meddle",
    50: "random schedules of all faults, ten thousand of them, in memory",
}
"""What fails there does not come over HTTP; `tests/faults/test_cases.py` says where it is tried."""


def tried() -> set[int]:
    """The numbers in the names of the tests of this folder."""
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*_over_http.py")]
    texts += [path.read_text() for path in Path(__file__).parent.glob("test_*_of_*.py")]
    return {
        int(n) for text in texts for n in re.findall(r"def test_case_(\d\d)_\w+_over_http", text)
    }


def test_every_case_that_a_broker_can_cause_is_tried_over_http():
    assert tried() == CASES - set(NOT_OF_A_BROKER)
