"""What every notifier promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from typing import ClassVar

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.ports.notifier import NotDelivered, Notifier

_HOSTILE = "\x1b[31mred\x07\r\n\x00 {braces} <tags> %s 'quotes' \"double\" \u202e \ud83d tail"


class NotifierConformance:
    """Give the fixture `notifier`, and `broken` where one can be made that does not get through."""

    can_fail: ClassVar[bool] = True
    """There is a fixture `broken`."""

    @pytest.fixture
    def notifier(self) -> Notifier:
        """The notifier under test."""
        raise NotImplementedError("give a fixture named notifier")

    @pytest.fixture
    def broken(self) -> Notifier:
        """The same, but nothing gets through."""
        raise NotImplementedError("give a fixture named broken, or set can_fail to False")

    def test_it_has_a_name(self, notifier: Notifier) -> None:
        assert notifier.name.strip()

    @pytest.mark.parametrize("severity", list(Severity))
    def test_alerts_of_every_severity_are_told(
        self, notifier: Notifier, severity: Severity
    ) -> None:
        told = notifier.notify(Alert("order-refused", severity, "SPY was refused", "SPY"))
        assert told == Success(None)

    def test_whatever_a_broker_wrote_can_be_told(self, notifier: Notifier) -> None:
        alert = Alert("order-refused", Severity.WARNING, _HOSTILE + "x" * 100_000, _HOSTILE)
        assert notifier.notify(alert) == Success(None)

    def test_the_same_can_be_told_again(self, notifier: Notifier) -> None:
        alert = Alert("halted", Severity.CRITICAL, "nothing is sent")
        assert [notifier.notify(alert) for _ in range(3)] == [Success(None)] * 3

    def test_what_does_not_get_through_is_a_value(self, request: pytest.FixtureRequest) -> None:
        if not self.can_fail:
            pytest.skip("it cannot fail")
        broken: Notifier = request.getfixturevalue("broken")
        alert = Alert("halted", Severity.CRITICAL, "nothing is sent")
        result = broken.notify(alert)
        assert isinstance(result, Failure), "delivered all the same"
        failure = result.failure()
        assert isinstance(failure, NotDelivered)
        assert failure.alert == alert
        assert failure.problems()
