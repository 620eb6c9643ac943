"""How many requests a rebalance and a universe take. Times are a matter of the benchmark."""

from simulated_broker import PAGE, REQUESTS_GOAL, rebalance, universe


def test_a_rebalance_of_twenty_symbols_asks_for_each_thing_once():
    requests = rebalance(symbols=20, latency=0).requests
    assert requests.total() <= REQUESTS_GOAL // 2
    assert requests["POST /v2/orders"] == 30  # ten sells, ten buys, and ten rests of the buys
    for kind in ("/v2/stocks/bars", "/v2/stocks/quotes", "/v2/assets"):
        assert requests[f"GET {kind}"] == 1


def test_a_universe_is_read_in_the_fewest_pages_there_are():
    _, requests = universe(symbols=500, sessions=42)
    assert requests == {"GET /v2/stocks/bars": -(-500 * 42 // PAGE), "GET /v2/clock": 1}


def test_pages_that_are_cut_by_bytes_are_all_read():
    _, requests = universe(symbols=60, sessions=100, page_bytes=100_000)
    assert requests["GET /v2/stocks/bars"] > 1
