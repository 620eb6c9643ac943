"""When which order has something to do next."""

import heapq
from datetime import datetime

from attrs import define, field


@define
class Schedule:
    """One time for each order, the earliest at hand; orders of one time go by their number."""

    _due: dict[str, datetime] = field(factory=dict)
    _heap: list[tuple[datetime, int, str]] = field(factory=list)
    """Holds times that were changed since as well; those are passed over."""

    def put(self, order_id: str, number: int, due: datetime | None) -> None:
        """An order is due then, and at no other time; `None`: at none."""
        if due is None:
            self._due.pop(order_id, None)
        elif self._due.get(order_id) != due:
            self._due[order_id] = due
            heapq.heappush(self._heap, (due, number, order_id))

    def first(self) -> tuple[datetime, str] | None:
        """The earliest time, and its order."""
        while self._heap:
            due, _, order_id = self._heap[0]
            if self._due.get(order_id) == due:
                return due, order_id
            heapq.heappop(self._heap)
        return None
