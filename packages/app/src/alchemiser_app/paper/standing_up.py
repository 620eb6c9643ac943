"""Puts an open paper account at a session, on bars or on quotes, as a broker that can be traded."""

from datetime import datetime, timedelta

from returns.result import Failure, Result, Success

from alchemiser_app.paper.account import PaperAccount
from alchemiser_app.paper.arriving import arrive
from alchemiser_app.paper.behaviour import behaviour_of
from alchemiser_app.paper.broker import PaperBroker
from alchemiser_app.paper.prices import BarPrices, LivePrices, QuotedMarket
from alchemiser_app.paper.refusals import PaperRefused, refused
from alchemiser_app.paper.settings import PaperSettings
from alchemiser_app.paper.standing import Ground, ground_of_bars, ground_of_quotes
from alchemiser_core.config import DecideOn
from alchemiser_core.domain.instrument import Instruments, fractional_shares, whole_shares
from alchemiser_core.domain.schedule import last_moment
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.plugins import TradingContext
from alchemiser_core.ports.broker import BrokerCapabilities
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.quotes import Quotes
from alchemiser_core.simulation.exchange import BarMarket, FillAt, Market
from alchemiser_core.simulation.virtual_clock import VirtualClock

_SHORTEST_WINDOW = timedelta(minutes=1)


def on_bars(
    settings: PaperSettings, account: PaperAccount, context: TradingContext
) -> Result[PaperBroker, PaperRefused]:
    """The broker keeps the time of the bars: it stands at the slot of their session."""
    fill_at = FillAt.OPEN if context.decide_on is DecideOn.AFTER_CLOSE else FillAt.CLOSE
    found = ground_of_bars(context, account, opens=fill_at is FillAt.OPEN)
    if isinstance(found, Failure):
        return Failure(found.failure())
    here = found.unwrap()
    if fill_at is FillAt.OPEN and here.history.open is None:
        return Failure(_no_opens(context.feed.name))
    market = BarMarket(here.history, fill_at, here.priced, settings.sell_at_last_price)
    clock = VirtualClock(_in_the_window(context, here.session))
    return _broker(settings, account, context, here, (market, BarPrices(), clock))


def _in_the_window(context: TradingContext, session: TradingSession) -> datetime:
    """The slot; where it leaves no time to trade in, the window has moved back, and so does it."""
    slot, last = context.slot.at(session), last_moment(session)
    return slot if slot < last else max(session.opens, last - _SHORTEST_WINDOW)


def on_quotes(
    settings: PaperSettings, account: PaperAccount, context: TradingContext, quotes: Quotes
) -> Result[PaperBroker, PaperRefused]:
    """The broker lives by the system's clock, on the feed's quotes."""
    found = ground_of_quotes(context, account)
    if isinstance(found, Failure):
        return Failure(found.failure())
    market = QuotedMarket()
    prices = LivePrices(quotes, market)
    return _broker(settings, account, context, found.unwrap(), (market, prices, context.clock))


def _broker(
    settings: PaperSettings,
    account: PaperAccount,
    context: TradingContext,
    here: Ground,
    parts: tuple[Market, BarPrices | LivePrices, Clock],
) -> Result[PaperBroker, PaperRefused]:
    market, prices, clock = parts
    exchange = account.exchange
    exchange.market, exchange.listed = market, _listed(settings, here)
    exchange.behaviour = behaviour_of(settings, context.costs)
    arrived = arrive(account, here, context.feed, settings.moved_history)
    if isinstance(arrived, Failure):
        return Failure(arrived.failure())
    capabilities = BrokerCapabilities(
        is_live=False,
        fractional=settings.fractional,
        keeps_time=isinstance(prices, BarPrices),
    )
    return Success(PaperBroker(account, prices, clock, capabilities))


def _listed(settings: PaperSettings, here: Ground) -> Instruments:
    """Everything that the feed has a price of, to the step that the settings say."""
    missing = set(here.history.missing_symbols)
    known = [s for s in here.history.symbols if s not in missing]
    return fractional_shares(known) if settings.fractional else whole_shares(known)


def _no_opens(feed: str) -> PaperRefused:
    return refused(
        "no-opens",
        f"the feed {feed} has no opens",
        "decide_on",
        'with decide_on = "after-close" orders fill at the open',
        "take a feed with opens, or another decide_on",
    )
