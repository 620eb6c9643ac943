"""The log of a command: started once its configuration is known, ended with it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from returns.result import Success

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import note, value_of
from alchemiser_app.container import Application
from alchemiser_app.logs.context import new_run_id
from alchemiser_app.logs.starting import start_logging
from alchemiser_core.config.log_settings import LogSettings


@contextmanager
def command_logs(app: Application, *, as_json: bool = False) -> Iterator[None]:
    """Log as the configuration says; a configuration with mistakes is told by who needs it.

    Ends the command, exit code 2, where the log file cannot be written.
    """
    loaded = app.configuration()
    sound = loaded.unwrap() if isinstance(loaded, Success) else None
    started = start_logging(
        sound.configuration.settings.logs if sound else LogSettings(),
        stderr_is_terminal=sys.stderr.isatty(),
        write=lambda line: note(line.removesuffix("\n")),
        run_id=new_run_id(),
        folder=sound.folder if sound else "",
    )
    with value_of(started, ExitCode.USAGE, as_json=as_json):
        yield
