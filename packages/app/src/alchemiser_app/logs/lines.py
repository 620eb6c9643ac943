"""Lines of the log: every record is redacted first, then written for people or as JSON."""

from datetime import UTC
from json import dumps
from typing import TYPE_CHECKING

from alchemiser_app.logs.redaction import LONGEST_FIELD, redacted, shown_value
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.plugins.containment import contained

if TYPE_CHECKING:
    from loguru import Record

_ERROR_TYPE, _ERROR_TEXT = "exception_type", "exception_message"
_KNOWN = ("run_id", "cycle", "order", "code", "subject")
"""Fields that every reader of the log may look for, in this order."""
_OWN = ("logger", _ERROR_TYPE, _ERROR_TEXT)


def redact(record: "Record") -> None:
    """Make a record fit to be written, in place and before any sink has it.

    What it holds afterwards are texts and numbers: even what loguru says of a sink that fails,
    which shows the whole record, has nothing else to show.
    """
    record["message"] = redacted(record["message"])
    fields: dict[str, object] = {
        redacted(str(name), 60): shown_value(value) for name, value in record["extra"].items()
    }
    raised = record["exception"]
    if raised is not None:
        kind = raised.type.__name__ if raised.type is not None else "exception"
        fields[_ERROR_TYPE] = plain_text(kind, 60)
        fields[_ERROR_TEXT] = _words_of(raised.value)
        record["exception"] = None
    record["extra"] = fields


def _words_of(error: BaseException | None) -> str:
    """The message of an exception; empty where it cannot even say that."""
    return contained(lambda: redacted(str(error), LONGEST_FIELD)).value_or("")


def json_line(record: "Record") -> str:
    """A redacted record as one JSON object, with its line break."""
    extra = dict(record["extra"])
    line: dict[str, object] = {
        "time": record["time"].astimezone(UTC).isoformat(timespec="milliseconds"),
        "level": record["level"].name.lower(),
        "message": record["message"],
    }
    line |= {name: extra[name] for name in _KNOWN if extra.get(name)}
    line["logger"] = extra.get("logger") or record["name"]
    if _ERROR_TYPE in extra:
        line["exception"] = {"type": extra[_ERROR_TYPE], "message": extra[_ERROR_TEXT]}
    others = {name: extra[name] for name in extra if name not in (*_KNOWN, *_OWN)}
    if others:
        line["fields"] = others
    return KNOWN_SECRETS.without(dumps(line, allow_nan=False)) + "\n"


def human_line(record: "Record") -> str:
    """A redacted record as a short line, with its line break: `warning: urllib3: no route`."""
    extra = record["extra"]
    parts = [record["level"].name.lower(), str(extra.get("logger") or ""), record["message"]]
    if _ERROR_TYPE in extra:
        parts += [str(extra[_ERROR_TYPE]), str(extra[_ERROR_TEXT])]
    order = f" ({extra['order']})" if extra.get("order") else ""
    return KNOWN_SECRETS.without(": ".join(filter(None, parts)) + order) + "\n"
