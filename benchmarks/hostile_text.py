"""How long reading takes on texts that are no symphonies: 64 KiB each, the slowest first.

    python benchmarks/hostile_text.py

Reading untrusted text is to take under 100 ms for 64 KiB of anything.
"""

import time
from statistics import median

from returns.result import Failure

from alchemiser_core.symphony import read

SIZE = 64 * 1024
PIECES = (
    *"()[]{}\"\\;#,:.-1aé😀\n'",
    "\x00",
    "1e9",
    '\\"',
    '"\\',
    '"a"',
    "()",
    "[]",
    "{}",
    "#param",
    "#param,a",
    "(a)",
    "(if",
    "(asset",
    "[1",
    "{:a",
    "(>",
    "(use",
    "(rsi",
    "(weight-specified ",
    '{"a":',
    "[1,",
    '{"step":',
    '"\\u0041',
    "null",
    '(asset "A")',
    '(asset "a b")',
)


def seconds_for(text: str, repeats: int = 3) -> float:
    """Median processor time of reading a text, its problems put into words."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        result = read(text)
        if isinstance(result, Failure):
            [str(problem) for problem in result.failure().problems()]
        taken.append(time.process_time() - began)
    return median(taken)


def main() -> None:
    texts = {piece: (piece * SIZE)[:SIZE] for piece in PIECES}
    times = {piece: seconds_for(text) for piece, text in texts.items()}
    slowest = sorted(times, key=lambda piece: -times[piece])
    print(f"{len(times)} texts of 64 KiB, each a piece repeated; processor time")
    for piece in slowest[:5]:
        print(f"  {piece!r:<22}{times[piece] * 1e3:7.1f} ms   (goal under 100)")
    print(f"  {'median':<22}{median(times.values()) * 1e3:7.1f} ms")


if __name__ == "__main__":
    main()
