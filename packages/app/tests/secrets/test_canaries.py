"""Keys are planted, a plugin does with them what no plugin should, and every byte is looked at."""

import json
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from typer.testing import CliRunner

from alchemiser_app.cli.main import app

KEY = "PKCANARY6d1a/+="
SEED = "sk-canary-6d1b/+ =ö"
ASTRAY = "tok-canary-6d1c-0123456789"
"""Stands in the configuration, where no key belongs."""
PLANTED = (KEY, SEED, ASTRAY)

LEAKY = """
import logging
from typing import Any

from attrs import field, frozen
from loguru import logger
from returns.result import Failure, Success

from alchemiser_app.paper.factory import build_paper
from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.config import doc
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BrokerFactory, BuildError, hookimpl
from alchemiser_core.ports.secret_store import required


@frozen(kw_only=True)
class Settings:
    how: str = field(default="trade", metadata=doc("What it does with its keys."))


def build(settings, context):
    found = [required(context.secrets, name) for name in ("acme-key", "acme-secret")]
    wrong = [each.failure() for each in found if isinstance(each, Failure)]
    if wrong:
        return Failure(BuildError(wrong[0].problems()))
    key, secret = (each.unwrap().reveal() for each in found)
    headers = {"ACME-KEY-ID": key, "ACME-SECRET-KEY": secret}
    logging.getLogger("urllib3").warning("retrying https://acme.example/v2?key=%s", key)
    logging.getLogger("requests").error("sent %s", headers)
    logger.bind(headers=headers, key=key).warning("sent {} {key}", headers, key=key)
    try:
        raise ConnectionError(f"no route with {headers}")
    except ConnectionError as error:
        logger.exception("failed {}", error)
        if settings.how == "refuse":
            problem = Problem("unauthorised", f"{key} is not accepted", key, secret, str(error))
            return Failure(BuildError((problem,)))
        if settings.how == "raise":
            raise
    return build_paper(PaperSettings(), context)


@hookimpl
def alchemiser_brokers() -> list[BrokerFactory[Any]]:
    return [BrokerFactory("acme", "of tests", Settings, build)]
"""

CONFIGURATION = """
[data]
feed = "sample"
[broker]
name = "acme"
[logs]
level = "debug"
file = "alchemiser.log"
file_level = "debug"
[[notify]]
name = "log"
[[notify]]
name = "file"
settings.path = "alerts.jsonl"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a configuration, a leaky plugin, and keys in the environment and in `.env`."""
    info = tmp_path / "site" / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[alchemiser]\nacme = leaky_plugin\n")
    (tmp_path / "site" / "leaky_plugin.py").write_text(LEAKY)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "leaky_plugin", raising=False)
    monkeypatch.delenv("ALCHEMISER_CONFIG", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("ACME_KEY", KEY)
    (work / ".env").write_text(f"ACME_SECRET='{SEED}'\n", encoding="utf-8")
    (work / ".env").chmod(0o600)
    configure()
    return work


def configure(more: str = "") -> None:
    Path("alchemiser.toml").write_text(CONFIGURATION + more)


def forms(canary: str) -> set[bytes]:
    """How a key may stand in a byte stream; within base64, the middle that is always the same."""
    content = canary.encode()
    written = {content, json.dumps(canary)[1:-1].encode(), content.hex().encode()}
    written |= {
        quote(canary).encode(),
        quote(canary, safe="").encode(),
        quote_plus(canary).encode(),
    }
    for encode in (b64encode, urlsafe_b64encode):
        written |= {encode(bytes(n) + content)[4:-4] for n in range(3)}
    return written


def leaks(*streams: bytes) -> list[bytes]:
    """The forms of the planted keys that are in what was written."""
    everything = b"\n".join(streams)
    return [form for canary in PLANTED for form in forms(canary) if form in everything]


def run(*words: str, code: int) -> bytes:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.stdout_bytes + done.stderr_bytes


def files(folder: Path) -> list[bytes]:
    """All that was written into a folder, but for the two files that keys were planted in."""
    planted = {folder / ".env", folder / "alchemiser.toml"}
    return [
        path.read_bytes() for path in folder.rglob("*") if path.is_file() and path not in planted
    ]


TRADE = ("trade", "klm", "--session", "2024-03-05")


def test_security_s1_the_scan_finds_what_is_there():
    for canary in PLANTED:
        for shown in (
            canary,
            b64encode(f"user:{canary}!".encode()).decode(),
            quote(canary, safe=""),
        ):
            assert leaks(b"before ", shown.encode(), b" after")
    assert leaks(b"PK and sk alone are no keys") == []


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["words", "json"])
def test_security_s1_no_key_is_in_anything_that_a_session_writes(folder, as_json):
    written = [run(*TRADE, *as_json, code=0)]
    for command in ("status", "history", "config show", "config check", "journal show", "plugins"):
        written.append(run(*command.split(), *as_json, code=0))
    written.append(run("doctor", *as_json, code=0))
    written.append(run("reconcile", "klm", "--session", "2024-03-06", *as_json, code=0))
    assert b"order" in b"".join(written)
    names = {path.name for path in folder.iterdir()}
    assert {"alchemiser.log", "alchemiser-journal.db", "paper.db"} <= names
    assert b"urllib3" in (folder / "alchemiser.log").read_bytes()
    assert leaks(*written, *files(folder)) == []


