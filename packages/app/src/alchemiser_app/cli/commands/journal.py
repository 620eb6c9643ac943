"""`alchemiser journal`: check, read and export what was decided, sent and learned."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.journal_reading import entries_of, journal_place, read_or_end
from alchemiser_app.cli.options import AsJson, Config, day
from alchemiser_app.cli.output import fail, note, value_of, working, write_json, write_lines

if TYPE_CHECKING:
    from alchemiser_app.journal.verification import Verified

app = typer.Typer(
    name="journal",
    help="Check, read and export the order journal.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Journal = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="FILE|URL",
        help="A journal file, or the URL of a PostgreSQL database. [default: journal.location "
        "of the configuration]",
        show_default=False,
    ),
]


@app.command(epilog="Example: alchemiser journal verify --journal alchemiser-journal.db")
def verify(journal: Journal = None, config: Config = None, as_json: AsJson = False) -> None:
    """Check database, hash chain and every entry; changes nothing."""
    from alchemiser_app.journal.verification import verify_journal

    location = _location(journal, config, as_json)
    with working("checking the journal"):
        verified: Verified = read_or_end(verify_journal(location), as_json=as_json)
    if as_json:
        write_json(_verified_json(verified))
        return
    count = verified.head.number
    write_lines((f"{verified.where}: {count:,} entries, and the chain holds",))
    if verified.first and verified.last:
        write_lines((f"  from {verified.first.isoformat()} to {verified.last.isoformat()}",))
        write_lines((f"  entry {count} has the hash {verified.head.digest}",))


@app.command(epilog="Example: alchemiser journal show --last 20")
def show(
    cycle: Annotated[
        date | None,
        typer.Option(
            "--cycle",
            metavar="DATE",
            parser=day,
            help="Only the cycles of that trading day.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KIND", help="Only events of this kind, e.g. order-reported."
        ),
    ] = None,
    last: Annotated[
        int | None, typer.Option("--last", metavar="N", min=1, help="Only the last so many.")
    ] = None,
    journal: Journal = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print entries, one on a line; times are UTC."""
    from alchemiser_app.reports.journal import entry_json, entry_line, of_cycle, of_kind

    _known(kind, as_json)
    location = _location(journal, config, as_json)
    entries = entries_of(location, as_json=as_json)
    if cycle is not None:
        entries = tuple(of_cycle(entries, cycle))
    if kind is not None:
        entries = tuple(of_kind(entries, kind))
    if last is not None:
        entries = entries[-last:]
    if as_json:
        write_json({"entries": [entry_json(entry) for entry in entries]})
        return
    write_lines(map(entry_line, entries))
    if not entries:
        note("no entries")


@app.command(epilog="Example: alchemiser journal export journal.jsonl --force")
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to write.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    journal: Journal = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Write all entries to a file, a JSON object on each line."""
    from alchemiser_app.reports.journal import json_lines
    from alchemiser_app.writing import write_text

    location = _location(journal, config, as_json)
    entries = entries_of(location, as_json=as_json)
    written = write_text(Path(file), json_lines(entries), overwrite=force, private=True)
    value_of(written, ExitCode.USAGE, as_json=as_json)
    if as_json:
        write_json({"file": file, "entries": len(entries)})
    else:
        write_lines((f"wrote {len(entries):,} entries to {file}",))


def _location(journal: str | None, config: str | None, as_json: bool) -> str:
    """The journal that is named, else the configuration's, read from the folder of its file."""
    if journal is not None:
        return journal
    from alchemiser_app.cli.opening import Asked

    return journal_place(Asked(config=config, as_json=as_json))[0]


def _known(kind: str | None, as_json: bool) -> None:
    """End the command where there is no such kind of event."""
    if kind is None:
        return
    from alchemiser_core.domain.journal.codec import kinds
    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.domain.suggestion import did_you_mean

    if kind not in kinds():
        what, hint = f"there is no kind of event {kind!r}", did_you_mean(kind, kinds())
        fail((Problem("no-such-kind", what, "--kind", hint=hint),), ExitCode.USAGE, as_json=as_json)


def _verified_json(verified: "Verified") -> dict[str, Any]:
    return {
        "journal": verified.where,
        "entries": verified.head.number,
        "first": verified.first.isoformat() if verified.first else None,
        "last": verified.last.isoformat() if verified.last else None,
        "digest": verified.head.digest,
        "kinds": dict(verified.kinds),
    }
