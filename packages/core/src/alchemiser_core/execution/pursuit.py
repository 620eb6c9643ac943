"""Going on with a line: its next order, a wait, or its end. Called when none of its orders is open.

What remains is always computed from what the broker has confirmed as filled, so that a rest is
never sent while an order before it may still fill.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import LineEnd, OrderIntended
from alchemiser_core.domain.money import ARITHMETIC, ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.commands import Cancel, Poll, ReadQuote, Submit
from alchemiser_core.execution.ending import UNKNOWN_SYMBOL, end_line
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.execution.rules import Finish, Market, ProgressiveLimit
from alchemiser_core.execution.state import Line
from alchemiser_core.execution.turn import Turn

_OBSTACLES = frozenset({RejectionKind.INSUFFICIENT_QUANTITY, RejectionKind.WASH_TRADE})
"""Refusals because of another order, which can be cleared away; the order is tried once more."""


def pursue(turn: Turn, symbol: Symbol) -> None:
    """Go on with a line, unless it has ended, waits for cash, or one of its orders is not over."""
    line = turn.line(symbol)
    orders = turn.state.orders_of(line)
    if line.end is not None or line.wanted is None or any(not o.is_over for o in orders):
        return
    rest = turn.state.rest(line)
    own = orders[line.first :]
    if rest <= 0:
        end_line(turn, symbol, LineEnd.FILLED if orders else _unsent_end(turn, line))
    elif turn.state.closing:
        end_line(turn, symbol, _closing_end(turn, orders))
    elif symbol not in turn.state.instruments:
        end_line(turn, symbol, LineEnd.REFUSED, UNKNOWN_SYMBOL)
    elif own and own[-1].refused is not None:
        _after_refusal(turn, line, own, rest)
    elif own and _ended_by_others(own[-1]):
        end_line(turn, symbol, LineEnd.NOT_FILLED, own[-1].reason)
    else:
        _next_order(turn, line, rest)


def _ended_by_others(progress: OrderProgress) -> bool:
    """Whether an order ended unfilled without being asked to, or lives on in another that somebody
    has put into its place, which may fill the rest.
    """
    return not progress.cancel_asked or progress.status is OrderStatus.REPLACED


def _unsent_end(turn: Turn, line: Line) -> LineEnd:
    """A buy of pennies that whole cents have eaten up is nothing that anybody lacks."""
    worth = line.intent.quantity * line.intent.price
    return LineEnd.NOT_NEEDED if worth <= turn.state.rules.smallest_rest else LineEnd.NO_CASH


def _closing_end(turn: Turn, orders: tuple[OrderProgress, ...]) -> LineEnd:
    if turn.state.stopped is not None:
        return LineEnd.HALTED
    if orders and orders[-1].refused is not None:
        return LineEnd.REFUSED
    return LineEnd.NOT_FILLED if orders else LineEnd.EXPIRED


def _after_refusal(turn: Turn, line: Line, own: tuple[OrderProgress, ...], rest: Decimal) -> None:
    """An obstacle is cleared away and tried once more; everything else ends the line."""
    symbol, last = line.intent.symbol, own[-1]
    obstructed = sum(progress.refused in _OBSTACLES for progress in own)
    if last.refused is RejectionKind.INSUFFICIENT_CASH:
        end_line(turn, symbol, LineEnd.NO_CASH, last.reason)
    elif last.refused not in _OBSTACLES or obstructed > 1:
        end_line(turn, symbol, LineEnd.REFUSED, last.reason or str(last.refused))
    elif line.due is None:
        turn.put_line(changed(line, due=turn.now + turn.state.rules.grace))
        turn.command(Poll(), *(Cancel(stray) for stray in turn.state.strays.get(symbol, ())))
    elif line.due <= turn.now:
        turn.put_line(changed(line, due=None))
        _next_order(turn, turn.line(symbol), rest)


def _next_order(turn: Turn, line: Line, rest: Decimal) -> None:
    tactic = turn.state.rules.tactic
    if isinstance(tactic, Market):
        send(turn, line, rest)
    elif _steps_taken(turn, line) > len(tactic.steps) or (
        _steps_taken(turn, line) == len(tactic.steps) and tactic.finish is Finish.NOTHING
    ):
        end_line(turn, line.intent.symbol, LineEnd.NOT_FILLED)
    elif not line.asking and (line.due is None or line.due <= turn.now):
        turn.put_line(changed(line, asking=True, due=None))
        turn.command(ReadQuote(line.intent.symbol))


def _steps_taken(turn: Turn, line: Line) -> int:
    own = turn.state.orders_of(line)[line.first :]
    return sum(progress.refused is None for progress in own)


def with_quote(turn: Turn, symbol: Symbol, quote: Quote | None) -> None:
    """The quote that a line has asked for is there, or is not to be had."""
    line, tactic = turn.line(symbol), turn.state.rules.tactic
    if not line.asking:
        return
    line = changed(line, asking=False)
    turn.put_line(line)
    if isinstance(tactic, Market) or turn.state.closing or line.end or line.wanted is None:
        return
    if quote is None or quote.faults(turn.now, tactic.quotes):
        _bad_quote(turn, line, tactic, quote)
        return
    turn.put_line(changed(line, bad_quotes=0))
    _send_at(turn, turn.line(symbol), tactic, quote)


def _bad_quote(turn: Turn, line: Line, tactic: ProgressiveLimit, quote: Quote | None) -> None:
    failures = line.bad_quotes + 1
    if failures >= tactic.quote_attempts:
        faults = quote.faults(turn.now, tactic.quotes) if quote is not None else ()
        why = "; ".join(faults) or "there is no quote"
        end_line(turn, line.intent.symbol, LineEnd.BAD_QUOTE, why)
    else:
        due = turn.now + turn.state.rules.poll
        turn.put_line(changed(line, bad_quotes=failures, due=due))


def _send_at(turn: Turn, line: Line, tactic: ProgressiveLimit, quote: Quote) -> None:
    """The order of the step: a limit within the collar, or the market order that ends them."""
    rest, taken = turn.state.rest(line), _steps_taken(turn, line)
    buys = line.intent.side is Side.BUY
    with localcontext(ARITHMETIC):
        collar = line.intent.price * (1 + tactic.collar if buys else 1 - tactic.collar)
        near, far = (quote.bid, quote.ask) if buys else (quote.ask, quote.bid)
        at_market = taken == len(tactic.steps)
        reached = far if at_market else near
        if (reached > collar) if buys else (reached < collar):
            why = f"the quote is {quote.bid} to {quote.ask}, the collar {collar}"
            end_line(turn, line.intent.symbol, LineEnd.BEYOND_COLLAR, why)
            return
        if at_market:
            send(turn, line, rest)
            return
        price = quote.mid + tactic.steps[taken] * (far - quote.mid)
        tick = turn.state.instruments[line.intent.symbol].price_increment
        # Rounding never makes a price worse, but for the last step, which has to reach the market.
        limit = _on_tick(price, tick, up=buys is (tactic.steps[taken] == 1))
        edge = _on_tick(collar, tick, up=not buys)
        send(turn, line, rest, min(limit, edge) if buys else max(limit, edge))


def _on_tick(price: Decimal, tick: Decimal, *, up: bool) -> Decimal:
    return (price / tick).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR) * tick


def send(turn: Turn, line: Line, quantity: Decimal, limit: Decimal | None = None) -> None:
    """Write an order down and have it sent, with the id of the next slice."""
    intent, number = line.intent, len(line.orders)
    if not ZERO < quantity <= turn.state.rest(line):
        raise ValueError(f"{quantity} {intent.symbol} are more than what is left of the plan")
    request = OrderRequest(
        client_order_id=turn.state.cycle.order_id(intent.symbol, intent.side, number),
        symbol=intent.symbol,
        side=intent.side,
        quantity=quantity,
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=limit,
        slice_number=number,
    )
    turn.record(OrderIntended(request))
    progress = turn.order(request.client_order_id)
    turn.put_order(changed(progress, sent_at=turn.now, sends=1))
    turn.command(Submit(request))
