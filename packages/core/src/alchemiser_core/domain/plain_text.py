"""Text from elsewhere, made fit to be shown: on one line, bounded, without control characters."""

LONGEST = 500


def plain_text(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters of a text; what does not print becomes a space.

    Line breaks, terminal escapes, marks that turn the direction of writing and lone surrogates do
    not print.
    """
    # Cut first, so that a text of gigabytes costs nothing; blanks that are joined leave it shorter.
    start = text[: 4 * longest]
    shown = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    if len(shown) <= longest and len(start) == len(text):
        return shown
    return shown[: longest - 1] + "…"
