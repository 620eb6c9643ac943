"""Lines that fit on a terminal."""

import textwrap

_WIDTH = 80


def wrapped(line: str, further_in: int = 6) -> list[str]:
    """A line in parts that fit; those after the first stand further in than the margin."""
    inset = " " * further_in
    return textwrap.wrap(
        line,
        _WIDTH,
        subsequent_indent=inset,
        break_long_words=False,
        break_on_hyphens=False,
    )
