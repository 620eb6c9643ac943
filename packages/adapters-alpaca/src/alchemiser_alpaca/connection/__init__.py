"""The hardened connection to Alpaca: every call ends, says what came of it, and is counted."""
