"""Market data of Alpaca: daily bars, latest quotes, splits and dividends."""
