"""Processes of `alchemiser` that can be killed, forked from one that has imported everything.

Each line of standard input is an order to start one: its words, and where it is to kill itself. The
number of the process is the answer, and then how it ended. A fork costs no imports, so that there
can be hundreds.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from alchemiser_app.cli.main import main
from alchemiser_app.journal.sql_journal import SqlJournal

COSTLY = ("alpaca.common.rest", "alpaca.trading.stream", "exchange_calendars", "sqlalchemy")
"""Imported once, before any fork."""


def killed_at(method: Callable[..., Any], side: str, number: int) -> Callable[..., Any]:
    """The method, whose caller is killed before or after the n-th call."""
    calls = 0

    def call(*words: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if (side, number) == ("before", calls):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = method(*words, **named)
        if (side, number) == ("after", calls):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return call


def be_alchemiser(asked: dict[str, Any]) -> None:
    """The forked process: the command line, as any other."""
    output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if asked.get("side"):
        append = killed_at(SqlJournal.append, asked["side"], asked["number"])
        SqlJournal.append = append  # type: ignore[method-assign]  # to be killed in it
    sys.argv = ["alchemiser", *asked["words"]]
    main()


def start(asked: dict[str, Any]) -> None:
    """One process, from its start to its end."""
    number = os.fork()
    if number == 0:
        be_alchemiser(asked)
        os._exit(0)
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
    _, status = os.waitpid(number, 0)
    sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for module in COSTLY:
        importlib.import_module(module)
    for line in sys.stdin:
        start(json.loads(line))
