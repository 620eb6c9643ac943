"""Settings of the checks that are made after a decision: its indicators, by a second vendor."""

from attrs import field, frozen

from alchemiser_core.config.checks import doc, must_be

_CREDITS = must_be("a whole number from 1 to 1000", lambda value: 1 <= value <= 1000)
_PATIENCE = must_be("a whole number of seconds from 0 to 600", lambda value: 0 <= value <= 600)
_TOLERANCE = must_be("above 0 and at most 100", lambda value: 0 < value <= 100)


@frozen(kw_only=True)
class IndicatorCheckSettings:
    """The indicators that a decision went by, held against those of `data.second`."""

    background: bool = field(
        default=True,
        metadata=doc(
            "Whether `alchemiser trade` and `alchemiser run` check each decision beside the "
            "orders; without `data.second` nothing is checked."
        ),
    )
    credits: int = field(
        default=8,
        validator=_CREDITS,
        metadata=doc(
            "How much one check may ask: one a symbol whose bars are fetched, and what is left "
            "for indicators that the vendor computes itself, one each."
        ),
    )
    patience_seconds: int = field(
        default=75,
        validator=_PATIENCE,
        metadata=doc(
            "How long a check is waited for after the cycle is over, in seconds; a vendor with a "
            "budget of credits a minute may take one."
        ),
    )
    rsi_points: float = field(
        default=2.0,
        validator=_TOLERANCE,
        metadata=doc(
            "By how many points RSI may differ; by more in proportion where a symbol moves by "
            "less than 0.5 % a day, as funds of T-bills do."
        ),
    )
    price_percent: float = field(
        default=0.5,
        validator=_TOLERANCE,
        metadata=doc(
            "By how many percentage points the day's change of a price may differ, and the gap "
            "between the close and an average of prices."
        ),
    )
    return_percent: float = field(
        default=0.5,
        validator=_TOLERANCE,
        metadata=doc(
            "By how many percentage points returns over a whole window and drawdowns may differ."
        ),
    )
    deviation_percent: float = field(
        default=5.0,
        validator=_TOLERANCE,
        metadata=doc(
            "By what percentage of the larger standard deviations may differ; by more where a "
            "symbol hardly moves, as with RSI."
        ),
    )
    oscillator_percent: float = field(
        default=0.25,
        validator=_TOLERANCE,
        metadata=doc("By how many percentage points price oscillators may differ."),
    )


@frozen(kw_only=True)
class DecisionCheckSettings:
    """What is checked after a decision."""

    indicators: IndicatorCheckSettings = field(
        factory=IndicatorCheckSettings,
        metadata=doc("The indicators that mattered, held against a second vendor."),
    )
