"""What is not certain about the vendor, or may happen: every one a switch."""

from enum import Enum

from attrs import frozen


class Fault(Enum):
    """What happens to one answer on its way."""

    TRUNCATED = "half of the JSON"
    PAGE = "502 and a page of HTML"
    EMPTY = "200 and nothing at all"
    NOT_JSON = "200 and words"
    SERVER_ERROR = "an error of the server's own, as JSON"
    LATE = "the answer, after `Quirks.late_seconds`"
    NONE_AT_ALL = "no answer until the client has gone"


@frozen(kw_only=True)
class Quirks:
    """How the stand-in behaves; it may be replaced while it runs."""

    credits_a_minute: int = 8
    credits_a_day: int = 800
    errors_with_status: bool = False
    """An error has the HTTP status that belongs to it; otherwise 200."""
    keyed_single: bool = False
    """A single symbol is under its name too, as the members of a batch are."""
    tells_batch: bool = True
    """There is `Is_batch: true` with an answer for several symbols."""
    tells_credits: bool = True
    """There are `api-credits-used` and `api-credits-left`."""
    ignores_order: bool = False
    """Bars come newest first, whatever is asked for."""
    end_is_excluded: bool = False
    """Bars of `end_date` itself are left out."""
    most_decimals: int | None = None
    """Prices are rounded to so many decimals, whatever `dp` says."""
    has_partial_bar: bool = True
    """The bar of the running session is there."""
    unknown_code: int = 404
    """How an unknown symbol is told: 404 or 400."""
    one_error_for_all: bool = False
    """A batch with an unknown symbol is answered by that error alone."""
    empty_is_no_error: bool = False
    """A range without bars is an empty list rather than an error."""
    content_type: str = "application/json; charset=utf-8"
    left_out: frozenset[str] = frozenset()
    """Symbols that are missing from the answers for batches."""
    added: frozenset[str] = frozenset()
    """Symbols that are in the answers for batches unasked."""
    beyond_plan: frozenset[str] = frozenset()
    """Symbols that are refused with 403."""
    abroad: frozenset[str] = frozenset()
    """Symbols that are listed in London and in pounds."""
    late_seconds: float = 0.2
