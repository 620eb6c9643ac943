"""`alchemiser halt` and `alchemiser resume`: the kill switch."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Journal
from alchemiser_app.cli.output import (
    problems_json,
    value_of,
    write_json,
    write_lines,
    write_problems,
)

if TYPE_CHECKING:
    from alchemiser_app.stopping.halting import HaltedPlace, Switched

Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Why; kept in the journal.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog='Example: alchemiser halt --reason "prices look wrong"')(halt)
    app.command(epilog='Example: alchemiser resume --reason "prices were checked"')(resume)


def halt(
    reason: Reason = None,
    sells_only: Annotated[
        bool, typer.Option("--sells-only", help="From the next cycle on send sells, and no buys.")
    ] = False,
    journal: Journal = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Stop trading at once: no order is sent from now on, also by a cycle that runs now.

    Makes the kill-switch file, as touch would, and notes it in the journal where no other process
    works on it. Halting what is halted changes nothing.
    """
    from alchemiser_app.stopping import halting

    place, why = _place(journal, config, as_json), _cleaned(reason)
    done = halting.halt_buys(place, why) if sells_only else halting.halt(place, why)
    found = value_of(done, ExitCode.REFUSED, as_json=as_json)
    code = ExitCode.INCOMPLETE if found.is_uncertain else ExitCode.DONE
    _tell(found, _halt_lines(found, place, why, sells_only=sells_only), code, as_json=as_json)


def resume(
    reason: Reason = None,
    journal: Journal = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Let orders pass again, once the reason of a halt is gone.

    Notes it in the journal, then takes the kill-switch file away. Resuming what is not halted
    changes nothing.
    """
    from alchemiser_app.stopping import halting

    place = _place(journal, config, as_json)
    done = halting.resume(place, _cleaned(reason))
    found = value_of(done, ExitCode.REFUSED, as_json=as_json)
    _tell(found, _resume_lines(found, place), ExitCode.DONE, as_json=as_json)


def _cleaned(reason: str | None) -> str:
    from alchemiser_core.domain.plain_text import plain_text

    return plain_text(reason or "") or "by hand"


def _place(journal: str | None, config: str | None, as_json: bool) -> "HaltedPlace":
    from alchemiser_app.cli.journal_reading import journal_place
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.stopping.halting import HaltedPlace
    from alchemiser_app.timekeeping.system_clock import SystemClock

    location, switch = journal_place(Asked(config=config, journal=journal, as_json=as_json))
    return HaltedPlace(location, switch, SystemClock().now())


def _tell(found: "Switched", lines: list[str], code: ExitCode, *, as_json: bool) -> None:
    write_problems(found.problems)
    if as_json:
        write_json({**_json(found), **problems_json(found.problems, code)})
    else:
        write_lines(lines)
    if code:
        raise typer.Exit(int(code))


def _json(found: "Switched") -> dict[str, Any]:
    return {"before": found.before, "in_file": found.in_file, "in_journal": found.in_journal}


def _halt_lines(
    found: "Switched", place: "HaltedPlace", why: str, *, sells_only: bool
) -> list[str]:
    what = "only sells are sent" if sells_only else "trading is halted"
    already = found.before is not None
    lines = [f"{what} already: {found.before}" if already else f"{what}: {why}"]
    if found.in_file:
        lines.append(f"  the kill switch is thrown: {place.switch.path}")
    if found.in_journal:
        lines.append("  noted in the journal")
    elif found.is_busy:
        lines.append("  not noted in the journal: another process works on it; the file stops that")
        lines.append("  one as well where it is on this host")
    return [*lines, "  alchemiser resume lets orders pass again"]


def _resume_lines(found: "Switched", place: "HaltedPlace") -> list[str]:
    if found.before is None:
        return ["trading is not halted; there is nothing to resume"]
    lines = [f"trading is resumed; it was halted: {found.before}"]
    if found.in_file:
        lines.append(f"  the kill switch is taken away: {place.switch.path}")
    if found.in_journal:
        lines.append("  noted in the journal")
    elif found.is_busy:
        lines.append("  not noted in the journal: another process works on it; look at")
        lines.append("  alchemiser status when it has ended")
    return lines
