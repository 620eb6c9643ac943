"""Decides a tiny symphony with core alone; exits 1 where the decision is not the expected one."""

import datetime
import sys

import numpy as np

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import expand, read
from alchemiser_core.symphony.strategy import SymphonyStrategy

TEXT = '(defsymphony "tiny" {} (if (> (rsi "SPY" {:window 2}) 50) [(asset "SPY")] [(asset "BIL")]))'

symphony = expand(read(TEXT).unwrap().symphony).unwrap()
symbols = (Symbol("SPY"), Symbol("BIL"))
sessions = np.arange("2024-01-02", "2024-01-06", dtype="datetime64[D]")
closes = np.array([[470.0, 91.0], [472.0, 91.1], [471.0, 91.1], [474.0, 91.2]])
history = BarHistory(sessions=sessions, symbols=symbols, close=closes)
decision = SymphonyStrategy("tiny", symphony).decide(history, datetime.date(2024, 1, 5)).unwrap()
if decision.weights != {"SPY": 1.0}:
    sys.exit(f"expected all in SPY, not {decision.weights}")
