"""Opening a journal, wherever it is.

    journal = open_journal("alchemiser-journal.db", create=True)

Imports the database library when it is called and not before.
"""

from returns.result import Failure, Result

from alchemiser_app.journal.location import FileLocation, parse_location
from alchemiser_app.journal.refusals import JournalRefusal
from alchemiser_app.journal.sql_journal import SqlJournal


def open_journal(
    location: str, *, create: bool = False, read_only: bool = False
) -> Result[SqlJournal, JournalRefusal]:
    """Open the journal at a path or PostgreSQL URL.

    To write, it is locked for this process; to read, another may be writing to it. A journal that
    is not there is made with `create` alone. The whole chain has been checked when this returns.
    """
    if create and read_only:
        raise ValueError("a journal that is only read cannot be made")
    found = parse_location(location)
    if isinstance(found, Failure):
        return found
    place = found.unwrap()
    if isinstance(place, FileLocation):
        from alchemiser_app.journal.file_opening import read_file, write_file

        return read_file(place) if read_only else write_file(place, create=create)
    from alchemiser_app.journal.server_opening import read_server, write_server

    return read_server(place) if read_only else write_server(place, create=create)
