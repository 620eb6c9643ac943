"""How the paper broker's exchange behaves, from its settings."""

import hashlib
from decimal import Decimal

import numpy as np
from attrs import frozen

from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.simulation.exchange import (
    Behaviour,
    FillPolicy,
    FillWhole,
    Part,
    RandomParts,
)


@frozen
class PartialFills:
    """Draws for each order by its id, so that a second run of the same orders is the same."""

    seed: int
    probability: Decimal

    def parts(self, request: OrderRequest) -> tuple[Part, ...]:
        """One part, or one that leaves something over for ever."""
        digest = hashlib.sha256(request.client_order_id.encode()).digest()
        random = np.random.default_rng([self.seed, int.from_bytes(digest[:8])])
        return RandomParts(random, float(self.probability)).parts(request)


def behaviour_of(settings: PaperSettings, costs: TradingCosts) -> Behaviour:
    """Costs that the settings leave out are those given; orders out of session are refused."""
    fills: FillPolicy = FillWhole()
    if settings.partial_fill:
        fills = PartialFills(settings.seed, settings.partial_fill)
    refusal = Rejected(RejectionKind.OTHER, "the paper broker is set to refuse the symbol")
    return Behaviour(
        costs=TradingCosts(
            costs.cost_bps if settings.cost_bps is None else settings.cost_bps,
            costs.slippage_bps if settings.slippage_bps is None else settings.slippage_bps,
        ),
        fills=fills,
        refusing=dict.fromkeys(settings.reject, refusal),
    )
