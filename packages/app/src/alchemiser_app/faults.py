"""`alchemiser-faults`: the trading cycle under seeded fault schedules, as many as wanted.

Needs no key, no network and no configuration: broker, market, stream, journal and clock are
simulated, and an independent judge reads the exchange's ledger.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from alchemiser_core.testing.faults import Tally

_CHUNK = 10
"""Schedules that a process runs before it reports."""

app = typer.Typer(
    name="alchemiser-faults",
    help="Run the trading cycle under seeded fault schedules, and judge what came of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(
    schedules: Annotated[int, typer.Option(min=1, help="How many schedules.")] = 500,
    days: Annotated[int, typer.Option(min=1, help="Trading days of each.")] = 30,
    seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    processes: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 2,
) -> None:
    """Run the schedules of consecutive seeds.

    Fails where one breaks an invariant, or where a kind of fault never took effect.

    Example: alchemiser-faults run --schedules 10000 --processes 2
    """
    from alchemiser_core.testing.faults import Tally

    tally = Tally()
    for part in _parts(range(seed, seed + schedules), days, processes):
        tally += part
        _progress(tally, schedules)
    typer.echo("", err=True)
    _report(tally)
    if tally.failed or tally.never_fired:
        raise typer.Exit(1)


@app.command()
def replay(
    seed: Annotated[int, typer.Argument(min=0, help="The seed of a schedule.")],
    days: Annotated[int, typer.Option(min=1, help="Trading days, as the sweep had them.")] = 30,
) -> None:
    """Show the story of a seed: orders, faults, crashes and alerts, in order.

    Example: alchemiser-faults replay 4711
    """
    from alchemiser_core.testing import faults

    outcome = faults.replay(seed, days)
    for fault in outcome.plan.faults:
        typer.echo(f"planned: {fault}")
    for line in faults.story(outcome.notes):
        typer.echo(line)
    typer.echo(f"journal ends with {outcome.digest}")
    for violation in outcome.violations:
        typer.echo(str(violation))
    if outcome.violations:
        raise typer.Exit(1)
    typer.echo("every invariant held")


def _parts(seeds: range, days: int, processes: int) -> Iterator["Tally"]:
    """The tallies of chunks of seeds, in their order."""
    from alchemiser_core.testing.faults import sweep

    chunks = [seeds[start : start + _CHUNK] for start in range(0, len(seeds), _CHUNK)]
    if processes == 1:
        yield from (sweep(chunk, days) for chunk in chunks)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(partial(sweep, days=days), chunks)


def _progress(tally: "Tally", schedules: int) -> None:
    line = (
        f"{tally.schedules} of {schedules} schedules, {tally.days} days, {tally.orders} orders, "
        f"{sum(tally.fired.values())} faults, {len(tally.failed)} failed"
    )
    typer.echo(f"\r{line}" if sys.stderr.isatty() else line, nl=not sys.stderr.isatty(), err=True)


def _report(tally: "Tally") -> None:
    """How often each kind of fault took effect, and every seed that failed."""
    from alchemiser_core.simulation.faults import FaultKind

    typer.echo(
        f"{tally.schedules} schedules of the trading cycle, {tally.days} days, "
        f"{tally.processes} processes, {tally.orders} orders"
    )
    for kind in FaultKind:
        typer.echo(f"{tally.fired[kind]:>8}  {kind}")
    for kind in tally.never_fired:
        typer.echo(f"{kind} never took effect: run more schedules", err=True)
    for failed in tally.failed:
        typer.echo(f"{failed}\n  alchemiser-faults replay {failed.seed} --days {failed.days}")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
