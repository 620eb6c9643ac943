"""`alchemiser decide`: the weights of one session, and the tree of reasons."""

from datetime import date
from typing import Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import (
    AsJson,
    Config,
    Data,
    Parameters,
    StrictSymbols,
    Substitutes,
    Target,
    day,
)
from alchemiser_app.cli.output import value_of, write_json, write_lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser decide klm --data sample")(decide)


def decide(
    target: Target,
    data: Data = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            parser=day,
            help="Decide at the close of this date. [default: the last session there is]",
            show_default=False,
        ),
    ] = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    strict_symbols: StrictSymbols = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Decide target weights, and say why: values, margins, rankings."""
    from alchemiser_app.cli.opening import Asked, note_other_session, open_target
    from alchemiser_app.reports.decision import decision_json, decision_lines
    from alchemiser_app.targets import decide_target

    asked = Asked(target, data, config, parameters, substitutes, strict_symbols, as_json)
    opened = open_target(asked, end=as_of)
    decided = decide_target(opened.strategies, opened.history, as_of)
    decision = value_of(decided, ExitCode.DATA, as_json=as_json)
    note_other_session(as_of, decision.as_of)
    if as_json:
        write_json(
            decision_json(
                target,
                decision,
                synthetic=opened.history.synthetic,
                substitutions=opened.substitutions,
            )
        )
        return
    write_lines(
        decision_lines(target, decision, source=opened.source, substitutions=opened.substitutions)
    )
