"""The countdown of a run: on a terminal, and nowhere else."""

import io
import sys
from datetime import timedelta

from alchemiser_app.cli.run_lines import countdown


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(stream, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stream)
    with countdown() as show:
        show(timedelta(hours=5, minutes=9))
    return stream.getvalue()


def test_a_terminal_shows_what_is_left(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    assert "waiting" in shown(Terminal(), monkeypatch)


def test_a_file_or_a_pipe_gets_nothing(monkeypatch):
    assert shown(io.StringIO(), monkeypatch) == ""