@pytest.mark.parametrize(("how", "code"), [("refuse", 4), ("raise", 4)])
def test_security_s1_no_key_is_in_what_is_said_of_a_plugin_that_fails(folder, how, code):
    configure(f'[broker.settings]\nhow = "{how}"\n')
    written = [run(*TRADE, code=code), run(*TRADE, "--json", code=code)]
    assert b"***" in b"".join(written)
    assert leaks(*written, *files(folder)) == []


@pytest.mark.parametrize(
    "text",
    [
        'api_key = "{}"',
        '[broker]\nname = "acme"\nsettings.secret = "{}"',
        '[data]\nfeed = "sample"\nsettings.token = "{}"',
        '[strategies.klm.parameters]\npassword = "{}"',
        '[[secrets]]\nname = "environment"\nsettings.acme-key = "{}"',
        '[[secrets]]\nname = "env-file"\nkey = "{}"',
        '[logs]\nsecret = "{}"',
        '[journal]\nlocation = "postgresql://me:{}@host/db"',
    ],
)
def test_security_s1_a_key_that_went_astray_in_the_configuration_is_not_repeated(folder, text):
    Path("alchemiser.toml").write_text(text.format(ASTRAY))
    checked = CliRunner().invoke(app, ["config", "check"])
    assert checked.exit_code == 2, "taken for a setting"
    written = [checked.stdout_bytes + checked.stderr_bytes]
    for words in (TRADE, ("config", "show"), ("doctor",), ("decide", "klm"), ("config", "check")):
        done = CliRunner().invoke(app, [*words, "--json"])
        written.append(done.stdout_bytes + done.stderr_bytes)
    assert leaks(*written, *files(folder)) == []


def test_security_s1_a_variable_that_is_taken_for_a_setting_is_not_repeated(folder, monkeypatch):
    monkeypatch.setenv("ALCHEMISER_API_KEY", ASTRAY)
    monkeypatch.setenv("ALCHEMISER_BROKER__SETTINGS__SECRET", ASTRAY)
    for words in (TRADE, ("config", "show"), ("doctor",)):
        done = CliRunner().invoke(app, [*words])
        assert done.exit_code == 2
        assert leaks(done.stdout_bytes, done.stderr_bytes) == []


def test_security_s2_no_option_takes_a_key():
    page = (Path(__file__).parents[4] / "docs/reference/command-line.md").read_text()
    options = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `--")]
    assert len(options) > 20
    assert not [o for o in options if any(w in o for w in ("key", "secret", "token", "passw"))]


def test_security_s2_a_file_of_keys_that_others_can_read_is_refused_and_nothing_is_sent(folder):
    (folder / ".env").chmod(0o644)
    said = run(*TRADE, code=4)
    assert b"chmod 600" in said
    assert leaks(said, *files(folder)) == []


def test_a_missing_key_is_refused_with_the_stores_and_the_places(folder, monkeypatch):
    monkeypatch.delenv("ACME_KEY")
    said = run(*TRADE, code=4).decode()
    assert "there is no secret acme-key" in said
    assert "environment, env-file" in said
    assert "the variable ACME_KEY" in said


CRASH = """
import sys, threading
from alchemiser_app.cli.last_words import hide_secrets_in_tracebacks
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_core.domain.secret import Secret
hide_secrets_in_tracebacks()
key = sys.stdin.read()
KNOWN_SECRETS.add(Secret(key))
def fail(text):
    raise RuntimeError("failed with " + text)
thread = threading.Thread(target=fail, args=(key,))
thread.start()
thread.join()
fail(key)
"""


def test_security_s1_a_traceback_that_ends_the_program_has_no_key_in_it():
    done = subprocess.run(
        [sys.executable, "-c", CRASH], input=KEY.encode(), capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count(b"failed with ***") == 2
    assert leaks(done.stderr) == []
