"""Settings of the paper broker."""

from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.config import doc, must_be
from alchemiser_core.config.checks import FRACTION, PATH
from alchemiser_core.domain.money import CENT
from alchemiser_core.domain.symbol import Symbol


class MovedHistory(StrEnum):
    """What is done where the adjusted past of a held symbol has changed."""

    REFUSE = "refuse"
    """Nothing is traded until somebody has decided."""
    RESCALE = "rescale"
    """Quantities change by what the prices changed, so that every holding keeps its value: right
    where the feed has adjusted for a dividend or a split."""
    KEEP = "keep"
    """Quantities stay: right where the feed has corrected a wrong price."""


_CASH = must_be("0 or more, in whole cents", lambda value: value >= 0 and not value % CENT)
_SEED = must_be("from 0 to 2^63 - 1", lambda value: 0 <= value < 2**63)
_BASIS_POINTS = must_be(
    "between 0 and 1000 basis points", lambda value: value is None or 0 <= value <= 1000
)
_COST = "Basis points of traded value; where it is not set, that of `[costs]`."


@frozen(kw_only=True)
class PaperSettings:
    """Settings of the `paper` broker."""

    file: str = field(
        default="paper.db",
        validator=PATH,
        metadata=doc("File of the account, beside the configuration where the path is relative."),
    )
    cash: Decimal = field(
        default=Decimal(100_000),
        validator=_CASH,
        metadata=doc("US dollars that a new account starts with, in whole cents."),
    )
    cost_bps: Decimal | None = field(
        default=None, validator=_BASIS_POINTS, metadata=doc("Commission. " + _COST)
    )
    slippage_bps: Decimal | None = field(
        default=None, validator=_BASIS_POINTS, metadata=doc("Slippage. " + _COST)
    )
    fractional: bool = field(
        default=True,
        metadata=doc("Whether fractions of a share are traded, to nine decimals."),
    )
    partial_fill: Decimal = field(
        default=Decimal(0),
        validator=FRACTION,
        metadata=doc("For rehearsing: how probable it is that an order is filled in part only."),
    )
    seed: int = field(
        default=1,
        validator=_SEED,
        metadata=doc("For rehearsing: of the partial fills; another seed is another sequence."),
    )
    reject: frozenset[Symbol] = field(
        default=frozenset(), metadata=doc("For rehearsing: symbols whose orders are refused.")
    )
    sell_at_last_price: bool = field(
        default=True,
        metadata=doc(
            "Whether a symbol that has no price in the session can be sold at its last one, as a "
            "back-test does."
        ),
    )
    moved_history: MovedHistory = field(
        default=MovedHistory.REFUSE,
        metadata=doc(
            "What is done where an adjusted feed has changed the past of a held symbol: `refuse`; "
            "`rescale` quantities so that the holding keeps its value; `keep` quantities."
        ),
    )
