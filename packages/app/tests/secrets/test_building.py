"""The secret stores of the configuration, built and given to whatever needs keys."""

from typing import Any

import pytest
from attrs import field, frozen
from returns.result import Failure, Success

from alchemiser_app.composition import Invocation, read_configuration
from alchemiser_app.container import assemble
from alchemiser_app.feed_building import FeedParts, build_feed
from alchemiser_app.secrets.building import build_secrets
from alchemiser_app.secrets.factories import SECRET_STORES
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import (
    BuildError,
    DataFeedFactory,
    EntryPoint,
    NoSettings,
    PluginContext,
    SecretStoreFactory,
    discover,
    hookimpl,
)
from alchemiser_core.ports.secret_store import required
from alchemiser_core.testing.secret_store import InMemorySecrets

CANARY = "PK-canary-90ab"


@frozen
class VaultSettings:
    shelf: str = field(default="top")


class Plugin:
    """The app's stores, one more, one that cannot be built, and a feed that needs a key."""

    @staticmethod
    @hookimpl
    def alchemiser_secret_stores() -> list[SecretStoreFactory[Any]]:
        vault = SecretStoreFactory("vault", "of tests", VaultSettings, _vault)
        return [*SECRET_STORES, vault, SecretStoreFactory("shut", "shut", NoSettings, _shut)]

    @staticmethod
    @hookimpl
    def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
        return [DataFeedFactory("acme", "needs a key", NoSettings, _acme)]


def _vault(settings: VaultSettings, context: PluginContext):
    return Success(InMemorySecrets({"vault-key": CANARY}, name=f"vault ({settings.shelf})"))


def _shut(settings: NoSettings, context: PluginContext):
    raise RuntimeError("nobody has the combination")


def _acme(settings: NoSettings, context: PluginContext):
    key = required(context.secrets, "vault-key")
    return Success(key) if isinstance(key, Success) else Failure(BuildError(key.failure().found))


@pytest.fixture
def registry():
    return discover(lambda group: [EntryPoint("test", "test", "1", "test", Plugin)], "0.1.0")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALCHEMISER_CONFIG", raising=False)
    for name in ("ACME_KEY", "VAULT_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def built(registry, folder, text=""):
    (folder / "alchemiser.toml").write_text(text)
    loaded = read_configuration(Invocation(config=str(folder / "alchemiser.toml"))).unwrap()
    return loaded, build_secrets(loaded, registry, KNOWN_SECRETS.add)


def keep(folder, text, name=".env"):
    path = folder / name
    path.write_text(text)
    path.chmod(0o600)


def test_the_environment_wins_over_the_file_beside_the_configuration(
    registry, workspace, monkeypatch
):
    keep(workspace, "ACME_KEY=PK-of-file\n")
    monkeypatch.chdir("/")
    _, chain = built(registry, workspace)
    assert chain.unwrap().name == "environment, env-file"
    assert chain.unwrap().secret("acme-key") == Success(Secret("PK-of-file"))
    monkeypatch.setenv("ACME_KEY", "PK-of-variable")
    assert chain.unwrap().secret("acme-key") == Success(Secret("PK-of-variable"))


def test_an_empty_variable_is_a_problem_though_the_file_has_the_secret(
    registry, workspace, monkeypatch
):
    keep(workspace, "ACME_KEY=PK-of-file\n")
    monkeypatch.setenv("ACME_KEY", "")
    _, chain = built(registry, workspace)
    assert chain.unwrap().secret("acme-key").failure().problems()[0].code == "secret-empty"


def test_stores_are_asked_in_the_order_of_the_configuration_with_its_settings(registry, workspace):
    keep(workspace, f"VAULT_KEY={CANARY}-of-file\n", "keys.env")
    text = '[[secrets]]\nname = "env-file"\nsettings.file = "keys.env"\n'
    vault = '[[secrets]]\nname = "vault"\nsettings.shelf = "low"\n'
    _, chain = built(registry, workspace, text + vault)
    assert chain.unwrap().name == "env-file, vault (low)"
    assert chain.unwrap().secret("vault-key") == Success(Secret(f"{CANARY}-of-file"))
    _, chain = built(registry, workspace, vault + text)
    assert chain.unwrap().secret("vault-key") == Success(Secret(CANARY))


def test_all_that_is_wrong_with_the_stores_is_told_together(registry, workspace):
    names = ("env-fiel", "shut", "vault")
    text = "".join(f'[[secrets]]\nname = "{name}"\nsettings.shlef = "low"\n' for name in names)
    _, refused = built(registry, workspace, text)
    problems = refused.failure().problems()
    assert [problem.code for problem in problems] == [
        "unknown-secret-store",
        *["unknown-setting"] * 2,
    ]
    assert "did you mean 'env-file'" in problems[0].hint
    assert "did you mean 'shelf'" in problems[2].hint
    assert [
        f"alchemiser.toml:{line}" in p.where for line, p in zip((2, 6, 9), problems, strict=True)
    ]


def test_a_store_that_fails_while_it_is_built_is_told_with_its_place(registry, workspace):
    _, refused = built(registry, workspace, '[[secrets]]\nname = "shut"\n')
    (problem,) = refused.failure().problems()
    assert problem.code == "plugin-failed"
    assert "nobody has the combination" in problem.why


def test_what_is_built_gets_the_secrets_and_the_logs_know_them(registry, workspace):
    text = '[data]\nfeed = "acme"\n[[secrets]]\nname = "vault"\n'
    loaded, chain = built(registry, workspace, text)
    feed = build_feed(FeedParts(Invocation(), loaded, registry, chain.unwrap()))
    assert feed == Success(Success(Secret(CANARY)))
    assert KNOWN_SECRETS.without(f"the key is {CANARY}") == "the key is ***"


def test_without_the_key_the_refusal_names_the_stores_and_the_place(registry, workspace):
    loaded, chain = built(registry, workspace, '[data]\nfeed = "acme"\n')
    (problem,) = (
        build_feed(FeedParts(Invocation(), loaded, registry, chain.unwrap())).failure().problems()
    )
    assert problem.code == "secret-missing"
    assert problem.where == "secrets: environment, env-file"
    assert "the variable VAULT_KEY" in problem.hint
    assert str(workspace / ".env") in problem.hint


def test_a_configuration_with_unknown_stores_builds_nothing(workspace):
    (workspace / "alchemiser.toml").write_text('[[secrets]]\nname = "vautl"\n')
    application = assemble(Invocation(data="sample", target="klm"))
    parts = (application.feed, application.strategies, application.calendar, application.notifiers)
    for answer in [part() for part in parts]:
        assert answer.failure().problems()[0].code == "unknown-secret-store"


def test_the_stores_of_the_app_come_in_by_the_plugins_door(workspace):
    assert assemble(Invocation()).secrets().unwrap().name == "environment, env-file"
