"""Whole commands, from start to exit: wall time, processor time and peak of memory.

    python benchmarks/command_line.py

Every run is a process of its own; the commands take turns and each figure is a median. klm runs
on the folder of real bars where there is one, else on the synthetic market. Wall time hangs on
what else the machine does; processor time, all threads together, does so less.
"""

import os
import statistics
import sys
import time
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[1]
REAL_BARS = ROOT.parent / "shared" / "market" / "daily"
ALCHEMISER = str(Path(sys.executable).with_name("alchemiser"))
DATA = str(REAL_BARS) if REAL_BARS.is_dir() else "sample"
REPEATS = 9


@frozen
class Cost:
    """What one run took."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds, user and system, all threads."""
    memory: float
    """Highest resident memory, megabytes."""


@frozen
class Command:
    """A command and what it should take at most."""

    name: str
    arguments: tuple[str, ...]
    goal: str = ""


COMMANDS = (
    Command("import typer", (sys.executable, "-c", "import typer")),
    Command("--help", (ALCHEMISER, "--help"), "2.5 x import typer"),
    Command("decide klm", (ALCHEMISER, "decide", "klm", "--data", DATA, "--json")),
    Command(
        "backtest klm",
        (ALCHEMISER, "backtest", "klm", "--data", DATA, "--json"),
        "1.2 s wall, 300 MB",
    ),
)


def run(arguments: tuple[str, ...]) -> Cost:
    """Run a command to its end; its output is thrown away."""
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    begin = time.perf_counter()
    process = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=silence)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(wall, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def median(costs: list[Cost]) -> Cost:
    """Each figure's own median."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.processor for cost in costs),
        statistics.median(cost.memory for cost in costs),
    )


def main() -> None:
    """The table."""
    costs: dict[str, list[Cost]] = {command.name: [] for command in COMMANDS}
    for command in COMMANDS:  # compiles what is not compiled yet, and fills the disk's cache
        run(command.arguments)
    for _ in range(REPEATS):
        for command in COMMANDS:
            costs[command.name].append(run(command.arguments))
    found = {name: median(each) for name, each in costs.items()}
    bare = found["import typer"]
    print(f"bars: {'real' if DATA != 'sample' else 'synthetic'}, {REPEATS} runs each")
    print(f"{'':16}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'CPU x typer':>13}  goal")
    for command in COMMANDS:
        cost = found[command.name]
        print(
            f"{command.name:16}{cost.wall:9.3f}{cost.processor:9.3f}{cost.memory:9.0f}"
            f"{cost.processor / bare.processor:13.2f}  {command.goal}"
        )


if __name__ == "__main__":
    main()
