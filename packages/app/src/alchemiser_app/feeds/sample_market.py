"""The synthetic market: daily returns of every symbol it knows, from a seed alone.

The return of session t depends on the seed, the symbol and t, not on how many sessions or which
symbols are asked for. Random bits come from counter-based generators keyed by seed and name;
what follows is additions, multiplications and comparisons in a fixed order and no library of
functions, so that every machine makes the same prices to the last bit.
"""

import hashlib
from functools import lru_cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_app.feeds.sample_symbols import (
    FUTURES,
    HIDDEN,
    LEVERAGED,
    MID_FUTURES,
    OWN,
    Leveraged,
    Own,
)

Returns = NDArray[np.float64]
"""One return a session; that of the first is 0."""

KNOWN = frozenset({*OWN, *LEVERAGED})
"""Every symbol that the market has."""

_KEPT = 256
"""Series that are remembered between requests."""

_YEAR = 252
_LEAST_RETURN = -0.95
"""A fund loses no more than this in a day, so that its price stays above zero."""


@frozen
class _Mood:
    """A state of the market and how it is left; probabilities are per session."""

    drift: float
    volatility: float
    momentum: float
    """Share of yesterday's surprise that comes again today; taken back where it is negative."""
    next: tuple[tuple[float, int], ...]
    """Chance of going to another mood, and which."""


_MOODS = (
    # In this order: calm rise, rally without a pause, nervous, bear market
    _Mood(0.0005, 0.0068, -0.03, ((0.011, 1), (0.009, 2), (0.0008, 3))),
    _Mood(0.0030, 0.0045, 0.10, ((0.050, 0), (0.060, 2))),
    _Mood(-0.0007, 0.0125, -0.15, ((0.035, 0), (0.008, 1), (0.005, 3))),
    _Mood(-0.0017, 0.0185, -0.15, ((0.014, 0), (0.005, 1), (0.006, 2))),
)


@lru_cache(_KEPT)
def _noise(seed: int, name: str, sessions: int) -> NDArray[np.float64]:
    """Independent draws of mean 0 and deviation 1, nearly normal: sums of twelve uniforms."""
    words = _bits(seed, name, 3 * sessions).view("<u2").reshape(sessions, 12)
    total = words.astype(np.int64).sum(axis=1) + 6
    draws: Returns = total / 65536.0 - 6.0
    return draws


def _uniform(seed: int, name: str, sessions: int) -> NDArray[np.float64]:
    whole = (_bits(seed, name, sessions) >> np.uint64(11)).astype(np.float64)
    return whole * 2.0**-53


def _bits(seed: int, name: str, count: int) -> NDArray[np.uint64]:
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
    bits: NDArray[np.uint64] = np.random.Philox(key=key).random_raw(count).astype("<u8")
    return bits


@lru_cache(_KEPT)
def market_returns(seed: int, sessions: int) -> Returns:
    """The equity factor: moods of calm, rally, nervousness and bear, each with its own swing."""
    chance = _uniform(seed, "mood", sessions).tolist()
    surprise = _noise(seed, "market", sessions).tolist()
    returns, mood, before = [0.0], 0, 0.0
    for t in range(1, sessions):
        mood = _next_mood(mood, chance[t])
        state = _MOODS[mood]
        swing = state.volatility * surprise[t] + state.momentum * before
        before = swing
        returns.append(state.drift + swing)
    return _frozen(np.clip(np.array(returns), -0.11, 0.11))


def _next_mood(mood: int, chance: float) -> int:
    for probability, other in _MOODS[mood].next:
        if chance < probability:
            return other
        chance -= probability
    return mood


_THEMES = {
    "tech": 0.0055,
    "finance": 0.0060,
    "consumer": 0.0050,
    "energy": 0.0110,
    "health": 0.0060,
    "rates": 0.0085,
    "gold": 0.0095,
    "nuclear": 0.0110,
}
"""Daily deviation of the factors that groups of symbols share."""


def symbol_returns(seed: int, symbol: str, sessions: int) -> Returns:
    """Daily returns of one symbol, of the hidden indices too."""
    if symbol in LEVERAGED:
        return _leveraged(seed, LEVERAGED[symbol], sessions)
    if symbol == FUTURES:
        return _futures(seed, sessions, answer=4.0, carry=0.0006, noise=0.022)
    if symbol == MID_FUTURES:
        return _futures(seed, sessions, answer=1.6, carry=0.0002, noise=0.010)
    return _own(seed, symbol, OWN[symbol] if symbol in OWN else HIDDEN[symbol], sessions)


def _own(seed: int, symbol: str, made_of: Own, sessions: int) -> Returns:
    returns = made_of.market * market_returns(seed, sessions) + made_of.drift
    if made_of.theme:
        common = _noise(seed, f"theme {made_of.theme}", sessions) * _THEMES[made_of.theme]
        returns = returns + made_of.exposure * common
    if made_of.noise:
        returns = returns + made_of.noise * _noise(seed, f"symbol {symbol}", sessions)
    return _started(np.clip(returns, -0.30, 0.30))


def _leveraged(seed: int, fund: Leveraged, sessions: int) -> Returns:
    index = symbol_returns(seed, fund.index, sessions)
    returns = fund.factor * index - fund.yearly_cost / _YEAR
    return _started(np.maximum(returns, _LEAST_RETURN))


def _futures(seed: int, sessions: int, answer: float, carry: float, noise: float) -> Returns:
    """Volatility futures fall a little every day and jump when the market falls."""
    market = market_returns(seed, sessions)
    surprise = _noise(seed, "futures", sessions)
    fright = np.maximum(-market - 0.015, 0.0)
    returns = -answer * (market + fright * -0.5) - carry + noise * surprise
    return _started(np.clip(returns, -0.25, 0.45))


def _started(returns: Returns) -> Returns:
    returns[0] = 0.0
    return _frozen(returns)


def _frozen(returns: Returns) -> Returns:
    returns.flags.writeable = False
    return returns


def first_price(symbol: str) -> float:
    """The close of the first session."""
    return LEVERAGED[symbol].first_price if symbol in LEVERAGED else 100.0


def candle_noise(seed: int, symbol: str, sessions: int) -> tuple[Returns, Returns, Returns]:
    """Three series of uniform draws that shape open, high and low (and volume) of a bar."""
    drawn = [_uniform(seed, f"{part} {symbol}", sessions) for part in ("open", "high", "low")]
    return drawn[0], drawn[1], drawn[2]
