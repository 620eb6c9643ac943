"""Reads the configuration: `alchemiser.toml`, the environment and the flags of a command."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.home_folder import at_home
from alchemiser_app.toml_lines import line_of, toml_lines
from alchemiser_core.config import (
    Configuration,
    ConfigurationErrors,
    Flag,
    Origin,
    OriginKind,
    configuration,
    environment_layer,
    file_layer,
    flag_layer,
)
from alchemiser_core.config.layers import CONFIG_VARIABLE, NOTHING_SET, Branch
from alchemiser_core.config.origin import Path as SettingPath
from alchemiser_core.config.origin import shown_path
from alchemiser_core.domain.problem import Problem

FILE_NAME = "alchemiser.toml"
LARGEST = 4 * 1024 * 1024
"""Bytes; a configuration is nowhere near that long."""


@frozen
class LoadedConfiguration:
    """The configuration, and the file that it came from."""

    configuration: Configuration
    file: Path | None
    """`None` where there is no file; environment and flags still count."""

    @property
    def folder(self) -> str:
        """Against which paths in the configuration are read; empty: the working folder."""
        return str(self.file.parent) if self.file else ""

    def place(self, *path: str | int) -> str:
        """Where a value comes from, and its path, for a message."""
        return f"{self.configuration.origin(*path)}: {shown_path(path)}"


def load_configuration(
    *, file: str | None, environment: Mapping[str, str], flags: Iterable[Flag]
) -> Result[LoadedConfiguration, ConfigurationErrors]:
    """The settings of file, environment and flags, each stronger than the one before.

    The file is `file`, else the one that ALCHEMISER_CONFIG names, else `alchemiser.toml` in the
    working folder if it is there. Failure: every problem found, each with file and line, variable
    or flag.
    """
    path = _chosen(file, environment)
    layer = read_settings_file(path) if path else Success(NOTHING_SET)
    return layer.bind(
        lambda found: configuration(found, environment_layer(environment), flag_layer(flags))
    ).map(lambda settings: LoadedConfiguration(settings, path))


def _chosen(file: str | None, environment: Mapping[str, str]) -> Path | None:
    named = file or environment.get(CONFIG_VARIABLE)
    if named:
        return at_home(named)
    return Path(FILE_NAME) if os.path.lexists(FILE_NAME) else None


def read_settings_file(path: Path) -> Result[Branch, ConfigurationErrors]:
    """The layer of a TOML file; decimal numbers in it are exact.

    Failure: it cannot be read, or is no TOML.
    """
    text = _text(path)
    if isinstance(text, Failure):
        return Failure(ConfigurationErrors((text.failure(),)))
    try:
        content = tomllib.loads(text.unwrap(), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        # Not only its own errors: the reader passes on what Python says of a number of thousands
        # of digits and of lists a thousand deep.
        problem = Problem("bad-toml", f"not TOML: {error}", str(path), "", "correct that line")
        return Failure(ConfigurationErrors((problem,)))
    lines = toml_lines(text.unwrap())

    def origin_of(setting: SettingPath) -> Origin:
        line = line_of(lines, setting)
        return Origin(OriginKind.FILE, f"{path}:{line}" if line else str(path))

    return Success(file_layer(content, origin_of))


def _text(path: Path) -> Result[str, Problem]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        what = f"the configuration cannot be read: {error.strerror or error}"
        hint = "give another file, or make one with `alchemiser init`"
        return Failure(Problem("no-configuration", what, str(path), "", hint))
    if len(content) > LARGEST:
        return Failure(Problem("configuration-too-long", f"longer than {LARGEST} bytes", str(path)))
    try:
        return Success(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        what, hint = "the configuration is not UTF-8 text", "save it as UTF-8"
        return Failure(Problem("not-text", what, str(path), f"byte {error.start}", hint))
