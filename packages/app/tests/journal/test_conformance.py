import pytest

from alchemiser_core.testing.conformance import OrderJournalConformance


class Reopening:
    @pytest.fixture
    def reopened(self, location, opened):
        def again(journal):
            journal.close()
            return opened(location)

        return again

    @pytest.fixture
    def journal(self, location, opened):
        return opened(location, create=True)


class TestFileJournal(Reopening, OrderJournalConformance):
    @pytest.fixture
    def location(self, path):
        return path

    @pytest.fixture
    def failing(self):
        def forbid_writing(journal):
            with journal._connection.begin():
                journal._connection.exec_driver_sql("PRAGMA query_only = ON")

        return forbid_writing


class TestServerJournal(Reopening, OrderJournalConformance):
    @pytest.fixture
    def location(self, schema):
        return schema

    @pytest.fixture
    def failing(self, server):
        def cut_the_connection(journal):
            server.ask(f"SELECT pg_terminate_backend({journal._seat.session})")

        return cut_the_connection
