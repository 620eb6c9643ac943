"""Reads configuration from TOML text, as the app does from a file."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from alchemiser_core.config import (
    Flag,
    Origin,
    OriginKind,
    configuration,
    environment_layer,
    file_layer,
    flag_layer,
)
from alchemiser_core.config.layers import Branch

FILE = Origin(OriginKind.FILE, "alchemiser.toml")


def layer_of(text: str) -> Branch:
    return file_layer(tomllib.loads(text, parse_float=Decimal), lambda path: FILE)


@pytest.fixture
def file() -> Callable[[str], Branch]:
    """The layer of a file with this text."""
    return layer_of


@pytest.fixture
def read() -> Callable[..., Any]:
    """The configuration of a file's text, environment variables and flags."""

    def read_all(
        text: str = "", environment: Mapping[str, str] | None = None, flags: tuple[Flag, ...] = ()
    ) -> Any:
        layers = (layer_of(text), environment_layer(environment or {}), flag_layer(flags))
        return configuration(*layers)

    return read_all


@pytest.fixture
def problems(read) -> Callable[..., list[str]]:
    """Every problem of a configuration, as it is printed."""
    return lambda *layers: [str(p) for p in read(*layers).failure().problems()]
