"""A PostgreSQL server of one's own, for tests and measurements: made, started and thrown away.

with private_server() as server:
    journal = open_journal(server.url("journal"), create=True)
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ACCOUNTS = ("postgres", "nobody")
"""Who runs the server where we are root, as whom it refuses to run."""
_SECONDS = 60


class NoServerError(Exception):
    """PostgreSQL is not there, or cannot be started here."""


class PrivateServer:
    """A server that runs on a loopback port and asks nobody for a password."""

    def __init__(self, folder: Path, port: int, programs: Path, account: str | None):
        self.folder, self.port, self.programs, self.account = folder, port, programs, account

    def url(self, schema: str = "public") -> str:
        """The database, with tables in that schema."""
        return (
            f"postgresql://tester@127.0.0.1:{self.port}/postgres?options=-csearch_path%3D{schema}"
        )

    def ask(self, statement: str) -> str:
        """What a statement answers, columns separated by `|`."""
        address = f"postgresql://tester@127.0.0.1:{self.port}/postgres"
        return self.run("psql", "-qAtX", "-d", address, "-c", statement).strip()

    def run(self, program: str, *words: str) -> str:
        """Run one of PostgreSQL's programs as the server's account; its standard output."""
        done = subprocess.run(
            [self.programs / program, *words],
            user=self.account,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise NoServerError(f"{program}: {done.stdout[-500:]}{done.stderr[-500:]}")
        return done.stdout

    def start(self) -> None:
        """Start it; what it says goes to a file, because it would keep a pipe open."""
        log, options = self.folder / "log", f"-p {self.port} -c listen_addresses=127.0.0.1"
        options += f" -c unix_socket_directories={self.folder}"
        self.run(
            "pg_ctl",
            "-w",
            "-s",
            "-D",
            f"{self.folder}/data",
            "-l",
            f"{log}",
            "-o",
            options,
            "start",
        )

    def stop(self, how: str = "immediate") -> None:
        """Stop it; `immediate` is as good as pulling the plug."""
        self.run("pg_ctl", "-w", "-s", "-D", f"{self.folder}/data", "-m", how, "stop")


@contextmanager
def private_server() -> Iterator[PrivateServer]:
    """A running server; `NoServerError` says why there cannot be one."""
    programs, account = _programs(), _account()
    folder = Path(tempfile.mkdtemp(prefix="alchemiser-postgresql-"))
    try:
        if account is not None:
            os.chown(folder, pwd.getpwnam(account).pw_uid, -1)
        server = PrivateServer(folder, _free_port(), programs, account)
        server.run("initdb", "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "-E", "UTF8")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of the newest server that is installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    found = shutil.which("initdb")
    folders = [*reversed(installed), *([Path(found).resolve().parent] if found else [])]
    for folder in folders:
        if all((folder / program).exists() for program in ("initdb", "pg_ctl", "psql")):
            return folder
    raise NoServerError("PostgreSQL's initdb, pg_ctl and psql are not installed")


def _version(folder: Path) -> int:
    name = folder.parent.name.partition(".")[0]
    return int(name) if name.isdigit() else 0


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for account in _ACCOUNTS:
        if account in known:
            return account
    raise NoServerError("the server does not run as root, and there is no account to run it")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
