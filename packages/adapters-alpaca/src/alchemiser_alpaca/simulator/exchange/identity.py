"""Identifiers that are the same in every run: UUIDs made of a name and a count."""

from uuid import UUID, uuid5

_SIMULATOR = UUID("5a1f7a46-2f0b-5d2e-9d1c-6a0c86f9d3b1")
"""The namespace of everything that the simulator names."""


def identifier(*parts: str | int) -> str:
    """The UUID of some parts, as text."""
    return str(uuid5(_SIMULATOR, "/".join(str(part) for part in parts)))


def asset_id(symbol: str) -> str:
    """The id of a listed security, whatever account looks at it."""
    return identifier("asset", symbol)
