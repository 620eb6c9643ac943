"""Names of parameters and of the places where they are used, in one spelling."""

import re

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def kebab_case(name: str) -> str:
    """A parameter's or definition's name: `risk_on` and `risk-on` are the same one."""
    return name.replace("_", "-")


def use_name(text: str) -> str:
    """The name under which a group or `:as` is addressed: `506/38` is `506-38`."""
    return _BETWEEN_WORDS.sub("-", text.lower()).strip("-")
