"""What the synthetic market knows: every symbol, and what its return is made of.

The figures are round numbers that make a symbol behave roughly like its namesake; they are not
estimates of anything.
"""

from attrs import frozen


@frozen
class Own:
    """An index, stock or bond fund: exposure to the factors of the market, and noise of its own."""

    market: float
    """Beta to the equity factor."""
    theme: str = ""
    """A second factor that it shares with others, e.g. `tech`; empty for none."""
    exposure: float = 0.0
    """To that factor."""
    noise: float = 0.003
    """Daily deviation of its own return."""
    drift: float = 0.0001
    """Daily return beside what the factors give."""


@frozen
class Leveraged:
    """A fund that earns a multiple of another symbol's daily return, less a daily cost."""

    index: str
    factor: float
    yearly_cost: float = 0.01
    first_price: float = 100.0
    """High where the fund loses most of its value in a few years, low where it multiplies, as
    histories adjusted for splits are."""


FUTURES = "VOLATILITY"
"""The hidden index of short-term volatility futures, which moves against the market."""

MID_FUTURES = "MID-VOLATILITY"
"""Its slower sister of medium-term futures."""

ALIKE_STOCKS = "FANG"
"""The hidden index of large technology stocks behind FNGU and FNGO."""

HIDDEN: dict[str, Own] = {
    ALIKE_STOCKS: Own(1.25, "tech", 1.3, 0.0045, 0.0003),
    "SEMI": Own(1.3, "tech", 1.4, 0.007, 0.0003),
    "BIOTECH": Own(1.1, "health", 1.2, 0.012, 0.0),
    "RETAIL": Own(1.2, "consumer", 1.0, 0.007, 0.0),
}

_INDICES: dict[str, Own] = {
    "SPY": Own(1.0, noise=0.0),
    "VOO": Own(1.0, noise=0.0002),
    "VTI": Own(1.02, noise=0.0005),
    "VOOG": Own(1.05, "tech", 0.35, 0.001),
    "VOOV": Own(0.95, "tech", -0.3, 0.001),
    "VTV": Own(0.92, "tech", -0.35, 0.001),
    "QQQ": Own(1.1, "tech", 0.8, 0.002, 0.00015),
    "QQQE": Own(1.08, "tech", 0.6, 0.002),
    "IWM": Own(1.2, noise=0.006, drift=0.0),
    "IOO": Own(0.97, noise=0.0018),
    "SPLV": Own(0.65, noise=0.0025, drift=0.00005),
    "EFA": Own(0.9, noise=0.005, drift=-0.0001),
    "VEA": Own(0.9, noise=0.005, drift=-0.0001),
    "EEM": Own(1.0, noise=0.008, drift=-0.00015),
    "VWO": Own(1.0, noise=0.008, drift=-0.00015),
}

_SECTORS: dict[str, Own] = {
    "XLK": Own(1.1, "tech", 1.0, 0.003, 0.0002),
    "XLF": Own(1.15, "finance", 1.0, 0.004, 0.0),
    "XLY": Own(1.1, "consumer", 0.6, 0.004),
    "XLP": Own(0.55, "consumer", 0.2, 0.0045),
    "XLE": Own(1.05, "energy", 1.0, 0.006, -0.0001),
    "XLV": Own(0.8, "health", 0.5, 0.004),
    "XLI": Own(1.05, noise=0.004),
    "XLU": Own(0.5, "rates", 0.4, 0.006),
    "XLB": Own(1.05, noise=0.005),
    "VOX": Own(1.0, "tech", 0.4, 0.005, -0.00005),
    "NLR": Own(0.75, "nuclear", 0.7, 0.006),
}

_STOCKS: dict[str, Own] = {
    "AAPL": Own(1.15, "tech", 0.9, 0.010, 0.0003),
    "MSFT": Own(1.1, "tech", 0.9, 0.009, 0.0003),
    "NVDA": Own(1.5, "tech", 1.6, 0.018, 0.0006),
    "GOOGL": Own(1.1, "tech", 0.8, 0.010, 0.0002),
    "GOOG": Own(1.1, "tech", 0.8, 0.010, 0.0002),
    "AMZN": Own(1.15, "tech", 0.9, 0.012, 0.0003),
    "META": Own(1.2, "tech", 0.9, 0.014, 0.0002),
    "TSLA": Own(1.4, "tech", 1.0, 0.026, 0.0006),
    "SMR": Own(1.3, "nuclear", 1.8, 0.030, 0.0002),
    "OKLO": Own(1.4, "nuclear", 2.0, 0.034, 0.0003),
    "LEU": Own(1.2, "nuclear", 1.6, 0.030, 0.0003),
    "BWXT": Own(0.9, "nuclear", 0.7, 0.011, 0.0002),
    "EXC": Own(0.6, "nuclear", 0.4, 0.010, 0.0),
    "CCJ": Own(1.0, "nuclear", 1.3, 0.018, 0.0),
    "BRK.B": Own(0.8, "finance", 0.4, 0.006),
    "JPM": Own(1.1, "finance", 1.0, 0.009),
    "COST": Own(0.8, "consumer", 0.5, 0.009, 0.0002),
    "IBM": Own(0.85, "tech", 0.4, 0.009),
    "RTX": Own(0.9, noise=0.010),
}

