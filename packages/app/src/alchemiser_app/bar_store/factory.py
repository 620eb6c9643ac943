"""The `store` feed as the app's plugin offers it."""

from pathlib import Path

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.home_folder import at_home
from alchemiser_core.config import doc
from alchemiser_core.plugins import BuildError, DataFeedFactory, PluginContext
from alchemiser_core.ports.market_data import MarketData


@frozen
class StoreSettings:
    """Settings of the `store` feed."""

    folder: str = field(metadata=doc("Folder of the bar store."))
    basis: StoredBasis | None = field(
        default=None,
        metadata=doc(
            "Which prices: `adjusted`, `raw` or `as-given`; where it is not set, the adjusted "
            "ones, or those as given where the store has no adjusted ones."
        ),
    )


def build_store(settings: StoreSettings, context: PluginContext) -> Result[MarketData, BuildError]:
    """The feed of a store. Failures: there is none in the folder, or of a newer version."""
    from alchemiser_app.bar_store.choosing import feed_of

    folder = Path(context.folder) / at_home(settings.folder)
    built = feed_of(folder, settings.basis)
    if isinstance(built, Failure):
        return Failure(BuildError(built.failure().problems()))
    return Success(built.unwrap())


STORE = DataFeedFactory(
    name="store",
    summary="A bar store: a folder that `data sync` and `data import` fill",
    settings=StoreSettings,
    build=build_store,
)
"""For the app's plugin entry."""
