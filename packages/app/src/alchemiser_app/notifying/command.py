"""Alerts to a program of the user's: it gets the alert as JSON on its standard input."""

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.notifying.wording import as_data, not_delivered
from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.plain_text import LONGEST
from alchemiser_core.ports.notifier import NotDelivered

_HINT = "run the program by hand, with an alert on its standard input"
_PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "SYSTEMROOT", "TMPDIR", "TZ", "USER")
"""Of the environment; the rest may hold keys, which are no business of that program."""


@frozen
class CommandNotifier:
    """`Notifier` to a program, which is started for each alert, without a shell."""

    command: Sequence[str]
    """Path or name of the program, and its arguments."""
    timeout_seconds: float
    """After which it is ended, together with whatever it started."""
    name: str = "command"

    def notify(self, alert: Alert) -> Result[None, NotDelivered]:
        """Run it; anything but exit code 0 in time is a failure."""
        with TemporaryFile() as said:
            why = self._run(json.dumps(as_data(alert)).encode("ascii"), said)
        if why is None:
            return Success(None)
        return Failure(not_delivered(alert, self.name, f"{self.command[0]} {why}", _HINT))

    def _run(self, told: bytes, said: IO[bytes]) -> str | None:
        """Why it failed; what it says goes to a file, for a pipe could be held open for ever."""
        try:
            # Its own session, so that Ctrl-C on a terminal does not end it in the middle.
            process = subprocess.Popen(  # noqa: S603  (the user's own program, without a shell)
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        except OSError as error:
            return f"cannot be started: {error.strerror or error}"
        with process:
            try:
                process.communicate(told, self.timeout_seconds)
            except subprocess.TimeoutExpired:
                _end(process)
                return f"took longer than {self.timeout_seconds:g} s"
        if process.returncode == 0:
            return None
        said.seek(0)
        words = said.read(LONGEST).decode("utf-8", errors="replace")
        return f"ended with exit code {process.returncode}: {words}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and all of its session; Windows kills the program alone."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
