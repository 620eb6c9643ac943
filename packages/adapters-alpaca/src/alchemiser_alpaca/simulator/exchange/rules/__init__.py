"""The rules by which the exchange takes an order or refuses it: pure functions, one answer each."""
