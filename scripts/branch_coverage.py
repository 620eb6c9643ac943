"""Checks the share of core's branches that the tests took, from coverage's own data file.

Coverage's total mixes lines and branches; the goal is about branches, so they are counted alone.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

GOAL = 95.0
CORE = "packages/core/src/*"


def measured() -> dict[str, dict[str, dict[str, int]]]:
    """Coverage of every module of core, by file."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "--quiet", f"--include={CORE}"]
        subprocess.run([*command, "-o", str(report)], check=True)
        files: dict[str, dict[str, dict[str, int]]] = json.loads(report.read_text())["files"]
        return files


def main() -> None:
    """Print the share, and the modules that lack most; exit 1 below the goal."""
    modules = {name: file["summary"] for name, file in measured().items()}
    branches = sum(summary["num_branches"] for summary in modules.values())
    covered = sum(summary["covered_branches"] for summary in modules.values())
    if branches == 0:
        sys.exit("No branch of core was measured: was pytest run with --cov?")
    share = 100 * covered / branches
    print(f"Branches of core covered: {covered} of {branches}, {share:.1f} % (goal {GOAL} %)")
    if share < GOAL:
        worst = sorted(modules.items(), key=lambda item: -item[1]["missing_branches"])
        for name, summary in worst[:15]:
            print(f"  {summary['missing_branches']:4d} missing  {name}")
        sys.exit(1)


if __name__ == "__main__":
    main()
