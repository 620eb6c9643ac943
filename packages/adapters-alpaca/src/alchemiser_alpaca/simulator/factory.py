"""The simulator as a plugin offers it, and how it is built."""

from returns.result import Failure, Success

from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BuildError, BuildResult, PluginContext, SimulatorFactory
from alchemiser_core.ports.broker_simulator import BrokerSimulator


def build_simulator(
    settings: SimulatorSettings, context: PluginContext
) -> BuildResult[BrokerSimulator]:
    """The simulator; its account is opened when it is served."""
    if context.simulation is None:
        problem = Problem("no-simulation-context", "a simulator is built to be served", "alpaca")
        return Failure(BuildError((problem,)))
    from alchemiser_alpaca.simulator.server import AlpacaSimulator

    return Success(AlpacaSimulator(settings, context.simulation, context.folder))


SIMULATOR = SimulatorFactory(
    name="alpaca",
    summary="An account at a simulated Alpaca, traded at the prices of the data feed",
    settings=SimulatorSettings,
    build=build_simulator,
)
"""For the adapter's plugin."""
