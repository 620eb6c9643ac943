"""Settings of the bars: where they come from, and who is asked beside."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.config.checks import COUNT, NOT_EMPTY, SECONDS, doc
from alchemiser_core.domain.continuity import CARRY_SESSIONS
from alchemiser_core.domain.symbol import Symbol


@frozen(kw_only=True)
class SourceSettings:
    """The feed that a bar store is filled from."""

    feed: str | None = field(
        default=None,
        validator=NOT_EMPTY,
        metadata=doc(
            "Name of the data feed that `alchemiser data sync` asks; `--from` overrides it."
        ),
    )
    settings: Mapping[str, Any] = field(
        factory=dict, metadata=doc("Settings of that feed; `alchemiser plugins` names them.")
    )
    before_trading: bool = field(
        default=True,
        metadata=doc("`trade` and `run` bring the store up to date before they read its bars."),
    )
    seconds: int = field(
        default=120,
        validator=SECONDS,
        metadata=doc("How long they wait for it; then the bars are taken as they are."),
    )


@frozen(kw_only=True)
class SecondFeedSettings:
    """A second vendor, which bars and indicators are held against."""

    feed: str | None = field(
        default=None,
        validator=NOT_EMPTY,
        metadata=doc("Name of the data feed that prices and indicators are held against."),
    )
    settings: Mapping[str, Any] = field(
        factory=dict, metadata=doc("Settings of that feed; `alchemiser plugins` names them.")
    )


@frozen(kw_only=True)
class DataSettings:
    """Where bars come from."""

    feed: str | None = field(
        default=None,
        validator=NOT_EMPTY,
        metadata=doc("Name of the data feed; `--data` overrides it."),
    )
    settings: Mapping[str, Any] = field(
        factory=dict,
        metadata=doc("Settings of that feed, such as `folder`; `alchemiser plugins` names them."),
    )
    source: SourceSettings = field(
        factory=SourceSettings, metadata=doc("Where the bars of a bar store are fetched from.")
    )
    second: SecondFeedSettings = field(
        factory=SecondFeedSettings,
        metadata=doc("A second vendor that prices and indicators are held against."),
    )
    checks: CheckSettings = field(
        factory=CheckSettings,
        metadata=doc("What bars have to pass before anything is decided by them."),
    )
    carry_sessions: int = field(
        default=CARRY_SESSIONS,
        validator=COUNT,
        metadata=doc("Sessions without a price over which rules carry the last one."),
    )
    substitutions: Mapping[Symbol, Symbol] = field(
        factory=dict,
        metadata=doc("Symbols to read another symbol's bars for; every result names them."),
    )
