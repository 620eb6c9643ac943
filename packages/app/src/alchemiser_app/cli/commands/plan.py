"""`alchemiser plan`: the orders that would be sent. It never sends one."""

from datetime import date
from decimal import Decimal
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
    amount,
    day,
)
from alchemiser_app.cli.output import value_of, write_json, write_lines


def _cash(text: str) -> Decimal:
    found = amount(text)
    if found <= 0:
        raise typer.BadParameter("cash has to be positive")
    return found


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser plan tecl --data sample --cash 25000")(plan)


def plan(
    target: Target,
    data: Data = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            parser=day,
            help="Decide at the close of this date and plan at its prices. [default: the last]",
            show_default=False,
        ),
    ] = None,
    cash: Annotated[
        Decimal | None,
        typer.Option(parser=_cash, metavar="USD", help="All there is. [default: 100000]"),
    ] = None,
    holdings: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="CSV symbol,quantity of what is held; cash is the symbol CASH.",
            show_default=False,
        ),
    ] = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    strict_symbols: StrictSymbols = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show the orders that would take an account to the decided weights; sends none."""
    from alchemiser_app.cli.opening import Asked, note_other_session, open_target
    from alchemiser_app.holdings import only_cash, read_holdings
    from alchemiser_app.planning import plan_decision
    from alchemiser_app.reports.plan import plan_json, plan_lines
    from alchemiser_app.targets import decide_target

    if cash is not None and holdings is not None:
        raise typer.BadParameter("--cash and --holdings exclude each other")
    asked = Asked(target, data, config, parameters, substitutes, strict_symbols, as_json)
    held = only_cash(cash or Decimal(100_000)) if holdings is None else read_holdings(holdings)
    portfolio = value_of(held, ExitCode.USAGE, as_json=as_json)
    opened = open_target(asked, also=tuple(portfolio.positions), end=as_of)
    decided = decide_target(opened.strategies, opened.history, as_of)
    decision = value_of(decided, ExitCode.DATA, as_json=as_json)
    settings = opened.configuration.settings
    planned = plan_decision(target, decision, opened.known, portfolio, settings)
    rebalance = value_of(planned, ExitCode.DATA, as_json=as_json)
    note_other_session(as_of, decision.as_of)
    replaced = opened.substitutions
    policies = {entry.strategy.name: entry.strategy.policy for entry in opened.strategies}
    if as_json:
        write_json(plan_json(target, rebalance, decision, policies, opened.history, replaced))
        return
    write_lines(plan_lines(target, rebalance, decision, policies, opened.source, replaced))
