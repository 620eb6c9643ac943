"""Runs what documents show: commands of `alchemiser` and Python, in a folder of their own."""

import os
import shlex
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from document_blocks import Block, Command, commands_of, missing_line
from served import Background, fetched

_FAILS = ("error: ", "NOTHING IS TRADED", "  refuse ")
"""How lines begin that a command shows which ends with another exit code than 0."""


class Reader:
    """Somebody who does what a document says, block after block."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.background = Background()
        self._monkeypatch = monkeypatch
        self._names: dict[str, Any] = {"__name__": "document"}
        self._printed = ""

    def follow(self, block: Block) -> None:
        """Do what one block says; fails where what comes of it is not what is shown."""
        printed, self._printed = self._printed, ""
        if block.left_alone:
            return
        block = self.background.moved(block)
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.code, encoding="utf-8")
        elif block.language == "sh":
            for command in commands_of(block):
                if command.words.endswith("&"):
                    self.background.start(command)
                else:
                    self._run(command)
        elif block.language == "python":
            self._printed = self._execute(block)
        elif block.language == "text" and printed:
            wrong = missing_line(tuple(block.code.splitlines()), printed)
            assert wrong is None, f"not printed: {wrong!r}, but\n{printed}"

    def _execute(self, block: Block) -> str:
        out = StringIO()
        with redirect_stdout(out):
            exec(compile(block.code, "document", "exec"), self._names)  # noqa: S102
        return out.getvalue()

    def _run(self, command: Command) -> None:
        program, *words = shlex.split(command.words)
        code, answer = getattr(self, f"_{program.replace('-', '_')}")(words)
        fails = any(line.startswith(_FAILS) for line in command.shown)
        assert (code != 0) == fails, f"$ {command.words}\nexit code {code}\n{answer}"
        wrong = missing_line(command.shown, answer)
        assert wrong is None, f"$ {command.words}\nnot answered: {wrong!r}, but\n{answer}"

    def _alchemiser(self, words: list[str]) -> tuple[int, str]:
        from alchemiser_app.cli.main import app

        done = CliRunner().invoke(app, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    def _alchemiser_faults(self, words: list[str]) -> tuple[int, str]:
        from alchemiser_app.faults import app

        done = CliRunner().invoke(app, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    def _kill(self, words: list[str]) -> tuple[int, str]:
        return self.background.kill(words)

    def _curl(self, words: list[str]) -> tuple[int, str]:
        return fetched(words)

    def _chmod(self, words: list[str]) -> tuple[int, str]:
        mode, name = words
        Path(name).chmod(int(mode, 8))
        return 0, ""

    def _mkdir(self, words: list[str]) -> tuple[int, str]:
        for name in words:
            Path(name).mkdir()
        return 0, ""

    def _touch(self, words: list[str]) -> tuple[int, str]:
        for name in words:
            Path(name).touch()
        return 0, ""

    def _rm(self, words: list[str]) -> tuple[int, str]:
        for name in words:
            Path(name).unlink()
        return 0, ""

    def _cat(self, words: list[str]) -> tuple[int, str]:
        return 0, "".join(Path(name).read_text(encoding="utf-8") for name in words)

    def _cd(self, words: list[str]) -> tuple[int, str]:
        self._monkeypatch.chdir(*words)
        return 0, ""

    def _head(self, words: list[str]) -> tuple[int, str]:
        count, name = words
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        return 0, "\n".join(lines[: -int(count)])

    def _pip(self, words: list[str]) -> tuple[int, str]:
        """Installs nothing: the package is found where it is, with its entry points."""
        install, editable, folder = words
        assert (install, editable) == ("install", "--editable")
        project = tomllib.loads(Path(folder, "pyproject.toml").read_text())["project"]
        source = Path(folder, "src").resolve()
        found = source / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        found.mkdir()
        about = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (found / "METADATA").write_text(about)
        groups = project["entry-points"].items()
        lines = [f"[{g}]\n" + "".join(f"{n} = {v}\n" for n, v in e.items()) for g, e in groups]
        (found / "entry_points.txt").write_text("\n".join(lines))
        self._monkeypatch.syspath_prepend(str(source))
        return 0, ""

    def _pytest(self, words: list[str]) -> tuple[int, str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A reader in an empty folder; modules that a document made are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    for name in [name for name in os.environ if name.startswith(("ALCHEMISER_", "ALPACA_"))]:
        monkeypatch.delenv(name)
    before = set(sys.modules)
    following = Reader(monkeypatch)
    yield following
    following.background.close()
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]
