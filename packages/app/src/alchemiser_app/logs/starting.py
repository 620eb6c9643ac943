"""Starts the program's log for one command, and ends it with the command."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger
from returns.result import Failure, Result, Success

from alchemiser_app.home_folder import at_home
from alchemiser_app.logs.context import every_line_says
from alchemiser_app.logs.dependencies import libraries_routed
from alchemiser_app.logs.lines import human_line, json_line, redact
from alchemiser_app.logs.log_file import LogFile, LogUnusable, open_log_file
from alchemiser_core.config.log_settings import LogFormat, LogLevel, LogSettings

if TYPE_CHECKING:
    from loguru import Message, Record

Write = Callable[[str], None]

_MEGABYTE = 1_000_000


def start_logging(
    settings: LogSettings,
    *,
    stderr_is_terminal: bool,
    write: Write,
    run_id: str,
    folder: str = "",
) -> "Result[ExitStack, LogUnusable]":
    """Start the log; closing what is returned ends it.

    `write` takes a line for standard error, with its line break; `folder` is what a relative path
    of the file is meant from. Failure: the file cannot be written.
    """
    opened = _file(settings, folder, write)
    if isinstance(opened, Failure):
        return Failure(opened.failure())
    rendered = _rendering(settings.format, stderr_is_terminal=stderr_is_terminal)
    with ExitStack() as stack:
        stack.enter_context(_own_sinks())
        _add(settings.level, rendered, write)
        file = opened.unwrap()
        if file is not None:
            stack.callback(file.close)
            _add(settings.file_level, json_line, file.write)
        every_line_says(run_id=run_id)
        stack.callback(every_line_says, run_id=None, cycle=None)
        stack.enter_context(libraries_routed())
        return Success(stack.pop_all())


@contextmanager
def _own_sinks() -> Iterator[None]:
    """No sinks but those that are added now, and every record redacted before they have it."""
    logger.remove()
    logger.configure(patcher=redact)
    try:
        yield
    finally:
        logger.remove()


def _add(level: LogLevel, rendered: "Callable[[Record], str]", write: Write) -> None:
    def sink(message: "Message") -> None:
        write(rendered(message.record))

    # Neither local variables nor the stack: both may hold what is nobody's business.
    logger.add(sink, level=level.value.upper(), format="{message}", backtrace=False, diagnose=False)


def _rendering(form: LogFormat, *, stderr_is_terminal: bool) -> "Callable[[Record], str]":
    for_people = stderr_is_terminal if form is LogFormat.AUTO else form is LogFormat.HUMAN
    return human_line if for_people else json_line


def _file(settings: LogSettings, folder: str, write: Write) -> Result[LogFile | None, LogUnusable]:
    if settings.file is None:
        return Success(None)
    path = Path(folder) / at_home(settings.file)

    def tell(text: str) -> None:
        write(text + "\n")

    size = settings.file_megabytes * _MEGABYTE
    opened = open_log_file(path, size, settings.files_kept, tell)
    return opened.map(_there)


def _there(file: LogFile) -> LogFile | None:
    return file
