"""Which of a store's bars are read: the feed of one basis of prices."""

from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.bar_store.feed import StoreFeed
from alchemiser_app.bar_store.raw_feed import RawStoreFeed
from alchemiser_app.bar_store.refusals import StoreError
from alchemiser_app.bar_store.store import BarStore, open_store


def feed_of(folder: Path, basis: StoredBasis | None) -> Result[StoreFeed, StoreError]:
    """The feed of the store in a folder; failures as of `open_store`."""
    opened = open_store(folder)
    if isinstance(opened, Failure):
        return Failure(opened.failure())
    store = opened.unwrap()
    chosen = usual_basis(store) if basis is None else Success(basis)
    if isinstance(chosen, Failure):
        return Failure(chosen.failure())
    kind = RawStoreFeed if chosen.unwrap() is StoredBasis.RAW else StoreFeed
    return store.synthetic().map(lambda made_up: kind(store, chosen.unwrap().prices, made_up))


def usual_basis(store: BarStore) -> Result[StoredBasis, StoreError]:
    """Adjusted prices, or those as given where there are no adjusted ones; raw ones are never
    decided by unless somebody says so: a split would be a crash.
    """
    return store.bases().map(
        lambda there: (
            StoredBasis.AS_GIVEN
            if StoredBasis.ADJUSTED.prices not in there and StoredBasis.AS_GIVEN.prices in there
            else StoredBasis.ADJUSTED
        )
    )
