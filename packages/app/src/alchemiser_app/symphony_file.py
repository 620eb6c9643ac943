"""A symphony file as a strategy."""

import re
from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_core.config import StrategyParameters
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.symphony import Limits, ReadSymphony, expand, read
from alchemiser_core.symphony.limits import DEFAULT_LIMITS
from alchemiser_core.symphony.strategy import SymphonyStrategy

ENDINGS = (".edn", ".clj", ".json")
"""What the names of symphony files end with."""


def is_symphony_file(target: str) -> bool:
    """Whether a target is a file rather than the name of a strategy."""
    return target.lower().endswith(ENDINGS) or "/" in target or "\\" in target


def read_symphony_file(
    path: Path, limits: Limits = DEFAULT_LIMITS
) -> Result[ReadSymphony, tuple[Problem, ...]]:
    """The symphony in a file. Failure: it cannot be read, or everything wrong in it."""
    try:
        with path.open("rb") as file:
            content = file.read(limits.text_bytes + 1)
    except OSError as error:
        what = f"the symphony cannot be read: {error.strerror or error}"
        hint = "check the path; a strategy is named without a path"
        return Failure((Problem("no-symphony", what, str(path), "", hint),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what, hint = "the symphony is not UTF-8 text", "save it as UTF-8"
        return Failure((Problem("not-text", what, str(path), f"byte {error.start}", hint),))
    return read(text, origin=str(path), limits=limits).alt(lambda errors: errors.problems())


def strategy_of_file(
    path: Path, parameters: StrategyParameters
) -> Result[tuple[Strategy, tuple[Problem, ...]], tuple[Problem, ...]]:
    """The strategy in a file, named after the file, and what is odd about it."""
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "symphony"
    found = read_symphony_file(path)
    if isinstance(found, Failure):
        return Failure(found.failure())
    plain = expand(found.unwrap().symphony, parameters.values)
    if isinstance(plain, Failure):
        return Failure(plain.failure().problems())
    strategy = SymphonyStrategy(name, plain.unwrap(), source=found.unwrap().symphony)
    return Success((strategy, found.unwrap().warnings))
