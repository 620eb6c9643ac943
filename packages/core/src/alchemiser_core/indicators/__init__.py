"""Every indicator of a symphony over whole (sessions x columns) arrays at once."""

from alchemiser_core.indicators.compute import compute
from alchemiser_core.indicators.requirement import bars_needed

__all__ = ["bars_needed", "compute"]
