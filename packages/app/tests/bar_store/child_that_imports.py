"""Imports a folder again and again, and is killed on the way each time.

python child_that_imports.py FOLDER STORE KILLS
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from alchemiser_app.bar_store.importing.one_file import FileImport
from alchemiser_app.bar_store.importing.run import import_folder
from alchemiser_app.bar_store.store import create_store
from alchemiser_app.feeds.folder import locate_all


def main() -> None:
    folder, store, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    located = locate_all(folder).unwrap()
    moments = random.Random(5)
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    for _ in range(kills):
        child = os.fork()
        if child == 0:
            how = FileImport(create_store(store).unwrap(), None, replace=False)
            import_folder(how, located, lambda done, total: None, processes=1)
            os._exit(0)
        time.sleep(moments.uniform(0.0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
