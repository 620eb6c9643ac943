"""What every secret store promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from typing import ClassVar

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.secret import Secret
from alchemiser_core.ports.secret_store import SecretStore, SecretsUnreadable, required


class SecretStoreConformance:
    """Give the fixture `store`, in which the secret `present` has the text `planted`, and `broken`
    where one can be made that cannot be read or must not be trusted.
    """

    can_fail: ClassVar[bool] = True
    """There is a fixture `broken`; it, too, has `planted` wherever that can be."""
    present: ClassVar[str] = "conformance-key"
    planted: ClassVar[str] = "PK-canary-5d0f/+=a9"
    absent: ClassVar[str] = "conformance-absent"

    @pytest.fixture
    def store(self) -> SecretStore:
        """The store under test."""
        raise NotImplementedError("give a fixture named store")

    @pytest.fixture
    def broken(self) -> SecretStore:
        """The same, but it cannot be read."""
        raise NotImplementedError("give a fixture named broken, or set can_fail to False")

    def test_it_has_a_name(self, store: SecretStore) -> None:
        assert store.name.strip()

    def test_a_secret_is_handed_out_as_it_was_planted(self, store: SecretStore) -> None:
        assert store.secret(self.present) == Success(Secret(self.planted))
        assert store.secret(self.present).unwrap() is not None, "handed out once only"

    def test_what_is_not_there_is_none_and_no_failure(self, store: SecretStore) -> None:
        assert store.secret(self.absent) == Success(None)

    def test_a_secret_that_is_needed_and_missing_is_a_problem_that_says_where_to_put_it(
        self, store: SecretStore
    ) -> None:
        missing = required(store, self.absent)
        assert isinstance(missing, Failure)
        (problem,) = missing.failure().problems()
        assert problem.code == "secret-missing"
        assert self.absent in problem.what
        assert store.name in problem.where
        assert store.place(self.absent) in problem.hint

    def test_it_says_where_a_secret_belongs_and_never_what_it_is(self, store: SecretStore) -> None:
        assert isinstance(store.secret(self.present), Success)
        assert store.place(self.present).strip()
        shown = (repr(store), str(store), store.name, store.place(self.present))
        assert not [text for text in shown if self.planted in text]

    def test_a_store_that_cannot_be_read_is_a_value_without_a_secret(
        self, request: pytest.FixtureRequest
    ) -> None:
        if not self.can_fail:
            pytest.skip("it cannot fail")
        broken: SecretStore = request.getfixturevalue("broken")
        for name in (self.present, self.absent):
            result = broken.secret(name)
            assert isinstance(result, Failure), "read all the same"
            failure = result.failure()
            assert isinstance(failure, SecretsUnreadable)
            problems = failure.problems()
            assert problems
            assert not [p for p in problems if self.planted in f"{p} {p!r}"]
