"""Signals that ask the program to stop: the first is a request, the second ends it at once.

Ending at once is safe at any moment: the journal is written before anything is sent.
"""

import signal
from types import FrameType, TracebackType
from typing import Self

_ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """Within `with` it notes SIGINT and SIGTERM; as a `KillSwitch` it is thrown from then on.

    Only the main thread can use it. On leaving, signals do what they did before.
    """

    def __init__(self) -> None:
        self._received: str | None = None
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def thrown(self) -> str | None:
        """Which signal came; `None` while none has."""
        return None if self._received is None else f"{self._received} was received"

    def __enter__(self) -> Self:
        for number in _ASKED_TO_STOP:
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._restore()

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._received is None:
            self._received = signal.Signals(number).name
            return
        self._restore()
        signal.raise_signal(number)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before = {}
