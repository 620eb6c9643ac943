"""The paper broker as a plugin offers it, and how it is built."""

from pathlib import Path
from typing import TYPE_CHECKING

from returns.result import Failure, Result

from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BrokerFactory, BuildError, PluginContext, TradingContext
from alchemiser_core.ports.broker import Broker

if TYPE_CHECKING:
    from alchemiser_app.paper.account import PaperAccount
    from alchemiser_app.paper.broker import PaperBroker
    from alchemiser_app.paper.refusals import PaperRefused


def account_file(settings: PaperSettings, folder: str) -> Path:
    """Where the account is; a relative path is meant from the configuration's folder."""
    return Path(folder) / Path(settings.file).expanduser()


def build_paper(settings: PaperSettings, context: PluginContext) -> Result[Broker, BuildError]:
    """The paper broker, its account made where there is none.

    Failures: the account is in use, damaged or foreign; there is no session to stand at; the past
    of the bars has moved.
    """
    if context.trading is None:
        problem = Problem("no-trading-context", "a broker is built for trading alone", "paper")
        return Failure(BuildError((problem,)))
    path = account_file(settings, context.folder)
    if context.trading.is_dry:
        from alchemiser_app.paper.working_copy import working_copy

        path = working_copy(path)
    built = paper_broker(settings, path, context.trading)
    return built.alt(lambda refusal: BuildError(refusal.problems()))


def paper_broker(
    settings: PaperSettings, path: Path, context: TradingContext
) -> "Result[PaperBroker, PaperRefused]":
    """The broker over the account of a file, which is made where there is none."""
    from alchemiser_app.paper.account import make_account, open_account
    from alchemiser_app.paper.numbers import first_number

    opened = open_account(path)
    if isinstance(opened, Failure) and opened.failure().problems()[0].code == "paper-missing":
        made = make_account(path, first_number(path), Usd(settings.cash))
        if isinstance(made, Failure):
            return Failure(made.failure())
        opened = open_account(path)
    if isinstance(opened, Failure):
        return Failure(opened.failure())
    broker = standing(settings, opened.unwrap(), context)
    if isinstance(broker, Failure):
        opened.unwrap().close()
    return broker


def standing(
    settings: PaperSettings, account: "PaperAccount", context: TradingContext
) -> "Result[PaperBroker, PaperRefused]":
    """The broker of an open account, at the session that it is to trade."""
    from alchemiser_app.paper.standing_up import on_bars, on_quotes
    from alchemiser_core.ports.quotes import Quotes

    if not context.use_system_time:
        return on_bars(settings, account, context)
    if isinstance(context.feed, Quotes):
        return on_quotes(settings, account, context, context.feed)
    return Failure(no_quotes(context.feed.name))


def no_quotes(feed: str) -> "PaperRefused":
    """By the system's clock there is nothing to trade on but quotes."""
    from alchemiser_app.paper.refusals import refused

    return refused(
        "paper-needs-quotes",
        f"the feed {feed} has no quotes",
        "trading.clock",
        "by the system's clock the paper account trades on quotes, never on bars of the past",
        'leave out trading.clock = "system", and the account keeps the time of its bars',
    )


PAPER = BrokerFactory(
    name="paper",
    summary="An account in a file, traded on the bars or quotes of the data feed",
    settings=PaperSettings,
    build=build_paper,
)
"""For the app's plugin entry."""
