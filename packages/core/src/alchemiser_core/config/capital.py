"""How much of an account's equity the portfolio may use."""

import re
from decimal import Decimal

from attrs import frozen

from alchemiser_core.config.checks import SettingError, shown

_PERCENT = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%\s*")
_AMOUNT = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*")
_RULE = 'it has to be "all", an amount of US dollars of at least 1, or a part such as "60 %"'
_ZERO = Decimal(0)


@frozen
class Capital:
    """All of the equity, a part of it, or an amount of US dollars."""

    fraction: Decimal = Decimal(1)
    """Above 0 and at most 1."""
    amount: Decimal | None = None
    """US dollars; governs in place of the fraction where it is given."""

    def kept_back(self, equity: Decimal) -> Decimal:
        """US dollars of `equity` that the portfolio leaves alone; never negative."""
        used = equity * self.fraction if self.amount is None else self.amount
        return max(_ZERO, equity - used)

    def __str__(self) -> str:
        if self.amount is not None:
            return str(self.amount)
        return "all" if self.fraction == 1 else f"{(self.fraction * 100).normalize():f} %"


def read_capital(value: object) -> Capital:
    """`"all"`, `50000` or `"60 %"`. Raises `SettingError` for anything else."""
    text = str(value) if isinstance(value, int | Decimal) else value
    if isinstance(value, bool) or not isinstance(text, str):
        raise SettingError(f"{shown(value)} is no capital", _RULE)
    if text == "all":
        return Capital()
    percent, amount = _PERCENT.fullmatch(text), _AMOUNT.fullmatch(text)
    if percent and 0 < Decimal(percent[1]) <= 100:
        return Capital(fraction=Decimal(percent[1]) / 100)
    if amount and Decimal(amount[1]) >= 1:
        return Capital(amount=Decimal(amount[1]))
    raise SettingError(f"{shown(value)} is no capital", _RULE)
