"""Symphonies: published rule trees, read, checked, decided over all dates and explained."""

from alchemiser_core.symphony.ast import Symphony
from alchemiser_core.symphony.check import check
from alchemiser_core.symphony.edn.render import render_edn
from alchemiser_core.symphony.errors import SymphonyError, SymphonyErrors
from alchemiser_core.symphony.json.render import render_json
from alchemiser_core.symphony.limits import Limits
from alchemiser_core.symphony.parameters.expand import expand
from alchemiser_core.symphony.parameters.listing import (
    ParameterInfo,
    parameter_value,
    parameters_of,
)
from alchemiser_core.symphony.read import ReadSymphony, read

__all__ = [
    "Limits",
    "ParameterInfo",
    "ReadSymphony",
    "Symphony",
    "SymphonyError",
    "SymphonyErrors",
    "check",
    "expand",
    "parameter_value",
    "parameters_of",
    "read",
    "render_edn",
    "render_json",
]
