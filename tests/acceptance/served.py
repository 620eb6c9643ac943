"""What a document starts in the background and asks over HTTP: simulated brokers, on free ports.

A document shows the port that a simulator has unless told otherwise, `8777`. When the document is
run, that number stands for a port that is free, so that documents can be run side by side.
"""

import os
import shlex
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from attrs import define, evolve, field
from document_blocks import Block, Command, missing_line

SHOWN_PORT = "8777"
_PATIENCE = 60.0
"""Seconds until a program has said what is shown of it, or has ended."""
_HERE = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@define
class Background:
    """The programs that a document has started with `&` at the end."""

    port: str = field(factory=free_port)
    _jobs: list["subprocess.Popen[bytes]"] = field(factory=list)
    _logs: list[Path] = field(factory=list)

    def moved(self, block: Block) -> Block:
        """The block with the free port in place of the one that is shown."""
        return evolve(block, code=block.code.replace(SHOWN_PORT, self.port))

    def start(self, command: Command) -> None:
        """Start a program, and wait until it has printed what is shown."""
        assert command.shown, f"show what it prints when it is ready: {command.words}"
        words = shlex.split(command.words.removesuffix("&"))
        if "simulate-broker" in words and "--port" not in words:
            words += ["--port", self.port]
        number, name = tempfile.mkstemp(suffix=".log")
        with os.fdopen(number, "wb") as log:
            job = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
        self._jobs.append(job)
        self._logs.append(Path(name))
        self._wait_for(command, job, Path(name))

    def kill(self, words: list[str]) -> tuple[int, str]:
        """`kill [-9] %alchemiser`: the program has ended then, in order unless it was `-9`."""
        *options, name = words
        (job,) = [each for each in self._jobs if each.poll() is None]
        assert name == "%alchemiser"
        (job.kill if options else job.terminate)()
        code = job.wait(_PATIENCE)
        assert options or code == 0, f"the program in the background ended with {code}"
        return 0, ""

    def close(self) -> None:
        """End what still runs."""
        for job in self._jobs:
            if job.poll() is None:
                job.terminate()
                job.wait(_PATIENCE)
        for log in self._logs:
            log.unlink()

    def _wait_for(self, command: Command, job: "subprocess.Popen[bytes]", log: Path) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            has_ended, printed = job.poll() is not None, log.read_text(encoding="utf-8")
            wrong = missing_line(command.shown, printed)
            if wrong is None and not has_ended:
                return
            assert not has_ended, f"$ {command.words}\nhas ended:\n{printed}"
            assert time.monotonic() < deadline, f"$ {command.words}\nno {wrong!r} in\n{printed}"
            time.sleep(0.05)


def fetched(words: list[str]) -> tuple[int, str]:
    """`curl [-s] [-X METHOD] [-d DATA|-d @FILE] URL`: what the server answers, an error too."""
    method, data, url = "", None, ""
    rest = iter(words)
    for word in rest:
        match word:
            case "-s":
                continue
            case "-X":
                method = next(rest)
            case "-d":
                text = next(rest)
                data = Path(text[1:]).read_bytes() if text.startswith("@") else text.encode()
            case _:
                url = word
    method = method or ("GET" if data is None else "POST")
    request = urllib.request.Request(url, data, method=method)  # noqa: S310  (of this machine)
    try:
        with _HERE.open(request, timeout=_PATIENCE) as answer:
            return 0, answer.read().decode()
    except HTTPError as error:
        with error:
            return 0, error.read().decode()
