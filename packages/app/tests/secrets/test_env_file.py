"""Secrets from a file, which is read only where it is its owner's alone."""

import os
import stat
from pathlib import Path

import pytest
from returns.result import Failure, Success

from alchemiser_app.secrets import trusted_file
from alchemiser_app.secrets.env_file import EnvFileSecrets
from alchemiser_core.domain.secret import Secret
from alchemiser_core.testing.conformance import SecretStoreConformance

CANARY = "PK-canary-31d0"


class TestEnvFileSecrets(SecretStoreConformance):
    @pytest.fixture
    def store(self, keep):
        return keep(f"CONFORMANCE_KEY={self.planted}\nOTHER={self.planted}\n")

    @pytest.fixture
    def broken(self, keep):
        return keep(f"CONFORMANCE_KEY={self.planted}\n", mode=0o640)


@pytest.fixture
def keep(tmp_path):
    """A store over `.env` with a text."""

    def kept(text: str | bytes, mode: int = 0o600) -> EnvFileSecrets:
        path = tmp_path / ".env"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return EnvFileSecrets(path)

    return kept


def refusal_of(store: EnvFileSecrets, name: str = "acme-key"):
    """The one problem of a store; no part of the canary is in it."""
    refused = store.secret(name)
    assert isinstance(refused, Failure), "read all the same"
    (problem,) = refused.failure().problems()
    assert CANARY not in f"{problem!r}"
    return problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ACME_KEY=PK1", "PK1"),
        ("export ACME_KEY = PK1   # from the vendor", "PK1"),
        ("# keys\n\nACME_KEY='P K1'\n", "P K1"),
        ('ACME_KEY="P#K1"\r\n', "P#K1"),
        ("\ufeffACME_KEY=PK1", "PK1"),
        ("ACME_KEY=${HOME}$HOME$(id)`id`", "${HOME}$HOME$(id)`id`"),
        ("ACME_KEY='${ACME_KEY_2}'\nACME_KEY_2=PK2", "${ACME_KEY_2}"),
    ],
)
def test_a_line_is_read_as_it_is_written(keep, text, value):
    assert keep(text).secret("acme-key") == Success(Secret(value))


def test_without_the_file_there_is_no_secret(tmp_path):
    assert EnvFileSecrets(tmp_path / ".env").secret("acme-key") == Success(None)
    assert EnvFileSecrets(tmp_path / "no" / "folder" / ".env").secret("acme-key") == Success(None)


def test_the_file_is_read_anew_each_time(keep):
    store = keep("ACME_KEY=PK1")
    assert store.secret("acme-key") == Success(Secret("PK1"))
    keep("ACME_KEY=PK2")
    assert store.secret("acme-key") == Success(Secret("PK2"))


@pytest.mark.parametrize("text", ["ACME_KEY=", "ACME_KEY", "ACME_KEY=''", 'ACME_KEY="  "'])
def test_a_name_without_a_value_is_a_problem(keep, text):
    assert refusal_of(keep(text)).code == "secret-empty"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (f"A=1\nACME_KEY='{CANARY}", "env-file-malformed", ":2"),
        (f"A=1\n= {CANARY}\nACME_KEY=x", "env-file-malformed", ":2"),
        (f"ACME_KEY={CANARY}\nACME_KEY={CANARY}", "secret-malformed", ": ACME_KEY"),
        (f"ACME_KEY=' {CANARY}'", "secret-malformed", ": ACME_KEY"),
        (f'ACME_KEY="{CANARY}\\n"', "secret-malformed", ": ACME_KEY"),
        (f"ACME_KEY={CANARY}\xff".encode("latin-1"), "env-file-unreadable", ".env"),
        (f"ACME_KEY={CANARY}\n#" + "x" * 65536, "env-file-unreadable", ".env"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_without_repeating_any_of_it(keep, text, code, place):
    problem = refusal_of(keep(text))
    assert problem.code == code
    assert problem.where.endswith(place)
    assert problem.hint


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o644, 0o610, 0o677, 0o601])
def test_security_s2_a_file_that_others_can_get_at_is_refused(keep, mode):
    store = keep(f"ACME_KEY={CANARY}", mode)
    problem = refusal_of(store)
    assert problem.code == "env-file-too-open"
    assert problem.hint == f"chmod 600 {store.path}"
    assert f"{mode:04o}" in problem.what


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_that_is_its_owners_alone_is_read(keep, mode):
    assert keep("ACME_KEY=PK1", mode).secret("acme-key") == Success(Secret("PK1"))


def test_security_s2_the_mode_of_a_link_is_not_taken_for_that_of_the_file(keep, tmp_path):
    target = keep(f"ACME_KEY={CANARY}", 0o644).path
    link = tmp_path / "link"
    link.symlink_to(target)
    assert refusal_of(EnvFileSecrets(link)).code == "env-file-too-open"
    target.chmod(0o600)
    assert EnvFileSecrets(link).secret("acme-key") == Success(Secret(CANARY))


def test_security_s2_a_link_that_somebody_else_made_is_refused(keep, tmp_path, monkeypatch):
    link = tmp_path / "link"
    link.symlink_to(keep(f"ACME_KEY={CANARY}").path)
    owned_by(monkeypatch, link, os.geteuid() + 1)
    problem = refusal_of(EnvFileSecrets(link))
    assert (problem.code, "link" in problem.what) == ("env-file-foreign", True)


def test_security_s2_a_file_of_somebody_else_is_refused(keep, monkeypatch):
    store = keep(f"ACME_KEY={CANARY}")
    owned_by(monkeypatch, store.path, os.geteuid() + 1)
    assert refusal_of(store).code == "env-file-foreign"


def owned_by(monkeypatch, path: Path, owner: int) -> None:
    """Let a file appear to belong to somebody else, which only root could bring about."""
    inode = os.lstat(path).st_ino

    def appearing(found: os.stat_result) -> os.stat_result:
        if found.st_ino != inode:
            return found
        return os.stat_result((*found[:4], owner, *found[5:10]))

    real = {"lstat": os.lstat, "fstat": os.fstat}
    for name, look in real.items():
        monkeypatch.setattr(trusted_file.os, name, lambda asked, look=look: appearing(look(asked)))


def test_what_is_no_file_is_refused_and_nobody_waits_for_it(tmp_path):
    folder, pipe, device = tmp_path / "folder", tmp_path / "pipe", Path("/dev/null")
    folder.mkdir()
    os.mkfifo(pipe, 0o600)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    for path in (folder, pipe, device):
        assert refusal_of(EnvFileSecrets(path)).code == "env-file-unreadable"


def test_a_link_to_nothing_is_a_problem_and_no_missing_file(tmp_path):
    link = tmp_path / ".env"
    link.symlink_to(tmp_path / "gone")
    assert refusal_of(EnvFileSecrets(link)).code == "env-file-unreadable"


def test_a_file_behind_something_that_is_no_folder_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("")
    assert refusal_of(EnvFileSecrets(tmp_path / "file" / ".env")).code == "env-file-unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_opened_is_a_problem(keep):
    assert refusal_of(keep(f"ACME_KEY={CANARY}", 0o200)).code == "env-file-unreadable"


def test_the_place_names_the_file_and_the_name_in_it(keep):
    store = keep("")
    assert str(store.path) in store.place("acme-key")
    assert "ACME_KEY" in store.place("acme-key")
