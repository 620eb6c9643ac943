"""The HTTP client, hardened: one request, bounded in time and size, to one server and no other.

It is httpx2, the continuation of httpx, whose own releases ended in 2024: typed, tested, and made
so that time limits can be put where bytes come in. Only functions import this module, because the
library takes its time to import.
"""

from collections.abc import Iterable, Iterator, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpcore2
import httpx2
from attrs import evolve, frozen

from alchemiser_core.domain.secret import MASK, Secret
from alchemiser_twelvedata.connection.answer import Answer
from alchemiser_twelvedata.connection.deadline import BoundedBackend, Deadline
from alchemiser_twelvedata.connection.failures import NoAnswer
from alchemiser_twelvedata.connection.pace import Pace

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes; fifty symbols of five thousand bars, the longest answer that is asked for, have half."""

_SHORTEST_KEY = 6
"""Characters."""

_BROKEN = (
    httpx2.HTTPError,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
    OSError,
)


@frozen
class TimeLimits:
    """Seconds that a request may last."""

    connect: float = 5.0
    read: float = 20.0
    """Without a single byte."""
    whole: float = 90.0
    """For the whole answer, head and body."""


class _MaskedText(str):
    """A key on its way into a header; shown as a mask in tracebacks that print variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK


class Client:
    """Gives whole answers, and `NoAnswer` where none came."""

    def __init__(self, url: str, key: Secret, limits: TimeLimits, pace: Pace) -> None:
        self._key = key
        self._deadline = Deadline(limits.whole, pace.steady)
        self._place = urlsplit(url).netloc
        self._http = httpx2.Client(
            base_url=url,
            transport=_Transport(url, self._deadline),
            timeout=httpx2.Timeout(limits.read, connect=limits.connect),
            headers={"accept": "application/json", "user-agent": "alchemiser"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
        )

    def get(self, path: str, parameters: Mapping[str, str]) -> Answer | NoAnswer:
        """Read once. The key is in a header: addresses get into logs and into errors."""
        key = _MaskedText(f"apikey {self._key.reveal()}")
        self._deadline.begin()
        try:
            with self._http.stream(
                "GET", path, params=dict(parameters), headers={"authorization": key}
            ) as response:
                return self._masked(_read(response))
        except _BROKEN as error:
            return NoAnswer(f"{_words(error)}, at {self._place}")

    def _masked(self, answer: Answer | NoAnswer) -> Answer | NoAnswer:
        """Without the key, where a server says it again: its words get into reports and journals.
        What is shorter than a key would be cut out of innocent words.
        """
        if isinstance(answer, NoAnswer) or len(self._key.reveal()) < _SHORTEST_KEY:
            return answer
        return evolve(answer, body=answer.body.replace(self._key.reveal().encode(), MASK.encode()))

    def close(self) -> None:
        """Close all connections."""
        self._http.close()


def _read(response: httpx2.Response) -> Answer | NoAnswer:
    """The answer with its body, given up where it is too long."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            return NoAnswer("the answer is too long")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, bytes(body))


class _Transport(httpx2.BaseTransport):
    """Connections whose bytes have to come in time; nothing of the environment is looked at."""

    def __init__(self, url: str, deadline: Deadline) -> None:
        is_encrypted = url.startswith("https:")
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=False) if is_encrypted else None,
            max_connections=1,
            keepalive_expiry=30.0,
            network_backend=BoundedBackend(deadline),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                request.method,
                httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        stream = self._answer.stream
        if not isinstance(stream, Iterable):
            raise TypeError("httpcore2 gives another kind of stream than it was asked for")
        yield from stream

    def close(self) -> None:
        self._answer.close()


def _words(error: BaseException) -> str:
    """What went wrong, by the innermost cause; never the text of a request, nor its address."""
    cause: BaseException = error
    for _ in range(16):
        inner = cause.__cause__ or cause.__context__
        if inner is None:
            break
        cause = inner
    reason = getattr(cause, "strerror", None)
    name = type(error).__name__
    return f"{name}: {reason}" if isinstance(reason, str) else f"{name} ({type(cause).__name__})"
