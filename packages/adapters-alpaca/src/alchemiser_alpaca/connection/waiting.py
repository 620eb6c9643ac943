"""How long to wait: what a server asks for in its headers, and what patience allows.

A server may ask for an hour, for a moment that has passed, or for nonsense; none of that may make
a call last longer than it should.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from attrs import frozen

from alchemiser_alpaca.connection.failures import CallFailure, NoAnswer, TooMany

_SECONDS = re.compile(r"\s*(\d{1,12}(?:\.\d{1,9})?)\s*")


@frozen
class Patience:
    """How often a read is repeated, and how long all of it may last; seconds."""

    tries: int = 4
    first_wait: float = 0.25
    longest_wait: float = 5.0
    """No single wait is longer, whatever a server asks for."""
    total: float = 15.0
    """No further try is begun after that."""
    own_count: float = 5.0
    """How long a request may wait for room in our own budget; never more than a minute is needed.
    """

    def wait(self, failed: int, failure: CallFailure, chance: float) -> float | None:
        """Seconds until the next try after `failed` ones, `None` where there is none.

        Waits double and are spread over their whole length; where the server says how long, it is
        that long and a little more.
        """
        if failed >= self.tries or not isinstance(failure, NoAnswer | TooMany):
            return None
        if isinstance(failure, TooMany) and failure.retry_after is not None:
            asked = failure.retry_after.total_seconds()
            return min(asked, self.longest_wait) + chance * self.first_wait
        doubled = self.first_wait * 2.0 ** min(failed, 16)
        return chance * min(doubled, self.longest_wait)


def asked_to_wait(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds that the server asks to wait, by `Retry-After` or `X-RateLimit-Reset`.

    `None` where it says nothing that makes sense, or a moment that has passed. The server's own
    `Date` is what its moments are held against: the computer's clock, `wall`, may be wrong.
    """
    now = _moment(headers.get("date", "")) or wall
    after = headers.get("retry-after", "")
    seconds = _number(after)
    if seconds is None and (at := _moment(after)) is not None:
        seconds = at - now
    if seconds is None and (reset := _number(headers.get("x-ratelimit-reset", ""))) is not None:
        seconds = reset - now
    return seconds if seconds is not None and seconds > 0 else None


def count_of(headers: Mapping[str, str], name: str) -> int | None:
    """The whole number of a header; `None` where there is none."""
    number = _number(headers.get(name, ""))
    return None if number is None else int(number)


def _number(text: str) -> float | None:
    match = _SECONDS.fullmatch(text)
    return None if match is None else float(match[1])


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
