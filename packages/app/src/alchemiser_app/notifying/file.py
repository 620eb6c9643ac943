"""Alerts at the end of a file, one JSON object a line."""

import json
import os
import stat
from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_app.notifying.wording import as_data, not_delivered
from alchemiser_core.domain.alert import Alert
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.notifier import NotDelivered

_HINT = "check the file, its folder and the space on the disk"


class FileNotifier:
    """`Notifier` to a file that only its owner can read."""

    name = "file"

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def notify(self, alert: Alert) -> Result[None, NotDelivered]:
        """Add a line with the time."""
        at = self._clock.now().isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, **as_data(alert)}) + "\n"
        try:
            self._append(line.encode("ascii"))
        except OSError as error:
            why = f"{self._path}: {error.strerror or error}"
            return Failure(not_delivered(alert, self.name, why, _HINT))
        return Success(None)

    def _append(self, line: bytes) -> None:
        # Neither a link to somewhere else nor a pipe that nobody reads may stand in for the file.
        never = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | never, 0o600)
        with os.fdopen(file, "ab") as stream:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise OSError(f"{self._path} is no ordinary file")
            self._path.chmod(0o600)
            stream.write(line)
