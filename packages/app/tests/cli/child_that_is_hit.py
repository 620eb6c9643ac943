"""`alchemiser` as a process that is sent a signal before or after its n-th call of one kind.

    python child_that_is_hit.py SIGKILL append before 3 trade klm

The calls themselves are untouched. Number 0 is never reached: the calls are counted, and told at
the end on standard error.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from alchemiser_app.cli.main import main
from alchemiser_app.journal.sql_journal import SqlJournal
from alchemiser_app.paper.broker import PaperBroker

PLACES: dict[str, tuple[type, str]] = {
    "append": (SqlJournal, "append"),
    "submit": (PaperBroker, "submit"),
    "account": (PaperBroker, "account"),
}


def counted(method: Callable[..., Any], hit: Callable[[str, int], None]) -> Callable[..., Any]:
    """The method, with a hook on either side."""
    calls = 0

    def call(*words: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        number = calls
        hit("before", number)
        answer = method(*words, **named)
        hit("after", number)
        return answer

    return call


def install(name: str, kind: str, side: str, number: int) -> None:
    owner, method = PLACES[kind]

    def hit(at: str, count: int) -> None:
        if (at, count) == (side, number):
            os.kill(os.getpid(), signal.Signals[name])
        if number == 0 and at == "after":
            sys.stderr.write(f"call {count}\n")

    setattr(owner, method, counted(getattr(owner, method), hit))


if __name__ == "__main__":
    install(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    sys.argv = ["alchemiser", *sys.argv[5:]]
    main()
