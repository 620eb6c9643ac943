"""Reads a file of secrets, and only one that nobody but its owner can read or change.

What is opened is what is examined: the checks are of the open file, so that nothing can be put in
its place between the two.
"""

import os
import stat
from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_app.secrets.wording import unfit
from alchemiser_core.ports.secret_store import SecretsUnreadable

LARGEST = 64 * 1024
"""Bytes; a file of keys is nowhere near that long."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ROOT = 0


def trusted_text(path: Path) -> Result[str | None, SecretsUnreadable]:
    """The text of a file of secrets; `None` where there is no such file.

    Failures: it is no file, belongs to somebody else, others may read or change it, or it cannot
    be read.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return Success(None)
    except OSError as error:
        return _unreadable(path, error)
    if stat.S_ISLNK(found.st_mode) and found.st_uid not in _trusted_owners():
        return _foreign(path, "link")
    try:
        # Without waiting: a pipe in the file's place would keep the program for ever.
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        return _unreadable(path, error)
    try:
        return _distrust(path, os.fstat(opened)) or _decoded(path, _content(opened))
    except OSError as error:
        return _unreadable(path, error)
    finally:
        os.close(opened)


def _content(opened: int) -> bytes:
    with open(opened, "rb", closefd=False) as file:
        return file.read(LARGEST + 1)


def _trusted_owners() -> tuple[int, int]:
    return os.geteuid(), _ROOT


def _distrust(path: Path, found: os.stat_result) -> Failure[SecretsUnreadable] | None:
    """Why a file is not read; `None` where it can be."""
    if not stat.S_ISREG(found.st_mode):
        what, hint = "that is no file", "put the keys into a file of text, or take it away"
        return unfit("env-file-unreadable", what, f"secrets: {path}", hint)
    if found.st_uid not in _trusted_owners():
        return _foreign(path, "file")
    if found.st_mode & _OTHERS:
        return unfit(
            "env-file-too-open",
            f"others can get at the file of secrets: its mode is {stat.S_IMODE(found.st_mode):04o}",
            f"secrets: {path}",
            f"chmod 600 {path}",
            "keys belong to you alone",
        )
    return None


def _decoded(path: Path, content: bytes) -> Result[str | None, SecretsUnreadable]:
    where = f"secrets: {path}"
    if len(content) > LARGEST:
        what = f"the file of secrets is longer than {LARGEST} bytes"
        return unfit("env-file-unreadable", what, where, "keep keys in it alone")
    try:
        return Success(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return unfit("env-file-unreadable", "the file of secrets is not UTF-8", where, "save it so")


def _foreign(path: Path, kind: str) -> Failure[SecretsUnreadable]:
    return unfit(
        "env-file-foreign",
        f"the {kind} belongs to another user",
        f"secrets: {path}",
        "make a file of your own",
        "who owns it could put other keys into it",
    )


def _unreadable(path: Path, error: OSError) -> Failure[SecretsUnreadable]:
    what = f"the file of secrets cannot be read: {error.strerror or type(error).__name__}"
    return unfit("env-file-unreadable", what, f"secrets: {path}", "make it readable, or go without")
