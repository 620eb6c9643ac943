"""The ledger of the simulated exchange, in memory and in a file that outlives the process.

A line of the file is one entry: its number, a checksum, its kind and its canonical JSON. It is
handed to the operating system before it takes effect, so a killed process loses nothing; a failure
of the machine itself may cost the last entries.
"""

import json
import os
import stat
from functools import cache
from pathlib import Path
from typing import get_args
from zlib import crc32

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.exchange.entries import Entry
from alchemiser_core.domain.canonical import CanonicalCodec, canonical_codec
from alchemiser_core.domain.problem import Problem

_NEVER_FOLLOWED = os.O_NOFOLLOW | os.O_CLOEXEC
_FORM = "a number, a checksum, a kind and a body are expected"


@frozen
class LedgerFault:
    """The file cannot be used."""

    path: str
    line: int
    """0 where no line is to blame."""
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the place and what is wrong there."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return (
            Problem(
                code="bad-ledger",
                what="the ledger of the simulator cannot be used",
                where=where,
                why=self.why,
                hint="give another file, or remove this one to start a new account",
            ),
        )


@define
class Ledger:
    """The entries so far; `Ledger()` keeps them in memory alone, `open_ledger` in a file too."""

    entries: list[Entry] = field(factory=list)
    torn: str = ""
    """What was cut off at the end of the file when it was opened."""
    path: str = ""
    _file: int | None = None
    _size: int = 0

    def append(self, entry: Entry) -> None:
        """Write an entry, and return when a killed process would not lose it.

        Raises `OSError` where it cannot be written; the file then ends with the entry before.
        """
        if self._file is not None:
            self._write(self._file, line_of(len(self.entries) + 1, entry))
        self.entries.append(entry)

    def close(self) -> None:
        """Let go of the file; nothing can be appended any more."""
        if self._file is not None:
            os.close(self._file)
            self._file = -1

    def _write(self, file: int, line: bytes) -> None:
        try:
            left = line
            while left:
                left = left[os.write(file, left) :]
        except OSError:
            if file >= 0:
                os.ftruncate(file, self._size)
            raise
        self._size += len(line)


def open_ledger(path: Path) -> Result[Ledger, LedgerFault]:
    """Open the file, or make it, readable by its owner alone.

    A last line that was not written to its end is cut off (`Ledger.torn`); any other damage is a
    fault. One process at a time has it, by a lock of the operating system that goes with it.
    """
    where = str(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _NEVER_FOLLOWED, 0o600)
    except OSError as error:
        return Failure(LedgerFault(where, 0, error.strerror or str(error)))
    opened = _opened(file, where)
    if isinstance(opened, Failure):
        os.close(file)
    return opened


def _opened(file: int, where: str) -> Result[Ledger, LedgerFault]:
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return Failure(LedgerFault(where, 0, "it is no file"))
        if not _locked(file):
            return Failure(LedgerFault(where, 0, "another simulator has it"))
        os.fchmod(file, 0o600)
        with open(file, "rb", closefd=False) as reader:
            content = reader.read()
        whole, torn = _cut(content)
        if torn:
            os.ftruncate(file, len(whole))
    except OSError as error:
        return Failure(LedgerFault(where, 0, error.strerror or str(error)))
    entries: list[Entry] = []
    for number, line in enumerate(whole.splitlines(), start=1):
        read = read_line(number, line)
        if isinstance(read, Failure):
            return Failure(LedgerFault(where, number, read.failure()))
        entries.append(read.unwrap())
    shown = torn.decode("utf-8", "replace")
    return Success(Ledger(entries, shown, where, file, len(whole)))


def _locked(file: int) -> bool:
    """Whether this process has the file to itself now."""
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _cut(content: bytes) -> tuple[bytes, bytes]:
    """What ends with a line break, and what is after the last one."""
    end = content.rfind(b"\n") + 1
    return content[:end], content[end:]


def line_of(number: int, entry: Entry) -> bytes:
    """The line of an entry, with its line break."""
    codec = _codec()
    body = f'{number},"{codec.kind_of(entry)}",{codec.encode(entry)}'
    return f"[{crc32(body.encode())},{body}]\n".encode()


def read_line(number: int, line: bytes) -> Result[Entry, str]:
    """The entry of a line; the failure says what is wrong with it."""
    checksum, _, rest = line.removeprefix(b"[").partition(b",")
    if not line.startswith(b"[") or not line.endswith(b"]") or not checksum.isdigit():
        return Failure(_FORM)
    if crc32(rest[:-1]) != int(checksum):
        return Failure("the checksum does not match")
    try:
        told, kind, body = json.loads(b"[" + rest)
    except ValueError:
        return Failure(_FORM)
    if told != number:
        return Failure(f"it has the number {told}")
    decoded: Result[Entry, str] = _codec().decode(kind, json.dumps(body))
    return decoded


@cache
def _codec() -> CanonicalCodec:
    return canonical_codec(get_args(Entry))