_OTHERS: dict[str, Own] = {
    "TLT": Own(-0.25, "rates", 1.0, 0.0015, 0.00022),
    "IEF": Own(-0.11, "rates", 0.5, 0.0008, 0.00014),
    "AGG": Own(-0.03, "rates", 0.3, 0.0008, 0.00011),
    "BND": Own(-0.03, "rates", 0.3, 0.0008, 0.00011),
    "LQD": Own(0.05, "rates", 0.5, 0.0015, 0.0001),
    "HYG": Own(0.4, "rates", 0.1, 0.0015, 0.00005),
    "BSV": Own(-0.01, "rates", 0.1, 0.0005, 0.00006),
    "SHY": Own(-0.01, "rates", 0.06, 0.0003, 0.00005),
    "BIL": Own(0.0, noise=0.00002, drift=0.00006),
    "GLD": Own(0.0, "gold", 1.0, 0.002, 0.0001),
    "IAU": Own(0.0, "gold", 1.0, 0.002, 0.0001),
    "SLV": Own(0.15, "gold", 1.5, 0.009, 0.0),
    "PDBC": Own(0.3, "energy", 0.5, 0.006, 0.0),
    "DBC": Own(0.3, "energy", 0.5, 0.006, 0.0),
    "UUP": Own(-0.1, "gold", -0.2, 0.003, 0.00005),
    "KMLM": Own(-0.15, "energy", 0.15, 0.005, 0.0001),
    "DBMF": Own(-0.05, "energy", 0.1, 0.005, 0.0001),
    "FTLS": Own(0.45, noise=0.002, drift=0.00005),
    "BTAL": Own(-0.5, noise=0.005, drift=0.0001),
}

OWN: dict[str, Own] = {**_INDICES, **_SECTORS, **_STOCKS, **_OTHERS}

LEVERAGED: dict[str, Leveraged] = {
    "SSO": Leveraged("SPY", 2, first_price=5),
    "UPRO": Leveraged("SPY", 3, first_price=2),
    "SPXL": Leveraged("SPY", 3, 0.011, first_price=2),
    "SH": Leveraged("SPY", -1, first_price=1e3),
    "SDS": Leveraged("SPY", -2, first_price=1e3),
    "SPXU": Leveraged("SPY", -3, first_price=1e5),
    "TQQQ": Leveraged("QQQ", 3, first_price=0.2),
    "PSQ": Leveraged("QQQ", -1, first_price=1e3),
    "QID": Leveraged("QQQ", -2, first_price=1e4),
    "SQQQ": Leveraged("QQQ", -3, first_price=1e6),
    "TECL": Leveraged("XLK", 3, first_price=0.2),
    "TECS": Leveraged("XLK", -3, first_price=1e7),
    "SOXL": Leveraged("SEMI", 3, first_price=0.05),
    "SOXS": Leveraged("SEMI", -3, first_price=1e9),
    "FAS": Leveraged("XLF", 3),
    "FAZ": Leveraged("XLF", -3, first_price=1e5),
    "ERX": Leveraged("XLE", 2, first_price=5),
    "RETL": Leveraged("RETAIL", 3, first_price=1e3),
    "LABU": Leveraged("BIOTECH", 3, first_price=1e3),
    "LABD": Leveraged("BIOTECH", -3, first_price=1e7),
    "TZA": Leveraged("IWM", -3, first_price=1e5),
    "TMF": Leveraged("TLT", 3, first_price=1e4),
    "TMV": Leveraged("TLT", -3),
    "TBT": Leveraged("TLT", -2),
    "UGL": Leveraged("GLD", 2),
    "EDC": Leveraged("EEM", 3),
    "EDZ": Leveraged("EEM", -3, first_price=1e4),
    "FNGU": Leveraged(ALIKE_STOCKS, 3, first_price=0.02),
    "FNGO": Leveraged(ALIKE_STOCKS, 2, first_price=0.2),
    "VIXY": Leveraged(FUTURES, 1, first_price=1e5),
    "VXX": Leveraged(FUTURES, 1, 0.009, first_price=1e5),
    "UVXY": Leveraged(FUTURES, 1.5, first_price=1e8),
    "UVIX": Leveraged(FUTURES, 2, first_price=1e12),
    "SVXY": Leveraged(FUTURES, -0.5),
    "SVIX": Leveraged(FUTURES, -1),
    "VIXM": Leveraged(MID_FUTURES, 1, first_price=1e3),
}
