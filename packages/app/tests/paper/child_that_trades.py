"""A process that trades a paper account until it is killed, and says what it was told."""

import sys
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

from alchemiser_app.paper.factory import paper_broker
from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.config import DecideOn
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.schedule.slot import BEFORE_CLOSE
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import TradingContext
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.bars import history_of
from alchemiser_core.testing.calendar import FixedCalendar, new_york_session
from alchemiser_core.testing.market_data import InMemoryMarketData

DAY = date(2025, 3, 3)


def main(file: Path) -> None:
    session = new_york_session(DAY)
    context = TradingContext(
        feed=InMemoryMarketData(history_of({"SPY": [500.257]}, [DAY])),
        calendar=FixedCalendar([session]),
        clock=VirtualClock(session.opens),
        slot=BEFORE_CLOSE,
        decide_on=DecideOn.PREVIOUS_CLOSE,
        symbols=(Symbol("SPY"),),
        session=DAY,
    )
    broker = paper_broker(PaperSettings(), file, context).unwrap()
    for number in count():
        side = Side.SELL if number % 2 else Side.BUY
        request = OrderRequest(ClientOrderId(f"id-{number}"), Symbol("SPY"), side, Decimal("1.5"))
        report = broker.submit(request).unwrap()
        cash = broker.account().unwrap().cash
        answer = f"{request.client_order_id} {report.status} {report.filled_quantity} {cash}\n"
        sys.stdout.write(answer)
        sys.stdout.flush()


main(Path(sys.argv[1]))
