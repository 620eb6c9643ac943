"""A reader of JSON text that is not recursive, keeps nothing it should not and says where it fails.

The standard library's reader follows nesting on the interpreter's stack (a symphony of depth 500
nests 2,000 brackets), takes NaN and duplicate keys, and lets half surrogate pairs through.
"""

import json
import re
from collections.abc import Callable

from alchemiser_core.symphony.edn.reader import LONGEST_NUMBER
from alchemiser_core.symphony.errors import LimitExceeded, UnreadableText, shown
from alchemiser_core.symphony.findings import Findings

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:("[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")(?:[ \t\r\n]*+(:))?"""
    r"""|([^ \t\r\n",:\[\]{}]++)|([{\[])|([}\]])|([:,])|(")|\Z)""",
    re.DOTALL,
)
"""White space, then one token; every character is in one or the other, so no search is repeated."""
_STRING, _KEY, _WORD, _OPEN, _CLOSE, _MARK, _QUOTE = 1, 2, 3, 4, 5, 6, 7
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}
_CLOSERS = {"{": "}", "[": "]"}

_NEEDS_VALUE, _VALUE_OR_END, _KEY_OR_END, _NEEDS_KEY, _COMMA_OR_END, _END = range(6)
_EXPECTED = {
    _NEEDS_VALUE: "a value",
    _VALUE_OR_END: "a value or ']'",
    _KEY_OR_END: "a key with its ':', or '}'",
    _NEEDS_KEY: "a key with its ':'",
    _COMMA_OR_END: "',' or the closing bracket",
    _END: "the end of the text",
}
_TAKES_VALUE = frozenset({_NEEDS_VALUE, _VALUE_OR_END})
_TAKES_KEY = frozenset({_KEY_OR_END, _NEEDS_KEY})
_TAKES_END = frozenset({_VALUE_OR_END, _KEY_OR_END, _COMMA_OR_END})
_MISSING = object()


class JsonReader:
    """Reads one text into dicts, lists and plain values; faults go into the findings."""

    def __init__(
        self, text: str, findings: Findings, place: Callable[[int], str], deepest: int
    ) -> None:
        self._text = text
        self._findings = findings
        self._place = place
        self._deepest = deepest
        self._result: object = None
        self._state = _NEEDS_VALUE
        self._stack: list[tuple[dict[str, object] | list[object], str]] = []
        self._key = ""
        self._read_before: dict[str, object] = {}

    def read(self) -> object:
        """The document; of no use where the findings have errors."""
        for match in _TOKEN.finditer(self._text):
            kind = match.lastindex
            if kind is None:
                break
            begins = _STRING if kind == _KEY else kind
            token, start = match[begins], match.start(begins)
            if kind == _KEY:
                sound = self._take_key(token, start)
            elif kind == _OPEN:
                sound = self._open(token, start)
            elif kind == _CLOSE:
                sound = self._close(token)
            elif kind == _MARK:
                sound = self._comma(token)
            else:
                sound = self._take_value(token, start)
            if not sound:
                expected = _EXPECTED[self._state]
                self._fault(start, f"{shown(token)} stands where {expected} is expected")
            if self._findings.errors:
                return None
        if self._state != _END:
            self._fault(len(self._text), f"the text ends where {_EXPECTED[self._state]} is needed")
        return self._result

    def _fault(self, offset: int, what: str) -> None:
        self._findings.add(UnreadableText(what, self._place(offset)))

    def _add(self, value: object) -> None:
        if not self._stack:
            self._result = value
            self._state = _END
            return
        container = self._stack[-1][0]
        if isinstance(container, dict):
            container[self._key] = value
        else:
            container.append(value)
        self._state = _COMMA_OR_END

    def _known(self, token: str, offset: int) -> object:
        value = self._read_before.get(token, _MISSING)
        if value is _MISSING:
            value = self._read_before[token] = self._value(token, offset)
        return value

    def _take_value(self, token: str, offset: int) -> bool:
        if self._state not in _TAKES_VALUE:
            return False
        self._add(self._known(token, offset))
        return True

    def _take_key(self, token: str, offset: int) -> bool:
        if self._state not in _TAKES_KEY:
            return False
        key = self._known(token, offset)
        if key in self._stack[-1][0]:
            self._fault(offset, f"the key {shown(key)} stands twice in this object")
        self._key = str(key)
        self._state = _NEEDS_VALUE
        return True

    def _open(self, mark: str, offset: int) -> bool:
        if self._state not in _TAKES_VALUE:
            return False
        if len(self._stack) >= self._deepest:
            place = self._place(offset)
            error = LimitExceeded("brackets inside one another", self._deepest, place)
            self._findings.add(error)
            return True
        container: dict[str, object] | list[object] = {} if mark == "{" else []
        self._add(container)
        self._stack.append((container, mark))
        self._state = _KEY_OR_END if mark == "{" else _VALUE_OR_END
        return True

    def _close(self, mark: str) -> bool:
        if self._state not in _TAKES_END or _CLOSERS[self._stack[-1][1]] != mark:
            return False
        self._stack.pop()
        self._state = _COMMA_OR_END if self._stack else _END
        return True

    def _comma(self, mark: str) -> bool:
        if mark != "," or self._state != _COMMA_OR_END:
            return False
        in_object = isinstance(self._stack[-1][0], dict)
        self._state = _NEEDS_KEY if in_object else _NEEDS_VALUE
        return True

    def _value(self, token: str, offset: int) -> object:
        if token[0] == '"':
            return self._string(token, offset)
        if token in _WORDS:
            return _WORDS[token]
        if len(token) <= LONGEST_NUMBER and _NUMBER.fullmatch(token):
            value = int(token) if token.lstrip("-").isdigit() else float(token)
            if abs(value) < float("inf"):
                return value
        self._fault(offset, f"{shown(token)} is no value of JSON")
        return None

    def _string(self, token: str, offset: int) -> str:
        if len(token) == 1:
            self._fault(offset, "a string is never closed, or has a control character in it")
        if "\\" not in token:
            return token[1:-1]
        try:
            text = str(json.loads(token))
        except ValueError:
            self._fault(offset, "a string holds an escape that JSON does not have")
            return ""
        if _SURROGATE.search(text):
            self._fault(offset, "half of a surrogate pair stands in a string")
        return text
