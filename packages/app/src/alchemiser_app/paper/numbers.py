"""Numbers of paper accounts: `PAPER-1`, and one more whenever an account is started anew."""

from pathlib import Path

PREFIX = "PAPER-"


def aside_name(number: str) -> str:
    """What is put behind the name of a file that makes way for the account of that number."""
    return f"before-{number}"


def known_numbers(path: Path) -> tuple[int, ...]:
    """0, and the numbers that accounts of this file have made way for."""
    stem = f"{path.name}.{aside_name(PREFIX)}"
    found = path.parent.glob(f"{stem}*")
    return (0, *(counted(PREFIX + each.name.removeprefix(stem)) for each in found))


def first_number(path: Path) -> str:
    """The number of an account where there is none: one that was put aside has another."""
    return f"{PREFIX}{max(1, *known_numbers(path))}"


def counted(number: str) -> int:
    """What a number counts; 0 where it is not of this kind."""
    digits = number.removeprefix(PREFIX)
    return int(digits) if digits.isdecimal() else 0
