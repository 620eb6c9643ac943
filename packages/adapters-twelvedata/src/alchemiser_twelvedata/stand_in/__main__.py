"""The stand-in for people: `python -m alchemiser_twelvedata.stand_in --port 8900 --data prices`."""

import argparse
import sys
import threading
from pathlib import Path

from attrs import evolve
from returns.result import Failure

from alchemiser_twelvedata.market_time import NEW_YORK
from alchemiser_twelvedata.stand_in.clock import StandInClock
from alchemiser_twelvedata.stand_in.prices import Prices, made_up, read_folder
from alchemiser_twelvedata.stand_in.quirks import Quirks
from alchemiser_twelvedata.stand_in.serving import running
from alchemiser_twelvedata.stand_in.state import KEY, StandIn

_SYMBOLS = "SPY,AGG,QQQ,TLT,GLD,BIL,BRK.B"
_YEARS_OF_SESSIONS = 2_520


def main(words: list[str] | None = None) -> int:
    """Serve until Ctrl-C."""
    options = _options().parse_args(words)
    clock = StandInClock()
    prices: Prices
    if options.data is None:
        today = clock.now().astimezone(NEW_YORK).date()
        symbols = options.symbols.split(",")
        prices = made_up(symbols, today, _YEARS_OF_SESSIONS, options.seed)
    else:
        read = read_folder(options.data)
        if isinstance(read, Failure):
            print(read.failure(), file=sys.stderr)  # noqa: T201  (a program of its own)
            return 1
        prices = read.unwrap()
    quirks = evolve(
        Quirks(),
        credits_a_minute=options.credits_a_minute,
        errors_with_status=options.errors_with_status,
    )
    return _serve(StandIn(prices, clock=clock, quirks=quirks, key=options.key), options.port)


def _serve(stand_in: StandIn, port: int) -> int:
    try:
        with running(stand_in, port) as url:
            print(  # noqa: T201  (a program of its own)
                f"{len(stand_in.prices)} symbols are served at {url}, key {stand_in.key}. "
                "Ctrl-C ends it.",
                flush=True,
            )
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"cannot listen on port {port}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alchemiser_twelvedata.stand_in",
        description="A stand-in for the API of TwelveData on this machine.",
    )
    parser.add_argument("--port", type=int, default=8900, help="0 for any free one")
    parser.add_argument("--data", type=Path, help="folder of files such as SPY.csv")
    parser.add_argument("--symbols", default=_SYMBOLS, help="made up where there is no --data")
    parser.add_argument("--seed", type=int, default=20260302, help="of prices that are made up")
    parser.add_argument("--key", default=KEY, help="the key that is accepted")
    parser.add_argument("--credits-a-minute", type=int, default=Quirks().credits_a_minute)
    parser.add_argument(
        "--errors-with-status", action="store_true", help="errors have their HTTP status, not 200"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
