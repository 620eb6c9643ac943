"""A scene: a simulator that is served over HTTP, and a folder of somebody who trades at it."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from alpaca_facts import Facts
from alpaca_market import DAYS, context_at, slot_of, write_folder
from alpaca_secrets import KEY_ID, SECRET_KEY
from attrs import define, field, frozen
from typer.testing import CliRunner

from alchemiser_alpaca.simulator.exchange.entries import Replaced
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket
from alchemiser_alpaca.simulator.http.calls import Call, RequestRecord
from alchemiser_alpaca.simulator.server import AlpacaSimulator, running
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.main import app
from alchemiser_core.simulation.faults.tape import Began, Finished
from alchemiser_core.testing.faults.alerts import ENDED

LEDGER = "simulator.ledger"
SLOW = {"switches": Switches(pending_new_ms=4000, fill_ms=12_000, next_part_ms=4000)}
"""Settings with which fills come late enough for the stream to be heard."""
INCOMPLETE, HALTED = int(ExitCode.INCOMPLETE), int(ExitCode.HALTED)
NO_DATA, REFUSED = int(ExitCode.DATA), int(ExitCode.REFUSED)
SPEED = 30
"""Seconds of the simulator's clock in a real one."""
QUICK = {
    "broker": {"connect_seconds": "2", "read_seconds": "1", "requests_a_minute": 10_000},
    "execution": "deadline_seconds = 240",
}
"""Time limits with which no test takes long."""


@frozen
class Done:
    """A command that has ended."""

    code: int
    output: str


