"""The domain: values and rules of portfolios, orders and allocation."""
