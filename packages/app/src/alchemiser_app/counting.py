"""Numbers of things in words: `1 symbol`, `3,000 symbols`."""


def counted(number: int, noun: str) -> str:
    """The number with its noun, which takes an s but for one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def having(some: int, of: int, noun: str) -> str:
    """E.g. `2 of 3 symbols have`, `0 of 1 symbol has`."""
    return f"{some:,} of {counted(of, noun)} {'has' if of == 1 else 'have'}"
