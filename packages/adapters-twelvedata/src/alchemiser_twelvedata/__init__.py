"""The TwelveData adapter."""
