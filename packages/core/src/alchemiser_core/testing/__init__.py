"""What tests of strategies, feeds and adapters need; shipped, so that plugins can use it."""
