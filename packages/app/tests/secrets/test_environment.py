"""Secrets from environment variables."""

import pytest
from returns.result import Failure, Success

from alchemiser_app.secrets.environment import EnvironmentSecrets
from alchemiser_core.domain.secret import Secret
from alchemiser_core.testing.conformance import SecretStoreConformance


class TestEnvironmentSecrets(SecretStoreConformance):
    @pytest.fixture
    def store(self):
        return EnvironmentSecrets({"CONFORMANCE_KEY": self.planted, "OTHER": self.planted})

    @pytest.fixture
    def broken(self):
        pasted_wrong = f" {self.planted}\n"
        return EnvironmentSecrets(
            {"CONFORMANCE_KEY": pasted_wrong, "CONFORMANCE_ABSENT": pasted_wrong}
        )


def test_the_name_of_the_variable_is_that_of_the_secret_in_capitals():
    store = EnvironmentSecrets({"ALPACA_KEY_ID": "PK1"})
    assert store.secret("alpaca-key-id") == Success(Secret("PK1"))
    assert store.place("alpaca-key-id") == "the variable ALPACA_KEY_ID"


@pytest.mark.parametrize("name", ["", "ALPACA_KEY_ID", "alpaca_key", "-key", "key-", "a--b", "ä"])
def test_a_name_that_is_no_name_is_a_mistake_of_the_program(name):
    with pytest.raises(ValueError, match="no name of a secret"):
        EnvironmentSecrets({}).secret(name)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "secret-empty"),
        (" \t", "secret-empty"),
        ("canary ", "secret-malformed"),
        ("\ncanary", "secret-malformed"),
        ("can\x1b[31mary", "secret-malformed"),
        ("can\nary", "secret-malformed"),
        ("canary\udcff", "secret-malformed"),
        ("canary" * 1000, "secret-malformed"),
    ],
)
def test_a_variable_without_a_fit_value_is_a_problem_and_its_value_is_not_repeated(text, code):
    refused = EnvironmentSecrets({"ACME_KEY": text}).secret("acme-key")
    assert isinstance(refused, Failure)
    (problem,) = refused.failure().problems()
    assert (problem.code, problem.where) == (code, "secrets: the variable ACME_KEY")
    assert problem.hint
    assert "can" not in str(problem).replace("characters", "")


def test_the_environment_is_not_shown_with_the_store():
    assert repr(EnvironmentSecrets({"A": "canary"})) == "EnvironmentSecrets(name='environment')"
