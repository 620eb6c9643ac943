"""A session: one trading day of a calendar, with the times between which its market is open."""

from datetime import date, datetime
from typing import Any

from attrs import Attribute, field, frozen


def aware(_: object, attribute: "Attribute[Any]", value: datetime) -> None:
    """An attrs validator: a time without a zone is not a time."""
    if value.tzinfo is None:
        raise ValueError(f"{attribute.name} needs a time zone")


@frozen
class TradingSession:
    """One trading day."""

    day: date
    opens: datetime = field(validator=aware)
    closes: datetime = field(validator=aware)
    """Earlier than usual on half days."""
    is_half_day: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError(f"the session of {self.day} closes before it opens")

    def is_open(self, at: datetime) -> bool:
        """Whether the market is open at that time."""
        return self.opens <= at < self.closes
