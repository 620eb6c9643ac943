"""The reference of the command line is the one that the commands give."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "command-line.md"
WRITE = "import reference_pages as pages; print(pages.command_line_page(), end='')"


def test_the_page_is_what_the_script_writes():
    command = [sys.executable, "-c", WRITE]
    done = subprocess.run(
        command, cwd=ROOT / "scripts", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert PAGE.read_text(encoding="utf-8") == done.stdout, (
        "write it anew: python scripts/reference_pages.py"
    )
