"""Settings of all tests: Hypothesis draws the same examples on every machine.

    pytest --hypothesis-profile random

looks for new ones instead. `--live-paper` runs the tests against a paper account at the vendor
too, with keys from the environment.
"""

import pytest
from hypothesis import settings

settings.register_profile("random", deadline=None, print_blob=True)
settings.register_profile("reproducible", deadline=None, derandomize=True, database=None)
settings.load_profile("reproducible")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of our own."""
    parser.addoption(
        "--live-paper",
        action="store_true",
        help="also test against a paper account at the vendor; needs keys and the network",
    )
