"""What Alpaca tells by itself between two polls: hints, never the truth."""
