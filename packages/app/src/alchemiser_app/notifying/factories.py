"""The app's notifiers as a plugin offers them."""

import shutil
from pathlib import Path

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.home_folder import at_home
from alchemiser_core.config import doc
from alchemiser_core.config.checks import NOT_EMPTY, SECONDS
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BuildError, NoSettings, NotifierFactory, PluginContext
from alchemiser_core.ports.notifier import Notifier


@frozen
class FileNotifierSettings:
    """Settings of the `file` notifier."""

    path: str = field(
        validator=NOT_EMPTY, metadata=doc("File to which alerts are added, one JSON object a line.")
    )


@frozen
class CommandNotifierSettings:
    """Settings of the `command` notifier."""

    command: tuple[str, ...] = field(
        metadata=doc("Program and arguments; it gets the alert as JSON on its standard input.")
    )
    timeout_seconds: int = field(
        default=10,
        validator=SECONDS,
        metadata=doc("How long the program may take, in seconds, before it is ended."),
    )


def build_log(settings: NoSettings, context: PluginContext) -> Result[Notifier, BuildError]:
    """Alerts in the program's own log."""
    from alchemiser_app.notifying.log import LogNotifier

    return Success(LogNotifier())


def build_file(
    settings: FileNotifierSettings, context: PluginContext
) -> Result[Notifier, BuildError]:
    """Alerts at the end of a file, whose folder has to be there."""
    from alchemiser_app.notifying.file import FileNotifier
    from alchemiser_app.timekeeping.system_clock import SystemClock

    path = Path(context.folder) / at_home(settings.path)
    if not path.parent.is_dir():
        return Failure(BuildError((_no_folder(path),)))
    return Success(FileNotifier(path, SystemClock()))


def build_command(
    settings: CommandNotifierSettings, context: PluginContext
) -> Result[Notifier, BuildError]:
    """Alerts to a program, which has to be there."""
    from alchemiser_app.notifying.command import CommandNotifier

    program = shutil.which(settings.command[0]) if settings.command else None
    if program is None:
        return Failure(BuildError((_no_program(settings.command),)))
    command = (str(Path(program).absolute()), *settings.command[1:])
    return Success(CommandNotifier(command, settings.timeout_seconds))


def _no_folder(path: Path) -> Problem:
    return Problem(
        code="no-folder",
        what=f"there is no folder {str(path.parent)!r}",
        where="path",
        why="the file notifier makes a file, but no folder",
        hint="make the folder, or name another file",
    )


def _no_program(command: tuple[str, ...]) -> Problem:
    named = f"there is no program {command[0]!r}" if command else "no program is named"
    return Problem(
        code="no-program",
        what=named,
        where="command",
        why="the command notifier starts a program for each alert",
        hint="name a program that can be run, by its path or as it is found on PATH",
    )


NOTIFIERS = (
    NotifierFactory(
        name="log",
        summary="Alerts in the program's own log",
        settings=NoSettings,
        build=build_log,
    ),
    NotifierFactory(
        name="file",
        summary="Alerts at the end of a file, one JSON object a line",
        settings=FileNotifierSettings,
        build=build_file,
    ),
    NotifierFactory(
        name="command",
        summary="Alerts to a program of yours, as JSON on its standard input",
        settings=CommandNotifierSettings,
        build=build_command,
    ),
)
"""For the app's plugin entry."""
