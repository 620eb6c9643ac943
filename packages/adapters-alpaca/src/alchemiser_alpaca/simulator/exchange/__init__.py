"""The engine of the simulator: an account, a market and a ledger, without network and clock."""
