"""Long lists of symbols, cut so that no URL is longer than servers take; the token of a page."""

from collections.abc import Iterable, Iterator

from alchemiser_alpaca.connection.failures import Json
from alchemiser_core.domain.symbol import Symbol

LONGEST = 4_000
"""Characters of the symbols of one request: five hundred of them, so that pages are as full as can
be."""


def batched(symbols: Iterable[Symbol], longest: int = LONGEST) -> Iterator[list[Symbol]]:
    """The symbols in as few lists as their length allows, in their order."""
    batch: list[Symbol] = []
    length = 0
    for symbol in symbols:
        if batch and length + len(symbol) + 1 > longest:
            yield batch
            batch, length = [], 0
        batch.append(symbol)
        length += len(symbol) + 1
    if batch:
        yield batch


def next_page(page: Json) -> str | None:
    """The token of the page after this one; `None` on the last."""
    token = page.get("next_page_token") if isinstance(page, dict) else None
    return token if isinstance(token, str) and token else None