@define(eq=False)
class Scene(Facts):
    """A served account and a folder; made by `scene`."""

    day: date
    _processes: int = field(default=0, init=False)

    # What a user does

    def trade(self, *words: str) -> Done:
        """One cycle."""
        return self.run("trade", *words)

    def run(self, *words: str) -> Done:
        """A command of `alchemiser`, in this process."""
        self.begins()
        where = ["--config", str(self.folder / "alchemiser.toml")]
        keys = {"ALPACA_KEY_ID": KEY_ID, "ALPACA_SECRET_KEY": SECRET_KEY}
        result = CliRunner().invoke(app, [*words, *where], env=keys)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return self.ended(Done(result.exit_code, result.output))

    def begins(self) -> None:
        """A process is about to be started."""
        self._processes += 1
        self.tape.calls = 0
        self.tape.note(Began(DAYS.index(self.day), self._processes))

    def ended(self, done: Done) -> Done:
        """A process has ended by itself."""
        self.outputs.append(done.output)
        self.tape.look_at_the_journal()
        self.tape.note(Finished(f"{ENDED}: code {done.code}"))
        return done

    def killed(self, how: str) -> None:
        """A process was killed."""
        self.tape.look_at_the_journal()
        self.tape.note(Finished(f"killed {how}"))

    # What goes wrong

    def fault(self, kind: str, at: dict[str, object] | None = None, **more: object) -> None:
        """Let something go wrong."""
        self.served.put_faults({"kind": kind, **({"at": at} if at else {}), **more})

    def refuse(
        self, symbol: str, status: int, message: str, code: int = 40310000, *, once: bool = False
    ) -> None:
        """Orders of a symbol are refused in these words, or the first of them."""
        self.exchange.refuse(symbol, Refusal(status, code, message))

        def look(_: int, record: RequestRecord) -> None:
            if (record.method, record.status) == ("POST", status):
                self.exchange.refuse(symbol, None)

        if once:
            self.tape.at_answer = look

    def by_hand(self, symbol: str, side: str, shares: int, limit: str) -> None:
        """Somebody else places an order, which rests."""
        ticket = OrderTicket(
            symbol=symbol,
            side=side,
            type="limit",
            qty=Decimal(shares),
            limit_price=Decimal(limit),
            client_order_id=f"hand-{len(self.exchange.ledger.entries)}",
        )
        with self.served.desk.work() as at:
            self.exchange.submit(ticket, at).unwrap()

    def replace_at_cancel(self, symbol: str, limit: str) -> None:
        """As a cancel arrives, somebody puts another order into the place of the one it is for."""

        def look(_: int, call: Call) -> None:
            if call.method != "DELETE" or self.foreign_successors():
                return
            with self.served.desk.work() as at:
                order = self.exchange.order(call.path.rsplit("/", 1)[-1], at)
                if order is not None and order.symbol == symbol:
                    changes = Changes(limit_price=Decimal(limit))
                    self.exchange.replace(order.id, changes, at).unwrap()

        self.tape.at_call = look

    def foreign_successors(self) -> list[str]:
        """Orders that took the place of others."""
        return [e.successor for e in self.exchange.ledger.entries if isinstance(e, Replaced)]

    def leap(self, posts: int, moment: datetime) -> None:
        """When so many orders have arrived, the clock shows another time."""

        def look(_: int, call: Call) -> None:
            if len(self.posts()) == posts and self.served.clock.now() < moment:
                self.served.clock.advance_to(moment)

        self.tape.at_call = look

    def release_at_cancel(self, symbol: str) -> None:
        """What was held of a symbol is executed as a cancel arrives, before it is looked at."""

        def look(_: int, call: Call) -> None:
            if call.method == "DELETE":
                with self.served.desk.work() as at:
                    self.exchange.release_fills(symbol, at)

        self.tape.at_call = look

    def move_to(self, day: date, moment: datetime | None = None) -> None:
        """Time passes until the slot of a day, or a moment of it."""
        self.served.clock.advance_to(moment or slot_of(day))
        self.day = day
        with self.served.desk.work():
            pass

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Fails where it takes longer, on the wall."""
        begun = time.monotonic()
        yield
        assert time.monotonic() - begun < seconds

    # The end

    def settle(self, *words: str) -> None:
        """Everybody behaves again; on the next day two reconciliations, and the last look.

        Fails where an invariant was broken, where journal and simulator differ, where a second
        reconciliation still writes, or where a key was written anywhere.
        """
        self.calm()
        self.move_to(DAYS[DAYS.index(self.day) + 1])
        first = self.run("reconcile", *words)
        assert first.code == 0, first.output
        self.assert_obedient()
        self.assert_converged()
        before = len(self.tape.entries)
        again = self.run("reconcile")
        assert (again.code, len(self.tape.entries)) == (0, before), again.output

    def calm(self) -> None:
        """No fault waits any more, and what was held goes on."""
        exchange = self.exchange
        self.tape.at_call = lambda number, call: None
        self.tape.at_answer = lambda number, record: None
        with self.served.desk.work() as at:
            self.served.book.clear()
            exchange.stick(False, False, at)
            for asset in exchange.assets:
                exchange.release_fills(asset.symbol, at)
                exchange.resume(asset.symbol, at)
                exchange.reject_next(asset.symbol, None, at)
                exchange.refuse(asset.symbol, None)
                exchange.put_price(asset.symbol, None, at)
                exchange.drop_quote(asset.symbol, False, at)


@contextmanager
def scene(
    folder: Path,
    day: date = DAYS[0],
    *,
    speed: float = SPEED,
    settings: dict[str, object] | None = None,
    **configuration: object,
) -> Iterator[Scene]:
    """A scene in a folder, at the slot of a day; a ledger that is there is gone on with."""
    usual = {
        "port": 0,
        "speed": Decimal(str(speed)),
        "rate_limit": 0,
        "key_id": KEY_ID,
        "secret_key": SECRET_KEY,
        "ledger": LEDGER,
    }
    chosen = SimulatorSettings(**{**usual, **(settings or {})})
    broker = {**QUICK["broker"], **configuration.pop("broker", {})}
    with running(AlpacaSimulator(chosen, context_at(day), str(folder))) as served:
        write_folder(folder, served.trading_url, **{**QUICK, **configuration, "broker": broker})
        yield Scene(served, folder, day)


def copied(source: Path, target: Path) -> Path:
    """A folder with everything of another."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target
