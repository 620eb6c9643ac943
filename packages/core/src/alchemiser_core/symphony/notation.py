"""The vocabulary that both written forms share: names of functions, comparators and windows."""

from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.symphony.ast import Comparator

JSON_FUNCTIONS: dict[IndicatorKind, str] = {kind: kind.value for kind in IndicatorKind} | {
    IndicatorKind.RSI: "relative-strength-index",
    IndicatorKind.STDEV_RETURN: "standard-deviation-return",
    IndicatorKind.STDEV_PRICE: "standard-deviation-price",
}
"""How JSON names each indicator; EDN uses the value of the kind."""

FUNCTIONS: dict[str, IndicatorKind] = {kind.value: kind for kind in IndicatorKind} | {
    name: kind for kind, name in JSON_FUNCTIONS.items()
}
"""Both spellings, either of which is read in both forms."""

_ONE_WINDOW = ("window",)
_PPO = ("short-window", "long-window")
WINDOW_KEYS: dict[IndicatorKind, tuple[str, ...]] = dict.fromkeys(IndicatorKind, _ONE_WINDOW) | {
    IndicatorKind.CURRENT_PRICE: (),
    IndicatorKind.PPO: _PPO,
    IndicatorKind.PPO_SIGNAL: (*_PPO, "smooth-window"),
}
"""The parameter keys of each indicator, in the order of `Measure.windows`."""

JSON_COMPARATORS: dict[str, Comparator] = {
    "gt": Comparator.GREATER,
    "gte": Comparator.GREATER_OR_EQUAL,
    "lt": Comparator.LESS,
    "lte": Comparator.LESS_OR_EQUAL,
    "eq": Comparator.EQUAL,
}

SILENT_ATTRIBUTES = frozenset(
    {
        "asset-class",
        "asset_class",
        "asset-classes",
        "asset_classes",
        "children-count",
        "collapsed?",
        "description",
        "exchange",
        "has_marketcap",
        "id",
        "name",
        "price",
        "dollar_volume",
        "select?",
        "sort-by?",
        "suppress_incomplete_warnings",
        "tags",
        "weight",
    }
)
"""What published files carry beside the rules; kept like any attribute, without a warning."""


def least_window(measure: Measure) -> int:
    """The smallest window that gives a number: a deviation needs two values."""
    deviations = (IndicatorKind.STDEV_RETURN, IndicatorKind.STDEV_PRICE)
    return 2 if measure.kind in deviations else 1


def number_text(value: float) -> str:
    """A number as both forms write it: it reads back as the same float."""
    if (
        float(value).is_integer()
        and abs(value) < 1e15
        and not (value == 0 and str(value)[0] == "-")
    ):
        return str(int(value))
    return repr(float(value))
