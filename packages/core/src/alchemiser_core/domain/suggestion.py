"""Helps with a misspelt name: the one that was probably meant, and the ones there are."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or `None` where none is alike."""
    names = {candidate.lower(): candidate for candidate in sorted(known)}
    found = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint for an unknown name: the nearest one first, then all that there are."""
    names = sorted(known)
    listed = "there are: " + ", ".join(names) if names else "there are none"
    guess = nearest(name, names)
    return f"did you mean {guess!r}? {listed}" if guess else listed
