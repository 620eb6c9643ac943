"""What can be traded at the simulated exchange."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import field, frozen

from alchemiser_alpaca.simulator.exchange.identity import asset_id


@frozen(kw_only=True)
class Asset:
    """A listed security."""

    symbol: str
    id: str
    name: str
    exchange: str = "NASDAQ"
    status: str = "active"
    tradable: bool = True
    fractionable: bool = True
    marginable: bool = True
    shortable: bool = False
    easy_to_borrow: bool = False


@frozen
class Assets:
    """The listed securities, by symbol and by id."""

    by_symbol: Mapping[str, Asset]
    by_id: Mapping[str, Asset] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "by_id", {each.id: each for each in self.by_symbol.values()})

    def find(self, symbol_or_id: str) -> Asset | None:
        """The asset of a symbol or an id; `None` where there is none."""
        return self.by_symbol.get(symbol_or_id) or self.by_id.get(symbol_or_id)

    def __iter__(self) -> Iterator[Asset]:
        return iter(self.by_symbol.values())


def listed(
    symbols: Iterable[str],
    not_fractionable: Collection[str] = (),
    not_tradable: Collection[str] = (),
) -> Assets:
    """All symbols active, tradable and fractionable, except those that are named."""
    return Assets(
        {
            symbol: Asset(
                symbol=symbol,
                id=asset_id(symbol),
                name=f"{symbol} (simulated)",
                tradable=symbol not in not_tradable,
                fractionable=symbol not in not_fractionable,
            )
            for symbol in sorted(symbols)
        }
    )
