"""Which section of the configuration belongs to a symphony file.

`calm.edn`, `./calm.edn` and the absolute path are one file, whatever the configuration and the
command line each call it.
"""

import re
from collections.abc import Iterable
from functools import reduce
from pathlib import Path

from returns.result import Result

from alchemiser_app.home_folder import at_home
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.symphony_file import ENDINGS, is_symphony_file
from alchemiser_core.config import ConfigurationErrors, OriginKind, StrategyParameters
from alchemiser_core.config.configuration import structured
from alchemiser_core.config.layers import NOTHING_SET, Branch, find, merge

_ENDS = "|".join(re.escape(ending) for ending in ENDINGS)
_FILE_AND_PARAMETER = re.compile(rf"(.+?(?:{_ENDS}))\.(.+)", re.IGNORECASE | re.DOTALL)


def split_parameter(text: str) -> tuple[str, str]:
    """`klm.overbought` and `calm.edn.overbought` as strategy and parameter."""
    file = _FILE_AND_PARAMETER.fullmatch(text)
    if file:
        return file[1], file[2]
    strategy, _, parameter = text.partition(".")
    return strategy, parameter


def file_of(target: str, loaded: LoadedConfiguration) -> Path:
    """A file named in the configuration is beside it; one on the command line where it says."""
    named = {entry.strategy for entry in loaded.configuration.settings.portfolio.strategies}
    return beside(target, loaded) if target in named else at_home(target)


def beside(name: str, loaded: LoadedConfiguration) -> Path:
    """The path that a name in the configuration means."""
    return Path(loaded.folder) / at_home(name)


def is_among(name: str, names: Iterable[str], loaded: LoadedConfiguration) -> bool:
    """Whether one of `names`, all of the configuration, is `name` or means the same file."""
    return name in names or (
        is_symphony_file(name)
        and any(
            is_symphony_file(other)
            and beside(other, loaded).resolve() == beside(name, loaded).resolve()
            for other in names
        )
    )


def parameters_of_file(
    target: str, loaded: LoadedConfiguration
) -> tuple[Result[StrategyParameters, ConfigurationErrors], str]:
    """The parameters of every section that means the file, and where they are set.

    Those of flags are stronger. Failure: all problems of the sections.
    """
    sections = sorted(_sections(target, loaded), key=lambda found: found[0])
    found: Branch = reduce(merge, (section for _, section in sections), NOTHING_SET)
    path = ("strategies", target, "parameters")
    tree = NOTHING_SET
    for step in reversed(path):
        tree = Branch({step: found if step == "parameters" else tree}, found.origin)
    place = f"{found.origin}: {'.'.join(path)}" if found.entries else target
    return structured(found, StrategyParameters, tree, path), place


def _sections(target: str, loaded: LoadedConfiguration) -> list[tuple[bool, Branch]]:
    """Whether a flag gives it, and the section.

    Of a section that has the name of the target but means another file, only what flags set.
    """
    tree, asked = loaded.configuration.tree, file_of(target, loaded).resolve()
    named = find(tree, ("strategies",))
    found = []
    for name in named.entries if isinstance(named, Branch) else ():
        section = find(tree, ("strategies", name, "parameters"))
        if not isinstance(section, Branch) or not is_symphony_file(name):
            continue
        same = beside(name, loaded).resolve() == asked
        flags = {n: e for n, e in section.entries.items() if e.origin.kind is OriginKind.FLAG}
        others = {n: e for n, e in section.entries.items() if n not in flags}
        if same and others:
            found.append((False, Branch(others, section.origin)))
        if flags and (same or name == target):
            found.append((True, Branch(flags, next(iter(flags.values())).origin)))
    return found
