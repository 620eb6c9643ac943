"""A secret masks itself in what the libraries of the command line show of a failure."""

import io

import attrs
import pytest
import rich.pretty
from loguru import logger
from rich.console import Console
from rich.traceback import Traceback

from alchemiser_app.composition import Invocation
from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import PluginContext
from alchemiser_core.testing.secret_store import InMemorySecrets

CANARY = "-".join(("PK", "canary", "44aa"))  # in parts, as tracebacks show the source too


@attrs.frozen
class Keys:
    key: Secret


def fail_with(keys: Keys, listed: list[Secret], plain: str) -> None:
    key = keys.key
    raise ZeroDivisionError(f"cannot go on with {keys} {key} {len(plain)}")


def rich_traceback(plain: str) -> str:
    written = io.StringIO()
    key = Secret(CANARY)
    try:
        fail_with(Keys(key), [key], plain)
    except ZeroDivisionError:
        Console(file=written, width=200).print(Traceback(show_locals=True))
    return written.getvalue()


def test_security_s2_a_traceback_of_rich_with_locals_does_not_show_it():
    assert "Secret(***)" in rich_traceback("")
    assert CANARY not in rich_traceback("")
    assert CANARY in rich_traceback(CANARY), "the scan would find it"


def test_security_s2_a_traceback_of_loguru_with_values_does_not_show_it():
    written: list[str] = []
    sink = logger.add(written.append, diagnose=True, backtrace=True, format="{message}")
    try:
        key = Secret(CANARY)
        try:
            fail_with(Keys(key), [key], "")
        except ZeroDivisionError:
            logger.exception("failed with {} {!r} {keys}", key, key, keys=Keys(key))
    finally:
        logger.remove(sink)
    assert "Secret(***)" in "".join(written)
    assert CANARY not in "".join(written)


@pytest.mark.parametrize(
    "value",
    [
        Keys(Secret(CANARY)),
        [Secret(CANARY)],
        InMemorySecrets({"key": CANARY}),
        PluginContext(secrets=InMemorySecrets({"key": CANARY})),
        Invocation(environment={"ACME_KEY": CANARY}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_security_s2_what_holds_secrets_does_not_show_them(value):
    shown = f"{value!r} {value} {rich.pretty.pretty_repr(value, expand_all=True)}"
    assert CANARY not in shown
