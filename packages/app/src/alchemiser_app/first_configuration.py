"""What `alchemiser init` writes."""

FIRST_CONFIGURATION = """\
# Alchemiser. Every setting with its meaning: docs/reference/configuration.md
# `alchemiser config show` prints each value and where it comes from.

# Which bar decides: "previous-close" decides on the bars to the session before and trades today.
decide_on = "previous-close"

[portfolio]
# How often cash moves between the books of the strategies, back to their shares.
rebalance_books = "quarterly"

# One entry a strategy: a name (see `alchemiser plugins`) or the path of a symphony file.
# The shares add up to exactly 1.
[[portfolio.strategies]]
strategy = "nuclear"
share = "0.4"

[[portfolio.strategies]]
strategy = "tecl"
share = "0.3"

[[portfolio.strategies]]
strategy = "klm"
share = "0.3"

# Parameters of a strategy; `alchemiser symphony check nuclear` lists those there are.
# [strategies.nuclear.parameters]
# overbought = 80

[data]
# "sample" is a synthetic market. For your own bars: feed = "files" and a folder below.
feed = "sample"

# [data.settings]
# folder = "bars"

# Dead tickers: trade the new symbol wherever the rules say the old one.
# [data.substitutions]
# FNGU = "TECL"

[costs]
cost_bps = "1"
slippage_bps = "0"

[planning]
whole_shares = false
minimum_trade = "5"
cash_buffer = "0.01"

[broker]
# "paper" is an account in a file, traded on the prices of the feed above; it needs no key.
name = "paper"

# [broker.settings]
# cash = "25000"          # what a new account starts with; 100,000 where it is not set
# fractional = false

[trading]
# A slot that was missed: "late" trades while the market is still open, "skip" does not.
missed_slot = "late"
# When a session is traded; where it is not set, at the time that fits `decide_on`.
# slot = "close - 15 min"

[risk]
# A plan beyond a limit is refused before its first order. The value of all orders of a day, as a
# multiple of the account, and how far the account may have fallen since the session before.
max_turnover = "2.1"
max_equity_drop = "0.5"
# max_weight = "0.5"      # of the account in one symbol

# Whom to tell of what went wrong; `alchemiser plugins` lists the ways there are.
# [[notify]]
# name = "file"
# settings.path = "alerts.jsonl"
"""
