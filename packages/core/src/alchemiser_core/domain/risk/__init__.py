"""Risk: limits that a plan must respect before the first order of it is sent."""
