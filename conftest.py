"""Settings of all tests: Hypothesis draws the same examples on every machine.

    pytest --hypothesis-profile random

looks for new ones instead.
"""

from hypothesis import settings

settings.register_profile("random", deadline=None, print_blob=True)
settings.register_profile("reproducible", deadline=None, derandomize=True, database=None)
settings.load_profile("reproducible")
