import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def benchmarks(root):
    return sorted(path.stem for path in (root / "benchmarks").glob("*.py"))


def test_every_benchmark_can_be_imported(root, benchmarks):
    """They run for minutes, so nobody runs them after each change; what they import is checked."""
    assert len(benchmarks) >= 8
    code = f"import importlib; [importlib.import_module(name) for name in {benchmarks!r}]"
    environment = {"PYTHONPATH": f"{root / 'benchmarks'}:{root / 'tests' / 'parity'}"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
