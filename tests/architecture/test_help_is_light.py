"""`alchemiser --help` answers before anything heavy is imported."""

import subprocess
import sys

HEAVY = {"alpaca", "asyncio", "cattrs", "numpy", "pandas", "pyarrow", "pydantic", "rich", "scipy"}
HELP = """
import sys
from alchemiser_app.cli.main import main
sys.argv = ["alchemiser", "--help"]
try:
    main()
finally:
    print("\\nLOADED", *sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_help_imports_nothing_heavy():
    command = [sys.executable, "-c", HELP]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown, _, loaded = done.stdout.rpartition("\nLOADED")
    assert "backtest" in shown
    assert set(loaded.split()) & HEAVY == set()
