"""A copy of the paper account for a dry run, which leaves the account itself as it was."""

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path


def working_copy(path: Path) -> Path:
    """Where the copy is, in a folder of its own that goes when the program ends.

    There is none yet where the account has no file. Anything else than a plain file is not copied:
    who opens it is told what is wrong with it.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return path
    folder = Path(tempfile.mkdtemp(prefix="alchemiser-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / path.name
    if path.exists() and not _backed_up(path, copy):
        shutil.copyfile(path, copy)
    return copy


def _backed_up(path: Path, copy: Path) -> bool:
    """Copy as the database sees itself, its log included; false where it is no database."""
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.DatabaseError:
        return False
    return True
