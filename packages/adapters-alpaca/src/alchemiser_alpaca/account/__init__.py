"""The account as Alpaca shows it: cash, positions, what can be traded, and what happened."""
