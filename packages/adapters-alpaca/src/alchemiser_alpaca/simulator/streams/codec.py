"""How the data stream writes: msgpack both ways where the client says so, otherwise JSON."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
from attrs import frozen

from alchemiser_alpaca.simulator.http.answers import as_json
from alchemiser_alpaca.simulator.wire.times import stamp


@frozen
class Codec:
    """One of the two."""

    encode: Callable[[list[dict[str, Any]]], str | bytes]
    """A frame of messages; the times in them are aware datetimes."""
    decode: Callable[[str | bytes], Any]
    """What a client's frame holds. `ValueError` where it is unreadable."""


def codec_of(content_type: str) -> Codec:
    """What the handshake asks for."""
    return MSGPACK if content_type.startswith("application/msgpack") else JSON


def _packed(messages: list[dict[str, Any]]) -> bytes:
    packed: bytes = msgpack.packb(messages, datetime=True)
    return packed


def _unpacked(frame: str | bytes) -> Any:
    if isinstance(frame, str):
        raise ValueError("a text frame is no msgpack")
    try:
        return msgpack.unpackb(frame)
    except msgpack.UnpackException as error:
        raise ValueError("no msgpack") from error


def _written(messages: list[dict[str, Any]]) -> str:
    return as_json(
        [{name: _told(value) for name, value in each.items()} for each in messages]
    ).decode()


def _told(value: Any) -> Any:
    return stamp(value) if isinstance(value, datetime) else value


MSGPACK = Codec(_packed, _unpacked)
JSON = Codec(_written, json.loads)
