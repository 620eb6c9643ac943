"""The log as it is written: on a terminal, as JSON, and to its file."""

import json
import logging
import os
import stat
import sys
import threading
import warnings
from decimal import Decimal

import pytest
from loguru import logger

from alchemiser_app.logs.context import every_line_says, new_run_id
from alchemiser_app.logs.dependencies import RoutedLines
from alchemiser_app.logs.starting import start_logging
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_core.config.log_settings import LogFormat, LogLevel, LogSettings
from alchemiser_core.domain.secret import Secret

CANARY = "PK-canary-88c2"


@pytest.fixture
def logs(tmp_path):
    """Starts the log, and gives the lines of standard error."""
    stacks = []

    def start(*, terminal: bool = False, run_id: str = "0a1b2c3d", **settings) -> list[str]:
        lines: list[str] = []
        started = start_logging(
            LogSettings(**settings),
            stderr_is_terminal=terminal,
            write=lines.append,
            run_id=run_id,
            folder=str(tmp_path),
        )
        stacks.append(started.unwrap())
        return lines

    yield start
    for stack in stacks:
        stack.close()


def fail(text: str) -> None:
    local = text
    raise ValueError(f"cannot be {local}")


def objects(lines):
    return [json.loads(line) for line in lines]


def test_off_the_terminal_each_line_is_one_json_object(logs):
    lines = logs()
    bound = logger.bind(order="alch-1", code="order-refused", subject="SPY", quantity=Decimal("5"))
    bound.warning("refused: {}", "no cash")
    (line,) = objects(lines)
    assert lines[0].endswith("}\n")
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "message": "refused: no cash",
        "run_id": "0a1b2c3d",
        "order": "alch-1",
        "code": "order-refused",
        "subject": "SPY",
        "logger": __name__,
        "fields": {"quantity": "5"},
    }


def test_on_a_terminal_a_line_is_short(logs):
    lines = logs(terminal=True)
    logger.bind(order="alch-1").warning("refused")
    logging.getLogger("vendor").error("no route")
    assert lines == ["warning: refused (alch-1)\n", "error: vendor: no route\n"]


@pytest.mark.parametrize(
    ("form", "terminal", "is_json"),
    [("human", False, False), ("json", True, True), ("auto", True, False), ("auto", False, True)],
)
def test_the_form_can_be_chosen(logs, form, terminal, is_json):
    lines = logs(format=LogFormat(form), terminal=terminal)
    logger.warning("refused")
    assert lines[0].startswith("{") is is_json


def test_below_warnings_nothing_is_said_unless_it_is_asked_for(logs):
    lines = logs()
    logger.info("bought")
    assert lines == []
    lines = logs(level=LogLevel.INFO)
    logger.info("bought")
    logger.debug("thought")
    assert [line["message"] for line in objects(lines)] == ["bought"]


def test_an_exception_is_its_type_and_its_message_and_no_traceback(logs):
    lines = logs()
    try:
        fail("x\ny")
    except ValueError:
        logger.exception("failed")
    (line,) = objects(lines)
    assert line["exception"] == {"type": "ValueError", "message": "cannot be x y"}
    assert "Traceback" not in lines[0]


def test_security_s2_no_local_variable_of_a_traceback_is_logged(logs):
    for terminal in (True, False):
        lines = logs(terminal=terminal)
        try:
            fail(f"https://host/path?key={CANARY}")
        except ValueError:
            logger.opt(exception=True, record=True).error("failed at {record[line]}")
        assert "ValueError" in lines[0]
        assert "canary" not in lines[0]


