"""A reader of EDN text: one compiled token pattern, a stack of open brackets, no recursion.

Brackets are handed to `close` as soon as they are complete, innermost first, so that a tree can
be built while the text is read. Offsets are kept; a line and a column are worked out from them
only where something has to be reported.
"""

import re
from collections.abc import Callable

from alchemiser_core.domain.measure import Parameter
from alchemiser_core.symphony.errors import LimitExceeded, UnreadableText, shown
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.parameters.names import kebab_case

_TOKEN = re.compile(
    r"""[\s,]*+(?:"""
    r"""(\#param[\s,]++[^\s,()\[\]{}";]++|[^\s,()\[\]{}";]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")"""
    r"""|([(\[{])|([)\]}])|(;[^\n]*+)|(")|\Z)""",
    re.DOTALL,
)
"""White space, then one token; every character is in one or the other, so no search is repeated."""
_ATOM, _OPEN, _CLOSE, _COMMENT, _QUOTE = 1, 2, 3, 4, 5
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_NUMBER = re.compile(r"[+-]?[0-9]++(?:\.[0-9]*+)?(?:[eE][+-]?[0-9]++)?")
_LIKE_A_NUMBER = re.compile(r"[+-]?\.?[0-9]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
_SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_NUMBER = 300
"""Characters; every whole number of that length is a finite float."""


class Name(str):
    """An EDN symbol: the name of an operator."""

    __slots__ = ()


class Keyword(str):
    """An EDN keyword, without its colon."""

    __slots__ = ()


class Form:
    """A bracket and what is in it: `items`, and in `offsets` where each begins in the text."""

    __slots__ = ("items", "kind", "offsets", "start")

    def __init__(self, kind: str, start: int) -> None:
        self.kind = kind
        self.start = start
        self.items: list[object] = []
        self.offsets: list[int] = []


class Broken:
    """Stands for what could not be read; it has been reported already."""


BROKEN = Broken()
_MISSING = object()


def line_and_column(text: str, offset: int) -> str:
    """`line:column`, both from 1."""
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"


class EdnReader:
    """Reads one text; every complete bracket goes through `close`, and its result stands for it."""

    def __init__(
        self, text: str, findings: Findings, place: Callable[[int], str], deepest: int
    ) -> None:
        self._text = text
        self._findings = findings
        self._place = place
        self._deepest = deepest

    def read(self, close: Callable[[Form], object]) -> Form | None:
        """The items at the top of the text, as a form of kind `""`; `None` after a fault.

        A fault that leaves no sense in what follows (brackets, an open string) ends the reading;
        others are noted in the findings and stand as `BROKEN`.
        """
        form = Form("", 0)
        items, offsets = form.items, form.offsets
        stack: list[Form] = []
        atoms: dict[str, object] = {}
        errors = self._findings.errors
        for match in _TOKEN.finditer(self._text):
            kind = match.lastindex
            if kind == _ATOM:
                token, start = match[_ATOM], match.start(_ATOM)
                value = atoms.get(token, _MISSING)
                if value is _MISSING:
                    value = atoms[token] = self._atom(token, start)
                items.append(value)
                offsets.append(start)
            elif kind == _OPEN:
                if len(stack) >= self._deepest:
                    self._too_deep(match.start(_OPEN))
                    return None
                stack.append(form)
                form = Form(match[_OPEN], match.start(_OPEN))
                items, offsets = form.items, form.offsets
            elif kind == _CLOSE:
                if _CLOSERS.get(form.kind) != match[_CLOSE]:
                    self._mismatch(form, match[_CLOSE], match.start(_CLOSE))
                    return None
                value, start = close(form), form.start
                if errors and self._findings.full:
                    return None
                form = stack.pop()
                items, offsets = form.items, form.offsets
                items.append(value)
                offsets.append(start)
            elif kind == _QUOTE:
                self._fault(match.start(_QUOTE), "a string is opened and never closed")
                return None
        if not stack:
            return form
        self._unclosed(form)
        return None

    def _fault(self, offset: int, what: str, hint: str = "") -> None:
        if not self._findings.full:
            self._findings.add(UnreadableText(what, self._place(offset), hint))

    def _too_deep(self, offset: int) -> None:
        limit = LimitExceeded("brackets inside one another", self._deepest, self._place(offset))
        self._findings.add(limit)

    def _unclosed(self, form: Form) -> None:
        self._fault(
            form.start,
            f"{form.kind!r} is opened here and never closed",
            f"add the missing {_CLOSERS[form.kind]!r}",
        )

    def _mismatch(self, form: Form, closer: str, offset: int) -> None:
        if not form.kind:
            return self._fault(offset, f"{closer!r} closes nothing", "take it out")
        opened = self._place(form.start)
        expected = _CLOSERS[form.kind]
        return self._fault(
            offset,
            f"{closer!r} cannot close the {form.kind!r} opened at {opened}",
            f"{expected!r} is expected before it",
        )

    def _atom(self, token: str, offset: int) -> object:
        match token[0]:
            case '"':
                return self._string(token, offset)
            case ":":
                return self._keyword(token, offset)
            case "#" | "\\" | "'" | "`" | "~" | "@" | "^":
                return self._tagged(token, offset)
        constants = {"nil": None, "true": True, "false": False}
        if token in constants:
            return constants[token]
        if _LIKE_A_NUMBER.match(token):
            return self._number(token, offset)
        return Name(token)

    def _keyword(self, token: str, offset: int) -> object:
        if len(token) == 1:
            self._fault(offset, "':' without a name is no keyword")
            return BROKEN
        return Keyword(token[1:])

    def _tagged(self, token: str, offset: int) -> object:
        parts = token.replace(",", " ").split()
        if parts[0] == "#param" and len(parts) == 2:
            return Parameter(kebab_case(parts[1].removeprefix(":")))
        what = f"{shown(parts[0])} is not part of the notation"
        self._fault(offset, what, "a parameter is written #param name")
        return BROKEN

    def _number(self, token: str, offset: int) -> object:
        if len(token) <= LONGEST_NUMBER and _NUMBER.fullmatch(token):
            value = float(token) if not token.lstrip("+-").isdigit() else int(token)
            if abs(value) < float("inf"):
                return value
        self._fault(offset, f"{shown(token)} is not a number", "write it like 79, -0.5 or 1e-3")
        return BROKEN

    def _string(self, token: str, offset: int) -> object:
        body = token[1:-1]
        if "\\" not in body:
            return body
        wrong = [m for m in _ESCAPE.finditer(body) if m[1] is None and m[2] not in _ESCAPED]
        if wrong:
            at = offset + 1 + wrong[0].start()
            self._fault(at, f"{shown(wrong[0][0])} is no escape in a string", 'use \\\\ or \\"')
            return BROKEN
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _ESCAPED[m[2]], body)
        if _SURROGATE.search(text):
            text = _joined_surrogates(text)
        if _SURROGATE.search(text):
            self._fault(offset, "half of a surrogate pair stands in a string")
            return BROKEN
        return text


def _joined_surrogates(text: str) -> str:
    """Two escapes that stand for one character beyond the basic plane, made one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
