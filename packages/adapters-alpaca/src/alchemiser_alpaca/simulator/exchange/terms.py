"""What an account starts with."""

from decimal import Decimal

from attrs import frozen


@frozen(kw_only=True)
class Terms:
    """Of an account that is new; one that is in a ledger keeps its own cash and number."""

    account_number: str = "PA0SIMULATED"
    cash: Decimal = Decimal(100_000)
    """US dollars, in whole cents."""
    multiplier: int = 1
    """1 (cash alone), 2 or 4."""
    seed: int = 0
    """Of the random partial fills."""
