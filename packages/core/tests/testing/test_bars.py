from datetime import date

import numpy as np

from alchemiser_core.testing.bars import history_of, wandering_history, weekdays, with_columns


def test_weekdays_are_no_weekends():
    days = weekdays(7, date(2024, 1, 5))
    assert [d.isoformat() for d in days.tolist()] == [
        "2024-01-05",
        "2024-01-08",
        "2024-01-09",
        "2024-01-10",
        "2024-01-11",
        "2024-01-12",
        "2024-01-15",
    ]


def test_weekdays_from_a_saturday_start_on_monday():
    assert weekdays(1, date(2024, 1, 6))[0].item() == date(2024, 1, 8)


def test_a_history_of_closes_has_nan_where_there_is_none():
    history = history_of({"SPY": [1.0, None], "TLT": [3.0, 4.0]})
    np.testing.assert_array_equal(history.close, [[1.0, 3.0], [np.nan, 4.0]])
    assert history.symbols == ("SPY", "TLT")


def test_a_history_takes_the_sessions_it_is_given():
    history = history_of({"SPY": [1.0, 2.0]}, sessions=[date(2024, 1, 2), date(2024, 1, 9)])
    assert history.session(1) == date(2024, 1, 9)


def test_a_history_of_nothing_is_empty():
    assert history_of({}).close.shape == (0, 0)


def test_a_walk_depends_on_symbol_session_and_seed_alone():
    short = wandering_history(["SPY"], 20)
    long = wandering_history(["TLT", "SPY"], 90)
    np.testing.assert_array_equal(short.close[:, 0], long.close[:20, 1])
    assert not np.array_equal(long.close[:, 0], long.close[:, 1])
    assert not np.array_equal(short.close, wandering_history(["SPY"], 20, seed=1).close)


def test_a_walk_moves_as_far_as_told_and_no_farther():
    returns = np.diff(np.log(wandering_history(["SPY"], 2000, volatility=0.02).close[:, 0]))
    assert abs(returns).max() < 0.0203
    assert abs(returns).max() > 0.0195
    assert abs(returns.mean()) < 0.001
    assert abs(np.corrcoef(returns[1:], returns[:-1])[0, 1]) < 0.06


def test_columns_are_picked_by_symbol():
    history = wandering_history(["SPY", "TLT"], 5)
    picked = with_columns(history, ("TLT", "NONE"))
    np.testing.assert_array_equal(picked.volume[:, 0], history.volume[:, 1])
    assert picked.missing_symbols == ("NONE",)
