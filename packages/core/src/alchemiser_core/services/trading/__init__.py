"""The decision side of a trading cycle: from bars and books to a plan, as values."""

from alchemiser_core.services.trading.closes import LastCloses
from alchemiser_core.services.trading.considered import (
    Considered,
    DecisionSource,
    LiveDecisions,
    PrecomputedDecisions,
    precomputed,
)
from alchemiser_core.services.trading.deciding_session import NoDecidingBars, deciding_session
from alchemiser_core.services.trading.draft import (
    CycleDraft,
    CycleFacts,
    DraftError,
    draft_cycle,
)
from alchemiser_core.services.trading.mandate import Entrusted, Mandate
from alchemiser_core.services.trading.turns import Considerations, StrategiesFailed

__all__ = [
    "Considerations",
    "Considered",
    "CycleDraft",
    "CycleFacts",
    "DecisionSource",
    "DraftError",
    "Entrusted",
    "LastCloses",
    "LiveDecisions",
    "Mandate",
    "NoDecidingBars",
    "PrecomputedDecisions",
    "StrategiesFailed",
    "deciding_session",
    "draft_cycle",
    "precomputed",
]
