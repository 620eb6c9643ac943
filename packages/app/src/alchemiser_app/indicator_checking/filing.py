"""Where reports of checks are filed: one file a session, in a folder beside the journal."""

import json
from pathlib import Path

from returns.result import Failure, Result

from alchemiser_app.composition import Invocation
from alchemiser_app.journal.location import FileLocation, parse_location
from alchemiser_app.reports.indicator_check import report_json
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.trading.connections import journal_location
from alchemiser_app.writing import NotWritten, make_folder, write_text
from alchemiser_core.services.indicator_check import IndicatorReport

_CHECKS = ".checks"


def checks_folder(invocation: Invocation, loaded: LoadedConfiguration) -> Path:
    """`alchemiser-journal.db.checks` beside the journal; for one on a server in the folder of the
    configuration.
    """
    location = parse_location(journal_location(invocation, loaded))
    place = None if isinstance(location, Failure) else location.unwrap()
    if isinstance(place, FileLocation):
        return place.beside(_CHECKS)
    return Path(loaded.folder) / f"alchemiser{_CHECKS}"


def file_report(folder: Path, report: IndicatorReport) -> Result[Path, NotWritten]:
    """Write `2025-12-31.json`; a later check of the same session takes its place. What a vendor
    says may have a key in it, and is written without.
    """
    text = KNOWN_SECRETS.without(json.dumps(report_json(report), indent=2, allow_nan=False)) + "\n"
    made = make_folder(folder)
    return made.bind(lambda there: write_text(there / f"{report.as_of}.json", text))
