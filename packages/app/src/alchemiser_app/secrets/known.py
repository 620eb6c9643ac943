"""Cuts secrets that were handed out from texts, in whatever form they stand there.

The last line of defence, behind types that mask themselves and logs that show nothing unknown.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from json import dumps
from threading import Lock
from urllib.parse import quote, quote_plus

from alchemiser_core.domain.secret import MASK, Secret

SHORTEST = 6
"""Characters; what is shorter would be cut out of innocent words."""


class KnownSecrets:
    """The secrets that were handed out. Its own repr shows how many they are, and nothing else."""

    def __init__(self) -> None:
        self._secrets: frozenset[Secret] = frozenset()
        self._forms: tuple[Secret, ...] = ()
        self._lock = Lock()

    def add(self, secret: Secret) -> None:
        """Know one more. What is shorter than `SHORTEST` is left alone."""
        with self._lock:
            if secret in self._secrets:
                return
            self._secrets |= {secret}
            self._forms = tuple(sorted({*self._forms, *_forms(secret)}, key=_longest_first))

    def without(self, text: str) -> str:
        """The text with `***` for every secret in it: plain, in base64, hexadecimal or a URL."""
        for form in self._forms:
            text = text.replace(form.reveal(), MASK)
        return text

    def __repr__(self) -> str:
        return f"KnownSecrets({len(self._secrets)})"


def _longest_first(form: Secret) -> int:
    return -len(form.reveal())


def _forms(secret: Secret) -> Iterator[Secret]:
    """How a secret may be written, each form a secret itself."""
    text = secret.reveal()
    if len(text) < SHORTEST:
        return
    content = text.encode("utf-8", "surrogatepass")
    written = {text, dumps(text)[1:-1], repr(text)[1:-1], content.hex(), content.hex().upper()}
    written |= {quote(content), quote(content, safe=""), quote_plus(content)}
    for encode in (b64encode, urlsafe_b64encode):
        written |= set(_within_base64(content, encode))
    yield from map(Secret, written)


def _within_base64(content: bytes, encode: Callable[[bytes], bytes]) -> Iterator[str]:
    """What a text in base64 has in it wherever the content begins, as in `name:secret` encoded.

    Three bytes are four letters, so there are three ways; letters that neighbours share are left
    out.
    """
    for before in range(3):
        letters = encode(bytes(before) + content).decode()
        shared_end = (before + len(content)) % 3
        yield letters[(0, 2, 3)[before] : len(letters) - (0, 3, 2)[shared_end]]


KNOWN_SECRETS = KnownSecrets()
"""Those of this process, as the log is the process's too."""
