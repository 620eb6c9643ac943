"""What clients are shown: orders and activities that a query asks for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from alchemiser_alpaca.simulator.exchange.account import Activity
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.queries import ActivityQuery, OrderQuery
from alchemiser_alpaca.simulator.exchange.state import AccountState


def orders(state: AccountState, query: OrderQuery, newest: datetime) -> list[SimulatedOrder]:
    """The orders that a query asks for, none of them younger than `newest`.

    Looks at the orders of the time asked about alone, from the end that is wanted first, and for
    open ones at those that are open alone.
    """
    found = (
        order
        for order in _candidates(state, query)
        if order.submitted_at <= newest and _is_asked_for(order, query)
    )
    return list(islice(found, query.limit))


def _candidates(state: AccountState, query: OrderQuery) -> Iterator[SimulatedOrder]:
    first, last = _range(state, query)
    if query.status == "open":
        within = [o for o in state.open.values() if first < o.number <= last]
    elif first >= last:
        within = []
    else:
        start = bisect_right(state.sequence, first, key=_number)
        within = state.sequence[start : bisect_right(state.sequence, last, key=_number)]
    return iter(within) if query.ascending else reversed(within)


def _range(state: AccountState, query: OrderQuery) -> tuple[int, int]:
    """Numbers of orders: above the first, up to the last."""
    sequence, first, last = state.sequence, 0, state.taken
    if query.after is not None:
        place = bisect_right(sequence, query.after, key=_submitted)
        first = sequence[place].number - 1 if place < len(sequence) else last
    if query.until is not None:
        place = bisect_left(sequence, query.until, key=_submitted)
        last = sequence[place - 1].number if place else 0
    for identifier, is_first in ((query.after_order_id, True), (query.before_order_id, False)):
        if identifier is not None:
            order = state.orders.get(identifier)
            if order is None:
                return 0, 0
            first = max(first, order.number) if is_first else first
            last = last if is_first else min(last, order.number - 1)
    return first, last


def _is_asked_for(order: SimulatedOrder, query: OrderQuery) -> bool:
    return (
        (query.status == "all" or order.is_open is (query.status == "open"))
        and (query.side is None or order.side == query.side)
        and (not query.symbols or order.symbol in query.symbols)
    )


def _number(order: SimulatedOrder) -> int:
    return order.number


def _submitted(order: SimulatedOrder) -> datetime:
    return order.submitted_at


def activities(state: AccountState, query: ActivityQuery) -> list[Activity]:
    """The activities that a query asks for, from the one after its page token on."""
    every = state.activities
    start, stop = 0, len(every)
    if query.after is not None:
        start = bisect_right(every, query.after, key=_happened)
    if query.until is not None:
        stop = bisect_left(every, query.until, key=_happened)
    if query.page_token is not None:
        place = state.activity_places.get(query.page_token)
        if place is None:
            return []
        start = max(start, place + 1) if query.ascending else start
        stop = stop if query.ascending else min(stop, place)
    places = range(start, stop) if query.ascending else range(stop - 1, start - 1, -1)
    found = (every[place] for place in places if _is_wanted(every[place], query))
    return list(islice(found, query.page_size))


def _is_wanted(activity: Activity, query: ActivityQuery) -> bool:
    return (not query.kinds or activity.kind in query.kinds) and (
        query.day is None or activity.day == query.day
    )


def _happened(activity: Activity) -> datetime:
    return activity.at
