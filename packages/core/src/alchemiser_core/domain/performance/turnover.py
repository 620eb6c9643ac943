"""How much of an account was traded in a year."""

from alchemiser_core.domain.performance.equity_curve import EquityCurve


def annual_turnover(traded: float, curve: EquityCurve) -> float | None:
    """Traded value (buys and sells) over twice the mean equity, a year.

    1.0 means that the whole account was bought and sold once a year. `None` for a curve of one
    session.
    """
    if curve.years == 0:
        return None
    return traded / (2.0 * float(curve.equity.mean())) / curve.years