class MuteError(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("nothing to say")


def test_an_exception_that_cannot_be_put_into_words_is_logged_all_the_same(logs):
    lines = logs()
    try:
        raise MuteError
    except MuteError:
        logger.exception("failed")
    assert objects(lines)[0]["exception"] == {"type": "MuteError", "message": ""}


def test_the_run_and_the_cycle_are_in_every_line_of_every_thread(logs):
    lines = logs()
    every_line_says(cycle="portfolio/2026-03-02/1")
    thread = threading.Thread(target=lambda: logging.getLogger("stream").warning("lost"))
    thread.start()
    thread.join()
    every_line_says(cycle=None)
    logger.warning("after")
    first, second = objects(lines)
    assert (first["run_id"], first["cycle"]) == ("0a1b2c3d", "portfolio/2026-03-02/1")
    assert "cycle" not in second


def test_the_ids_of_runs_differ():
    ids = {new_run_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(each) == 8 and int(each, 16) >= 0 for each in ids)


# --- what libraries log ------------------------------------------------------------------------


def test_security_s3_warnings_of_libraries_are_routed_in_and_what_is_less_is_not(logs):
    lines = logs(level=LogLevel.DEBUG)
    vendor = logging.getLogger("urllib3.connectionpool")
    vendor.setLevel(logging.DEBUG)
    try:
        vendor.debug('https://host:443 "GET /v2?key=%s HTTP/1.1" 200', CANARY)
        vendor.info("HTTP Request: GET https://host/v2?key=%s", CANARY)
        vendor.warning("Retrying after connection broken: /v2/orders?key=%s", CANARY)
        vendor.critical("lost %s", {"APCA-API-SECRET-KEY": CANARY})
    finally:
        vendor.setLevel(logging.NOTSET)
    found = [(line["logger"], line["level"], line["message"]) for line in objects(lines)]
    assert found == [
        (vendor.name, "warning", "Retrying after connection broken: /v2/orders?…"),
        (vendor.name, "critical", "lost {'APCA-API-SECRET-KEY': ***}"),
    ]


def test_security_s3_a_record_that_does_not_fit_together_shows_none_of_its_parts(logs, capsys):
    lines = logs()
    parts = {"msg": "%d %s", "args": (CANARY,), "levelno": logging.WARNING}
    RoutedLines().handle(logging.makeLogRecord(parts))
    assert objects(lines)[0]["message"] == "str"
    assert "canary" not in "".join(lines) + capsys.readouterr().err


def test_security_s3_an_exception_of_a_library_is_redacted(logs):
    lines = logs()
    try:
        fail(f"{{'authorization': 'Basic {CANARY}'}}")
    except ValueError:
        logging.getLogger("requests").exception("failed for %s", f"/v2?key={CANARY}")
    assert objects(lines)[0]["exception"]["type"] == "ValueError"
    assert "canary" not in lines[0]


def test_braces_of_a_library_are_not_taken_for_fields(logs):
    lines = logs()
    logging.getLogger("vendor").warning('{"a": {0} {run_id}')
    assert objects(lines)[0]["message"] == '{"a": {0} {run_id}'


def test_after_the_log_has_ended_libraries_are_not_routed_any_more(tmp_path):
    lines: list[str] = []
    root = logging.getLogger()
    before = list(root.handlers)
    started = start_logging(LogSettings(), stderr_is_terminal=False, write=lines.append, run_id="1")
    with started.unwrap():
        assert len(root.handlers) == len(before) + 1
    assert root.handlers == before
    logger.warning("nobody hears this")
    assert lines == []


# --- the file ----------------------------------------------------------------------------------


def test_the_file_has_json_lines_from_information_upwards(logs, tmp_path):
    lines = logs(terminal=True, file="alchemiser.log")
    logger.info("bought")
    logger.debug("thought")
    logger.warning("refused")
    written = objects((tmp_path / "alchemiser.log").read_text().splitlines())
    assert [line["message"] for line in written] == ["bought", "refused"]
    assert lines == ["warning: refused\n"]


def test_the_file_is_its_owners_alone_even_where_it_was_not(logs, tmp_path):
    path = tmp_path / "alchemiser.log"
    path.write_text('{"message": "earlier"}\n')
    path.chmod(0o644)
    logs(file="alchemiser.log")
    logger.warning("refused")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [line["message"] for line in objects(path.read_text().splitlines())] == [
        "earlier",
        "refused",
    ]


def test_the_file_is_put_aside_at_its_size_and_a_few_are_kept(logs, tmp_path):
    logs(file="alchemiser.log", file_megabytes=1, files_kept=2)
    for number in range(5000):
        logger.info("{} {}", number, "x" * 900)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [
        "alchemiser.log",
        "alchemiser.log.1",
        "alchemiser.log.2",
    ]
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    numbers = [
        int(line["message"].split()[0])
        for file in reversed(files)
        for line in objects(file.read_text().splitlines())
    ]
    assert numbers == list(range(numbers[0], 5000))


def test_without_files_to_keep_the_file_begins_anew(logs, tmp_path):
    logs(file="alchemiser.log", file_megabytes=1, files_kept=0)
    for number in range(2000):
        logger.info("{} {}", number, "x" * 900)
    assert [file.name for file in tmp_path.iterdir()] == ["alchemiser.log"]


def refusal(tmp_path, file):
    started = start_logging(
        LogSettings(file=file),
        stderr_is_terminal=False,
        write=print,
        run_id="1",
        folder=str(tmp_path),
    )
    (problem,) = started.failure().problems()
    assert problem.code == "log-unusable"
    return problem.why


def test_a_file_that_cannot_be_a_log_is_refused(tmp_path):
    (tmp_path / "alchemiser.toml").write_text("mode = 'paper'\n")
    (tmp_path / "link.log").symlink_to(tmp_path / "other.log")
    os.mkfifo(tmp_path / "pipe.log")
    assert refusal(tmp_path, "alchemiser.toml") == "it holds something else than a log"
    assert (tmp_path / "alchemiser.toml").read_text() == "mode = 'paper'\n"
    assert refusal(tmp_path, "link.log")
    assert not (tmp_path / "other.log").exists()
    assert refusal(tmp_path, "no/folder/alchemiser.log") == "No such file or directory"
    assert refusal(tmp_path, ".")
    assert refusal(tmp_path, "pipe.log") == "it is no file"


def test_a_full_disk_is_told_once_and_the_program_goes_on(logs, tmp_path, monkeypatch):
    lines = logs(terminal=True, file="alchemiser.log", file_megabytes=1, files_kept=1)
    (tmp_path / "alchemiser.log.1").mkdir()  # nothing can be put aside there
    (tmp_path / "alchemiser.log.1" / "x").write_text("")
    for _ in range(2500):
        logger.info("x" * 900)
    assert len(lines) == 1
    assert "cannot be written any more" in lines[0]


# --- the last line of defence ------------------------------------------------------------------


def test_security_s1_known_secrets_are_in_no_line_in_whatever_way_they_came(logs, tmp_path):
    KNOWN_SECRETS.add(Secret(CANARY))
    human, plain = logs(terminal=True, file="alchemiser.log"), []
    everything = logger.add(plain.append, format="{message} {extra} {exception}", diagnose=True)
    try:
        logger.bind(key=CANARY, held={"key": CANARY}).warning("a {} {key}", CANARY, key=CANARY)
        logger.warning(f"plain {CANARY}")
        logging.getLogger(CANARY).warning("%s", CANARY)
        with logger.contextualize(**{CANARY: CANARY}):
            logger.error("in context")
        try:
            fail(CANARY)
        except ValueError:
            logger.exception("failed {}", CANARY)
    finally:
        logger.remove(everything)
    written = "".join(human) + "".join(plain) + (tmp_path / "alchemiser.log").read_text()
    assert len(human) == 5
    assert CANARY not in written


def test_security_s1_a_sink_that_fails_shows_nothing_of_the_record(logs, capsys):
    logs()

    def broken(message):
        raise OSError("no space")

    sink = logger.add(broken, catch=True)
    try:
        bound = logger.bind(held={"APCA-API-SECRET-KEY": CANARY})
        bound.opt(exception=ValueError(f"/v2?key={CANARY}")).warning(f"lost /v2?key={CANARY}")
    finally:
        logger.remove(sink)
    told = capsys.readouterr().err
    assert "no space" in told
    assert "canary" not in told


def test_warnings_stay_errors_while_libraries_are_routed(logs):
    logs()
    with pytest.raises(UserWarning):
        warnings.warn("a mistake", UserWarning, stacklevel=1)
    assert sys.exc_info() == (None, None, None)
