"""Real processes of `alchemiser` that trade in a scene, and are killed in it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from alpaca_scene import Done, Scene
from alpaca_secrets import KEY_ID, SECRET_KEY
from attrs import define, field, frozen

FORKING = Path(__file__).with_name("child_that_forks.py")
_ENDED = 0


def environment() -> dict[str, str]:
    """That of a user with keys, and nothing of the tests."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("ALCHEMISER_", "COV_"))}
    keys = {"ALPACA_KEY_ID": KEY_ID, "ALPACA_SECRET_KEY": SECRET_KEY}
    return {**own, **keys, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


@frozen
class Child:
    """A process that has ended."""

    code: int
    """Negative for the signal that killed it."""
    output: str

    @property
    def was_killed(self) -> bool:
        """Whether a signal ended it."""
        return self.code < _ENDED


@define(eq=False)
class Forking:
    """The process that all others are forked from."""

    process: "subprocess.Popen[str]"
    started: "Queue[int]" = field(factory=Queue)
    """Numbers of processes that were started and not killed from outside."""

    def trade(
        self,
        at: Scene,
        *,
        command: tuple[str, ...] = ("trade",),
        side: str = "",
        number: int = 0,
    ) -> Child:
        """One cycle in a process of its own; with `side` it is killed at a write of the journal."""
        self.start(at, command=command, side=side, number=number)
        return self.wait(at)

    def start(
        self,
        at: Scene,
        *,
        command: tuple[str, ...] = ("trade",),
        side: str = "",
        number: int = 0,
    ) -> int:
        """Start it; the number of the process."""
        at.begins()
        output = at.folder / "output"
        output.unlink(missing_ok=True)
        words = [*command, "--config", str(at.folder / "alchemiser.toml")]
        asked = {"words": words, "side": side, "number": number, "output": str(output)}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        number_of_process = self._answer()
        self.started.put(number_of_process)
        return number_of_process

    def hit(self, name: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the process that was started last; from any thread."""
        os.kill(self.started.get(timeout=5), name)

    def wait(self, at: Scene) -> Child:
        """Wait for its end."""
        code = self._answer()
        while not self.started.empty():
            self.started.get()
        ended = Child(code, (at.folder / "output").read_text())
        if ended.was_killed:
            at.outputs.append(ended.output)
            at.killed(f"by signal {-code}")
        else:
            at.ended(Done(code, ended.output))
        return ended

    def _answer(self) -> int:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process that forks has ended"
        return int(line)


@contextmanager
def forking() -> Iterator[Forking]:
    """A process to fork from, for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, str(FORKING)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        try:
            yield Forking(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=20)
