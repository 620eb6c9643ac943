"""Settings of the simulator. Nothing in it is a secret: its keys guard nothing."""

from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_core.config import doc, must_be
from alchemiser_core.config.checks import NOT_EMPTY
from alchemiser_core.domain.money import CENT
from alchemiser_core.domain.symbol import Symbol

_PORT = must_be("from 0 to 65535", lambda value: 0 <= value <= 65_535)
_CASH = must_be("0 or more, in whole cents", lambda value: value >= 0 and not value % CENT)
_SPEED = must_be("from 0 to 86400", lambda value: 0 <= value <= 86_400)
_MILLISECONDS = must_be("from 0 to 60000", lambda value: 0 <= value <= 60_000)
_COUNT = must_be("0 or more", lambda value: value >= 0)
_SEED = must_be("from 0 to 2^63 - 1", lambda value: 0 <= value < 2**63)
_BASIS_POINTS = must_be("between 0 and 1000 basis points", lambda value: 0 <= value <= 1000)
_MULTIPLIER = must_be("1, 2 or 4", lambda value: value in (1, 2, 4))


class DataPlan(StrEnum):
    """Which market data the account is subscribed to."""

    FULL = "full"
    """All of it, at once."""
    BASIC = "basic"
    """Of all exchanges (SIP) everything but the last 15 minutes; of IEX all at once."""


@frozen(kw_only=True)
class SimulatorSettings:
    """Settings of `alchemiser simulate-broker alpaca`."""

    port: int = field(
        default=8777, validator=_PORT, metadata=doc("Port on this machine; 0 for any free one.")
    )
    cash: Decimal = field(
        default=Decimal(100_000),
        validator=_CASH,
        metadata=doc("US dollars that a new account starts with, in whole cents."),
    )
    account_number: str = field(
        default="PA0SIMULATED",
        validator=NOT_EMPTY,
        metadata=doc("Number of the account; those of paper accounts begin with PA."),
    )
    key_id: str = field(
        default="simulated-key-id",
        validator=NOT_EMPTY,
        metadata=doc("The key id that it accepts."),
    )
    secret_key: str = field(
        default="simulated-secret",
        validator=NOT_EMPTY,
        metadata=doc("The secret key that it accepts; it guards nothing."),
    )
    speed: Decimal = field(
        default=Decimal(1),
        validator=_SPEED,
        metadata=doc("How fast its clock goes: 60 is a minute a second, 0 stands until moved."),
    )
    latency_ms: int = field(
        default=0, validator=_MILLISECONDS, metadata=doc("What every request takes at least.")
    )
    seed: int = field(default=0, validator=_SEED, metadata=doc("Of random partial fills."))
    rate_limit: int = field(
        default=200,
        validator=_COUNT,
        metadata=doc("Requests a minute, trading and data apart; 0 for no limit."),
    )
    retry_after: bool = field(
        default=False, metadata=doc("Whether 429 says Retry-After beside the other headers.")
    )
    spread_bps: Decimal = field(
        default=Decimal(2),
        validator=_BASIS_POINTS,
        metadata=doc("Spread of the quotes in basis points."),
    )
    multiplier: int = field(
        default=1,
        validator=_MULTIPLIER,
        metadata=doc("Buying power as a multiple of equity: 1 is cash alone."),
    )
    ledger: str = field(
        default="", metadata=doc("File of the account; empty keeps it in memory alone.")
    )
    faults: str = field(default="", metadata=doc("File of a fault plan in JSON."))
    not_fractionable: frozenset[Symbol] = field(
        default=frozenset(), metadata=doc("Symbols that are traded in whole shares alone.")
    )
    not_tradable: frozenset[Symbol] = field(
        default=frozenset(), metadata=doc("Symbols that are listed and not traded.")
    )
    data_plan: DataPlan = field(
        default=DataPlan.FULL, metadata=doc("Market data that the account may see.")
    )
    page_bytes: int = field(
        default=0,
        validator=_COUNT,
        metadata=doc("Cut pages of bars at this size too, as the vendor does at 262144; 0: never."),
    )
    one_stream: bool = field(
        default=True,
        metadata=doc("Whether a second connection to a stream is refused, as the vendor does."),
    )
    stream_seconds: Decimal = field(
        default=Decimal(1),
        validator=must_be("above 0", lambda value: value > 0),
        metadata=doc("Real seconds between two quotes of a symbol on the data stream."),
    )
    switches: Switches = field(
        factory=Switches,
        metadata=doc("What the vendor's behaviour is not certain of, or rehearsals want else."),
    )
