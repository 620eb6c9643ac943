"""The store in memory keeps the promises of the port; a missing secret says where it goes."""

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import NoSecrets, required
from alchemiser_core.testing.conformance import SecretStoreConformance
from alchemiser_core.testing.secret_store import InMemorySecrets


class TestInMemorySecrets(SecretStoreConformance):
    @pytest.fixture
    def store(self):
        return InMemorySecrets({self.present: self.planted})

    @pytest.fixture
    def broken(self):
        return InMemorySecrets({self.present: self.planted}, trouble="the vault is shut")


def test_a_secret_that_is_there_is_what_is_required():
    store = InMemorySecrets({"acme-key": "PK1"})
    assert required(store, "acme-key") == Success(Secret("PK1"))


def test_a_store_that_fails_is_not_taken_for_one_without_the_secret():
    refused = required(InMemorySecrets({}, trouble="the vault is shut"), "acme-key")
    assert [p.what for p in refused.failure().problems()] == ["the vault is shut"]


def test_without_stores_every_secret_is_missing():
    assert NoSecrets().secret("acme-key") == Success(None)
    missing = required(NoSecrets(), "acme-key")
    assert isinstance(missing, Failure)
    assert missing.failure().problems()[0].hint == "put it into a secret store"
