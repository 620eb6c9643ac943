"""Several stores as one."""

import pytest
from returns.result import Failure, Success

from alchemiser_app.secrets.chain import SecretChain, SecretSource, secret_sources
from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import required
from alchemiser_core.testing.conformance import SecretStoreConformance
from alchemiser_core.testing.secret_store import InMemorySecrets

FIRST = InMemorySecrets({"acme-key": "PK1", "acme-secret": "SK1"}, name="first")
SECOND = InMemorySecrets({"acme-key": "PK2", "other-key": "PK3"}, name="second")
BROKEN = InMemorySecrets({"acme-key": "PK4"}, name="broken", trouble="the vault is shut")


class TestSecretChain(SecretStoreConformance):
    @pytest.fixture
    def store(self):
        return SecretChain((FIRST, InMemorySecrets({self.present: self.planted}), SECOND))

    @pytest.fixture
    def broken(self):
        trouble = InMemorySecrets({self.present: self.planted}, trouble="the vault is shut")
        return SecretChain((FIRST, trouble, InMemorySecrets({self.present: self.planted})))


def test_the_first_store_that_has_a_secret_wins():
    chain = SecretChain((FIRST, SECOND))
    assert chain.secret("acme-key") == Success(Secret("PK1"))
    assert chain.secret("other-key") == Success(Secret("PK3"))
    assert chain.secret("no-key") == Success(None)


def test_a_store_that_fails_is_not_passed_over():
    assert isinstance(SecretChain((BROKEN, FIRST)).secret("acme-key"), Failure)
    assert SecretChain((FIRST, BROKEN)).secret("acme-key") == Success(Secret("PK1"))


def test_a_missing_secret_may_be_put_into_any_of_them():
    missing = required(SecretChain((FIRST, SECOND)), "no-key").failure().problems()[0]
    assert missing.where == "secrets: first, second"
    assert missing.hint.count("(as no-key)") == 2


def test_without_stores_nothing_is_there_and_the_setting_is_named():
    missing = required(SecretChain(()), "no-key").failure().problems()[0]
    assert "[[secrets]]" in missing.hint


def test_every_secret_is_told_of_before_it_is_handed_out():
    told: list[Secret] = []
    chain = SecretChain((FIRST, SECOND), told.append)
    for name in ("acme-key", "no-key", "other-key"):
        assert isinstance(chain.secret(name), Success)
    assert told == [Secret("PK1"), Secret("PK3")]


def test_what_was_asked_for_and_where_it_came_from_is_known():
    chain = SecretChain((FIRST, SECOND))
    for name in ("other-key", "acme-key", "no-key"):
        assert isinstance(chain.secret(name), Success)
    assert chain.asked() == (
        SecretSource("acme-key", "first"),
        SecretSource("no-key", "missing"),
        SecretSource("other-key", "second"),
    )


def test_where_secrets_come_from_is_listed_with_those_that_nobody_asked_for_yet():
    chain = SecretChain((FIRST, SECOND))
    assert isinstance(chain.secret("other-key"), Success)
    found = secret_sources(chain, ["acme-key", "no-key"])
    assert [(row.secret, row.store) for row in found] == [
        ("acme-key", "first"),
        ("no-key", "missing"),
        ("other-key", "second"),
    ]
    assert [row.secret for row in chain.asked()] == ["other-key"]


def test_the_list_says_why_a_store_could_not_be_asked():
    (row,) = secret_sources(SecretChain((BROKEN, FIRST)), ["acme-key"])
    assert row.store == "missing"
    assert [problem.what for problem in row.problems] == ["the vault is shut"]


def test_security_s2_the_list_has_nothing_of_a_secret_in_it():
    store = InMemorySecrets({"acme-key": "PK-canary-1"})
    assert "canary" not in repr(secret_sources(SecretChain((store,)), ["acme-key"]))
