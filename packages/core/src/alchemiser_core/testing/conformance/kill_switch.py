"""What every kill switch promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from typing import Generic, TypeVar

import pytest

from alchemiser_core.ports.kill_switch import KillSwitch

Switch = TypeVar("Switch", bound=KillSwitch)


class KillSwitchConformance(Generic[Switch]):
    """Give the fixture `switch`, not thrown, and say how it is thrown and released."""

    @pytest.fixture
    def switch(self) -> Switch:
        """The switch under test."""
        raise NotImplementedError("give a fixture named switch")

    def throw(self, switch: Switch, why: str) -> None:
        """Throw it."""
        raise NotImplementedError("say how it is thrown")

    def release(self, switch: Switch) -> None:
        """Undo that."""
        raise NotImplementedError("say how it is released")

    def test_at_first_all_is_well(self, switch: Switch) -> None:
        assert switch.thrown() is None
        assert switch.thrown() is None

    def test_once_thrown_it_says_why_until_it_is_released(self, switch: Switch) -> None:
        self.throw(switch, "the account looks wrong")
        for _ in range(3):
            assert switch.thrown() == "the account looks wrong"
        self.release(switch)
        assert switch.thrown() is None

    def test_it_can_be_thrown_again(self, switch: Switch) -> None:
        for why in ("first", "second"):
            self.throw(switch, why)
            assert switch.thrown() == why
        self.release(switch)
        self.release(switch)
        assert switch.thrown() is None

    def test_it_is_thrown_even_where_nobody_says_why(self, switch: Switch) -> None:
        self.throw(switch, "")
        assert switch.thrown() is not None
