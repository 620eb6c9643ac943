"""The journal of a rehearsal keeps the promises of every journal, as long as it lives."""

from collections.abc import Callable

import pytest

from alchemiser_core.services.rehearsal import UnkeptJournal
from alchemiser_core.testing.conformance.order_journal import OrderJournalConformance


class TestUnkeptJournal(OrderJournalConformance):
    can_fail = False

    @pytest.fixture
    def journal(self) -> UnkeptJournal:
        return UnkeptJournal()

    @pytest.fixture
    def reopened(self) -> Callable[[UnkeptJournal], UnkeptJournal]:
        return lambda journal: journal

    @pytest.fixture
    def failing(self) -> Callable[[UnkeptJournal], None]:
        return lambda journal: pytest.skip("it never fails")
