"""Settings of the program's own log: what is logged, how it looks, and the file it goes to."""

from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.config.checks import PATH, doc, must_be


class LogLevel(StrEnum):
    """How much a line has to matter."""

    DEBUG = "debug"
    INFO = "info"
    """Everything that is written into the journal, as it is written."""
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class LogFormat(StrEnum):
    """How lines on standard error look."""

    AUTO = "auto"
    """For people on a terminal, as JSON elsewhere."""
    HUMAN = "human"
    JSON = "json"


_MEGABYTES = must_be("a whole number from 1 to 1000", lambda value: 1 <= value <= 1000)
_FILES = must_be("a whole number from 0 to 100", lambda value: 0 <= value <= 100)


@frozen(kw_only=True)
class LogSettings:
    """What the commands that trade log, and where to."""

    level: LogLevel = field(
        default=LogLevel.WARNING, metadata=doc("The least that goes to standard error.")
    )
    format: LogFormat = field(
        default=LogFormat.AUTO,
        metadata=doc("Lines on standard error; `auto`: for people on a terminal, JSON elsewhere."),
    )
    file: str | None = field(
        default=None,
        validator=PATH,
        metadata=doc(
            "A file that gets lines of JSON, beside the configuration where the path is relative; "
            "only its owner can read it. Its folder has to be there."
        ),
    )
    file_level: LogLevel = field(
        default=LogLevel.INFO, metadata=doc("The least that goes to the file.")
    )
    file_megabytes: int = field(
        default=10,
        validator=_MEGABYTES,
        metadata=doc("At this size the file is put aside, with `.1` behind its name."),
    )
    files_kept: int = field(
        default=5, validator=_FILES, metadata=doc("How many files that were put aside are kept.")
    )
