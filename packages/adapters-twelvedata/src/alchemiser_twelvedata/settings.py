"""Settings of the TwelveData adapter. The key is no setting: it is a secret."""

import re
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.config import doc, endpoint, must_be

HOST = "api.twelvedata.com"
FREE_PLAN = 8
"""Credits a minute of the free plan."""
FREE_PLAN_A_DAY = 800

_TIME = re.compile(r"(?:1[6-9]|2[0-3]):[0-5][0-9]")
"""Not before 16:00, the close: until then a bar changes."""
_SECONDS = must_be("from 0.1 to 120 seconds", lambda value: Decimal("0.1") <= value <= 120)


class Adjust(StrEnum):
    """What TwelveData corrects past prices for."""

    ALL = "all"
    """Splits and dividends: returns are total returns."""
    SPLITS = "splits"
    DIVIDENDS = "dividends"
    NONE = "none"
    """Nothing: prices as they were traded."""


@frozen(kw_only=True)
class TwelveDataSettings:
    """Settings of the data feed."""

    url: str = field(
        default=f"https://{HOST}",
        validator=endpoint(HOST),
        metadata=doc("Server of the API."),
    )
    credits_per_minute: int = field(
        default=FREE_PLAN,
        validator=must_be("between 1 and 100000", lambda credits: 1 <= credits <= 100_000),
        metadata=doc("Credits of your plan; one symbol costs one."),
    )
    credits_per_day: int = field(
        default=FREE_PLAN_A_DAY,
        validator=must_be("between 0 and 100000000", lambda credits: 0 <= credits <= 100_000_000),
        metadata=doc("Credits of your plan in a day of UTC; 0 where it has no such limit."),
    )
    adjust: Adjust = field(default=Adjust.ALL, metadata=doc("What past prices are corrected for."))
    adjust_indicators: bool = field(
        default=False,
        metadata=doc(
            "Whether `adjust` is sent with questions for indicators too. The vendor documents it "
            "for bars alone."
        ),
    )
    complete_after: str = field(
        default="16:30",
        validator=must_be(
            "a time from 16:00 on, such as 16:30",
            lambda value: isinstance(value, str) and _TIME.fullmatch(value) is not None,
        ),
        metadata=doc(
            "Time in New York after which the bar of the day is complete; until then it is left "
            "out, because it changes while the session runs."
        ),
    )
    connect_seconds: Decimal = field(
        default=Decimal(5),
        validator=_SECONDS,
        metadata=doc("How long the server has to take a connection."),
    )
    read_seconds: Decimal = field(
        default=Decimal(20),
        validator=_SECONDS,
        metadata=doc("How long the server may be silent before a request counts as unanswered."),
    )
