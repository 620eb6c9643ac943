"""A problem points at the line of its setting."""

import tomllib

import pytest

from alchemiser_app.toml_lines import line_of, toml_lines

TEXT = '''# a comment with a = sign
mode = "paper"

[portfolio] # the blend
rebalance_books = "yearly"

[[portfolio.strategies]]
strategy = "klm"
share = 0.5

[[portfolio.strategies]]
strategy = "nuclear"
share = 0.5

[strategies."my file.edn".parameters]
nova.vix-gate = "UVXY"
"over = bought" = 80

[planning]
caps = { TQQQ = 0.3, SPY = 0.5 }
unmanaged = [
    "AAPL", # not = ours
    "MSFT",
]
note = """
cash_buffer = 1
[costs]
"""
cash_buffer = 0.01
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("mode",), 2),
        (("portfolio",), 4),
        (("portfolio", "rebalance_books"), 5),
        (("portfolio", "strategies", 0), 7),
        (("portfolio", "strategies", 0, "share"), 9),
        (("portfolio", "strategies", 1, "strategy"), 12),
        (("strategies", "my file.edn", "parameters", "nova", "vix-gate"), 16),
        (("strategies", "my file.edn", "parameters", "over = bought"), 17),
        (("planning", "caps", "SPY"), 20),
        (("planning", "unmanaged", 1), 21),
        (("planning", "cash_buffer"), 29),
        (("planning", "missing"), 19),
    ],
)
def test_every_setting_has_its_line(path, line):
    tomllib.loads(TEXT)
    assert line_of(toml_lines(TEXT), path) == line


def test_what_stands_in_a_text_is_no_setting():
    assert ("costs",) not in toml_lines(TEXT)
    assert line_of(toml_lines(TEXT), ("costs", "cost_bps")) is None


def test_tables_inside_a_list_of_tables_belong_to_the_last_one():
    text = "[[a]]\n[a.b]\nx = 1\n[[a]]\n[a.b]\nx = 2\n"
    lines = toml_lines(text)
    assert line_of(lines, ("a", 0, "b", "x")) == 3
    assert line_of(lines, ("a", 1, "b", "x")) == 6


@pytest.mark.parametrize("text", ["", "=", "[", "[[]]", "= = =", "\x00 = 1"])
def test_text_that_is_no_toml_has_no_lines_and_does_no_harm(text):
    assert toml_lines(text) == {}
