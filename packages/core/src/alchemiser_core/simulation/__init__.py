"""Simulation: a market for orders that is no broker, to try decisions and plans on."""

from alchemiser_core.simulation.market import SimulatedMarket

__all__ = ["SimulatedMarket"]
