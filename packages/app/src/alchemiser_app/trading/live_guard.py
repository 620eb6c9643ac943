"""The guard of real money: three confirmations, and none of them may be missing.

`mode = "live"` in the file, `--live` on the command line, and the number of the account in the
file, which has to be the one that the broker says. A live account is never traded in paper mode,
nor the other way round; and never without a limit in dollars for an order and for a day, nor on
prices that are made up.
"""

from collections.abc import Iterator

from attrs import frozen

from alchemiser_core.config.settings import Mode, Settings
from alchemiser_core.domain.account import Account
from alchemiser_core.domain.problem import Problem


@frozen
class NotConfirmed:
    """Confirmations that are missing, or that contradict the account."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """All of them."""
        return self.found


def unconfirmed(
    settings: Settings, account: Account, *, live: bool, synthetic: bool
) -> NotConfirmed | None:
    """What speaks against sending orders to this account; `None` where all is confirmed.

    `synthetic`: the prices by which the strategies decide are made up.
    """
    found = _live(settings, account, live=live) if account.is_live else _paper(settings, live=live)
    if account.is_live and synthetic:
        found.append(_made_up(account))
    wanted = settings.broker.account
    if wanted is not None and wanted != account.number:
        what = f"the broker's account is {account.number}, the configuration names {wanted}"
        hint = "check the keys, or the number"
        found.append(Problem("other-account", what, "broker.account", _WHY, hint))
    return NotConfirmed(tuple(found)) if found else None


def unlimited(settings: Settings) -> Iterator[Problem]:
    """A problem for each limit in dollars that has to be there before real money moves."""
    limits = settings.risk
    needed = {"max_order_value": limits.max_order_value, "max_day_value": limits.max_day_value}
    for name, limit in needed.items():
        if limit is None:
            yield Problem(
                "live-without-limits",
                f"real money is to be traded, and risk.{name} is not set",
                f"risk.{name}",
                "whatever is wrong with a plan, no more than that is traded",
                f"set {name} in [risk] to US dollars, at first well below what is in the account",
            )


_WHY = "real money moves only where file, command line and broker all say the same"


def _live(settings: Settings, account: Account, *, live: bool) -> list[Problem]:
    found = []
    if settings.mode is not Mode.LIVE:
        what = f'the account {account.number} is live, and mode is "{settings.mode.value}"'
        hint = 'set mode = "live", or take the keys of a paper account'
        found.append(Problem("live-not-confirmed", what, "mode", _WHY, hint))
    if not live:
        what = f"the account {account.number} is live, and --live is not given"
        found.append(Problem("live-not-confirmed", what, "--live", _WHY, "add --live"))
    if settings.broker.account is None:
        what = f"the account {account.number} is live, and the configuration names none"
        hint = f'set broker.account = "{account.number}" if that is the one'
        found.append(Problem("live-not-confirmed", what, "broker.account", _WHY, hint))
    return [*found, *unlimited(settings)]


def _made_up(account: Account) -> Problem:
    return Problem(
        "live-on-synthetic",
        f"the account {account.number} is live, and the prices of the data feed are made up",
        "data.feed",
        "what a strategy decides by them says nothing about the market",
        "name a feed with the market's prices",
    )


def _paper(settings: Settings, *, live: bool) -> list[Problem]:
    found = []
    if settings.mode is Mode.LIVE:
        what = 'mode is "live", and the broker\'s account is a paper account'
        hint = 'set mode = "paper", or take the keys of the live account'
        found.append(Problem("paper-in-live-mode", what, "mode", _WHY, hint))
    if live:
        what = "--live is given, and the broker's account is a paper account"
        found.append(Problem("paper-in-live-mode", what, "--live", _WHY, "leave out --live"))
    return found
