"""Who may ask: the keys that are accepted, in the three ways that clients send them."""

import base64
import binascii
import hmac
from collections.abc import Mapping

from attrs import frozen

from alchemiser_alpaca.simulator.http.answers import error_answer


@frozen
class Authority:
    """The one pair of keys; they guard nothing, but a client has to send them right."""

    key_id: str
    secret_key: str

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether a request carries the keys; `headers` have names in small letters."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        match kind:
            case "":
                return self.knows(
                    headers.get("apca-api-key-id", ""), headers.get("apca-api-secret-key", "")
                )
            case "Basic":
                key_id, _, secret_key = _decoded(given).partition(":")
                return self.knows(key_id, secret_key)
            case "Bearer":
                return _same(given, self.secret_key)
            case _:
                return False

    def knows(self, key_id: object, secret_key: object) -> bool:
        """Whether these are the keys."""
        return _same(key_id, self.key_id) and _same(secret_key, self.secret_key)


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


UNAUTHORISED = error_answer(401, None, "unauthorized.")
"""The answer to wrong keys; it has no code."""
