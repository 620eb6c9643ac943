"""Orders as Alpaca takes them, tells of them and refuses them."""
