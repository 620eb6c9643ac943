"""The vendor's REST client, hardened.

As it comes, it repeats orders that were answered with 504, waits for ever for a silent server, and
takes proxies from the environment. Everything that it sends goes through `_one_request`, which is
replaced here: one request, with time limits, a bounded answer and no redirect. Only functions
import this module, because the libraries it stands on take a while to import.
"""

from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from alchemiser_alpaca.connection.answer import Answer
from alchemiser_alpaca.connection.bounded import Steady, bounded_pools
from alchemiser_alpaca.connection.failures import Json, NoAnswer
from alchemiser_alpaca.connection.pace import Pace
from alchemiser_alpaca.keys import Keys
from alchemiser_core.domain.secret import MASK

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes; the list of all assets, the longest answer there is, has about a tenth of it."""

_CHUNK = 64 * 1024


@frozen
class TimeLimits:
    """Seconds that a request may last."""

    connect: float = 5.0
    read: float = 10.0
    """Without a single byte."""
    whole: float = 30.0
    """For the whole answer, head and body, beyond the first silence that `read` allows."""


class _MaskedText(str):
    """A key on its way into a header; shown as a mask in tracebacks that print variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK


class _Redirected(RequestException):
    """The server points somewhere else, where keys and orders must not go."""


class _TimedAdapter(HTTPAdapter):
    """Sends each request once, always with time limits."""

    def __init__(self, limits: TimeLimits, steady: Steady) -> None:
        self._limits, self._steady = limits, steady
        # Not even a request that met a connection which had been closed meanwhile is repeated.
        super().__init__(max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools = bounded_pools(self._limits.read + self._limits.whole, self._steady)
        self.poolmanager.pool_classes_by_scheme = pools

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        kwargs["timeout"] = (self._limits.connect, self._limits.read)
        kwargs["proxies"] = None
        response = super().send(request, *args, **kwargs)
        if response.is_redirect:
            response.close()
            raise _Redirected(f"status {response.status_code}")
        return response


class Client:
    """A `RESTClient` of alpaca-py that gives whole answers, and `NoAnswer` where none came."""

    def __init__(self, url: str, keys: Keys, limits: TimeLimits, pace: Pace) -> None:
        from alpaca.common.rest import RESTClient

        self._rest = RESTClient(
            base_url=url.rstrip("/"),
            api_key=_MaskedText(keys.key_id.reveal()),
            secret_key=_MaskedText(keys.secret.reveal()),
            raw_data=True,
        )
        self._rest._one_request = self._one_request  # type: ignore[method-assign]  # see above
        # The constructor takes no 0 for an answer.
        self._rest._retry = 0
        self._rest._session.trust_env = False
        self._rest._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._rest._session.mount(scheme, _TimedAdapter(limits, pace.steady))

    def exchange(
        self, method: str, path: str, data: str | dict[str, Json] | None, version: str
    ) -> Answer | NoAnswer:
        """Send one request; `data` is a query, or the body of a POST."""
        outcome: Any = self._rest._request(method, path, data, api_version=version)
        if not isinstance(outcome, Answer | NoAnswer):
            raise TypeError("alpaca-py does not send requests by `_one_request` any more")
        return outcome

    def close(self) -> None:
        """Close all connections."""
        self._rest._session.close()

    def _one_request(self, method: str, url: str, opts: dict[str, Any], retry: int) -> Any:
        try:
            with self._rest._session.request(method, url, stream=True, **opts) as response:
                return self._read(response)
        except (RequestException, HTTPError, OSError) as error:
            return NoAnswer(f"{_words(error)}, at {urlsplit(url).netloc}")

    def _read(self, response: Response) -> Answer | NoAnswer:
        """The answer with its body, read as it comes so that it can be given up at any time."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                return NoAnswer("the answer is too long")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body))


def _words(error: BaseException) -> str:
    """What went wrong, by the innermost cause; never the text of a request, nor its address."""
    if isinstance(error, _Redirected):
        return "the server points somewhere else"
    cause: BaseException = error
    for _ in range(16):
        inner = cause.__cause__ or cause.__context__
        if inner is None:
            break
        cause = inner
    reason = getattr(cause, "strerror", None)
    name = type(error).__name__
    return f"{name}: {reason}" if isinstance(reason, str) else f"{name} ({type(cause).__name__})"
