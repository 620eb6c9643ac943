"""What to say where a target or a source of bars is not there under the name that was given."""

from collections.abc import Iterable
from pathlib import Path

from attrs import evolve

from alchemiser_app.home_folder import at_home
from alchemiser_app.settings_file import FILE_NAME, LoadedConfiguration
from alchemiser_app.symphony_file import ENDINGS
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import did_you_mean


def no_such_target(target: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems of a name that no strategy has; a file may have been meant."""
    beside = [target + ending for ending in ENDINGS if Path(target + ending).is_file()]
    if beside:
        names = " or ".join(beside)
        return tuple(
            evolve(p, hint=f"did you mean {names}? a symphony file is named with its ending")
            for p in problems
        )
    if "." not in target:
        return tuple(problems)
    endings = ", ".join(ENDINGS)
    if Path(target).is_file():
        what = f"the file {target!r} has no name of a symphony file"
    else:
        what = f"there is no file {target!r}, and no strategy of that name"
    hint = f"the name of a symphony file ends with one of {endings}"
    return (Problem("no-such-target", what, hint=hint),)


def empty_portfolio(loaded: LoadedConfiguration) -> Problem:
    """The target is the portfolio, and there is none."""
    if loaded.file is None:
        return Problem(
            "empty-portfolio",
            f"no {FILE_NAME} was found here, so the portfolio has no strategies",
            str(Path.cwd()),
            "the target `portfolio` is the blend of the configuration",
            "make one with `alchemiser init`, give --config, or name a strategy as the target",
        )
    return Problem(
        "empty-portfolio",
        "the portfolio has no strategies",
        str(loaded.file),
        "the target `portfolio` is the blend of the configuration",
        "add [[portfolio.strategies]] with strategy and share, or name a strategy as the target",
    )


def no_such_data(asked: str, feeds: Iterable[str]) -> Problem:
    """What `--data` names is no source of bars."""
    what, hint = f"{asked!r} is neither a folder nor a data feed", did_you_mean(asked, feeds)
    path = at_home(asked)
    if path.is_file():
        folder = str(path.parent)
        what = f"{asked!r} is a file, and bars are read from a folder with one file a symbol"
        hint = f"give the folder it is in: --data {folder}"
    return Problem("no-such-data", what, "--data", "", hint)
