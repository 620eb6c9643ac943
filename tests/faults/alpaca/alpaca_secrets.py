"""Canary keys, and the search for them in everything that a scene has written."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from alchemiser_alpaca.simulator.server import RunningSimulator
from alchemiser_alpaca.simulator.wire.ledger import entry_json

KEY_ID = "PKCANARY7/KEY+ID=3"
SECRET_KEY = "cAnArY/sEcReT+kEy=0815"  # noqa: S105  (it is planted, to be looked for)
_MINDED = (KEY_ID, SECRET_KEY)


def forms(secret: str) -> Iterator[str]:
    """The ways in which a secret may be written down."""
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")
    yield base64.b64encode(f"{KEY_ID}:{SECRET_KEY}".encode()).decode().rstrip("=")


def leaks(folder: Path, outputs: Iterable[str], served: RunningSimulator) -> list[str]:
    """Where a key was found: files of the folder, printed text, the simulator's own records."""
    texts = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    texts["output"] = "\n".join(outputs).encode()
    texts["requests"] = "\n".join(map(str, served.requests)).encode()
    entries = enumerate(served.exchange.ledger.entries, 1)
    texts["ledger"] = "\n".join(str(entry_json(e, n)) for n, e in entries).encode()
    wanted = {form.encode() for secret in _MINDED for form in forms(secret)}
    return [name for name, content in texts.items() if any(each in content for each in wanted)]
