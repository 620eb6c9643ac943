"""How a paper account comes from the session it stood at to the next: the old one ends, the past is
checked, corporate actions are booked, the new one opens.
"""

from datetime import date, timedelta

from returns.result import Failure, Result, Success

from alchemiser_app.paper.account import PaperAccount
from alchemiser_app.paper.entries import SessionStood
from alchemiser_app.paper.moved_history import adjusted_history_moved, moved, rescalable
from alchemiser_app.paper.refusals import PaperRefused
from alchemiser_app.paper.settings import MovedHistory
from alchemiser_app.paper.standing import Ground, closes_on
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import (
    CorporateAction,
    CorporateActions,
    Dividend,
    Split,
)
from alchemiser_core.ports.market_data import MarketData

_DAY = timedelta(days=1)


def arrive(
    account: PaperAccount, ground: Ground, feed: MarketData, policy: MovedHistory
) -> Result[None, PaperRefused]:
    """Come to the session of the ground, durably; nothing happens where it stands there already.

    Refused: the adjusted past of a holding has changed; actions that cannot be read.
    """
    stood, session = account.stood, ground.session
    exchange = account.exchange
    if stood is not None:
        checked = _past(account, stood, ground, feed, policy)
        if isinstance(checked, Failure):
            return checked
        exchange.session = stood.session
        if stood.session.day == session.day:
            return account.save(account.time)
        exchange.end_session(stood.session.closes)
        booked = _book_actions(account, stood.session.day + _DAY, ground, feed)
        if isinstance(booked, Failure):
            return booked
    exchange.session, exchange.session_over = session, False
    return account.stand(SessionStood(session, ground.priced, ground.closes()), session.opens)


def _past(
    account: PaperAccount,
    stood: SessionStood,
    ground: Ground,
    feed: MarketData,
    policy: MovedHistory,
) -> Result[None, PaperRefused]:
    """An adjusted past has to be what it was; what was raw stays raw and needs no look."""
    if isinstance(feed, CorporateActions):
        return Success(None)
    day, exchange = stood.priced, account.exchange
    now = closes_on(ground.history, day)
    found = moved(exchange.state.held, stood.closes, now, day)
    if found and policy is MovedHistory.REFUSE:
        return Failure(adjusted_history_moved(found, feed.name))
    if policy is MovedHistory.RESCALE:
        for each in rescalable(found):
            exchange.split(each.symbol, each.ratio, ground.session.day, account.time)
    if found:
        seen = SessionStood(stood.session, day, {**stood.closes, **now})
        return account.stand(seen, account.time)
    return Success(None)


def _book_actions(
    account: PaperAccount, first: date, ground: Ground, feed: MarketData
) -> Result[None, PaperRefused]:
    if not isinstance(feed, CorporateActions) or not account.exchange.state.held:
        return Success(None)
    symbols: tuple[Symbol, ...] = tuple(sorted(account.exchange.state.held))
    actions = feed.actions(symbols, first, ground.session.day)
    if isinstance(actions, Failure):
        return Failure(PaperRefused(actions.failure().problems()))
    for action in actions.unwrap():
        _book(account, action, ground)
    return Success(None)


def _book(account: PaperAccount, action: CorporateAction, ground: Ground) -> None:
    exchange, at = account.exchange, ground.session.opens
    match action:
        case Split(symbol, ratio, ex_date):
            exchange.split(symbol, ratio, ex_date, at)
        case Dividend(symbol, per_share, ex_date):
            exchange.dividend(symbol, per_share, ex_date, at)
