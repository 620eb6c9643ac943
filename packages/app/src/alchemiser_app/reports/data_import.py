"""What came of an import, in words and as JSON."""

from collections import Counter
from typing import Any

from alchemiser_app.bar_store.importing.outcome import Done, ImportOutcome
from alchemiser_app.counting import counted
from alchemiser_core.domain.bars import PriceBasis

_GIVEN = (
    "the files do not say whether the closes are adjusted for splits and dividends; "
    "if they are, import them with --basis adjusted"
)

_APART = (
    "these are kept apart, and a feed reads one kind: the adjusted ones, unless its setting "
    "`basis` says another"
)


def import_lines(outcome: ImportOutcome, store: str) -> list[str]:
    """The report for a person."""
    counts = _counts(outcome)
    refused = counts[Done.REFUSED] + len(outcome.unclear)
    parts = [f"{counts[done]:,} {done}" for done in (Done.NEW, Done.REPLACED, Done.UNCHANGED)]
    sessions = sum(each.sessions for each in outcome.written)
    bad = sum(each.bad_prices for each in outcome.written)
    written = counted(sessions, "session")
    lines = [f"{store}: {', '.join(parts)}, {refused:,} refused; {written} written"]
    for basis, count in sorted(_bases(outcome).items()):
        lines.append(f"  {counted(count, 'symbol')} {basis}")
    if len(_bases(outcome)) > 1:
        lines.append(f"  {_APART}")
    if bad:
        prices = counted(bad, "price")
        lines.append(f"  left out: {prices} that cannot be (data info counts them)")
    if outcome.unreached:
        files = counted(outcome.unreached, "file")
        lines.append(f"  not got to: {files}; start the import again to go on")
    if _bases(outcome)[PriceBasis.AS_GIVEN]:
        lines.append(f"as given: {_GIVEN}")
    return lines


def import_json(outcome: ImportOutcome) -> dict[str, Any]:
    """The answer for a program; the problems are beside it."""
    return {
        "files": [
            {
                "symbol": each.symbol,
                "done": each.done.value,
                "sessions": each.sessions,
                "basis": None if each.basis is None else each.basis.value,
                "bad_prices": each.bad_prices,
                "warnings": [str(warning) for warning in each.warnings],
            }
            for each in outcome.files
        ],
        "not_reached": outcome.unreached,
    }


def _counts(outcome: ImportOutcome) -> Counter[Done]:
    return Counter(each.done for each in outcome.files)


def _bases(outcome: ImportOutcome) -> Counter[PriceBasis]:
    return Counter(each.basis for each in outcome.written if each.basis is not None)
