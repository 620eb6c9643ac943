"""Settings of the TwelveData adapter. The key is no setting: it is a secret."""

from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.config import doc, endpoint, must_be

HOST = "api.twelvedata.com"
FREE_PLAN = 8
"""Credits a minute of the free plan."""


class Adjust(StrEnum):
    """What TwelveData corrects past prices for."""

    ALL = "all"
    SPLITS = "splits"
    DIVIDENDS = "dividends"
    NONE = "none"


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
    adjust: Adjust = field(default=Adjust.ALL, metadata=doc("What past prices are corrected for."))
