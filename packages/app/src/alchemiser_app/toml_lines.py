"""On which line of a TOML text each table and setting stands, so that a problem can point there.

The standard reader gives no positions. Here each line's key or header is read by that reader
itself; what it cannot read alone (the inside of a long list or text) has the line of its setting.
"""

import re
import tomllib
from collections.abc import Mapping

from alchemiser_core.config.origin import Path

_HEADER = re.compile(r"\s*(\[\[?)(.*?)\]\]?\s*(?:#.*)?")
_LONG_TEXT = re.compile(r'"""|\'\'\'')


def toml_lines(text: str) -> Mapping[Path, int]:
    """Line, from 1, of every table and setting that a line begins with."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    inside_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside_text:
            header = _HEADER.fullmatch(line)
            path = _table(header, counts) if header else None
            if path is not None:
                table = path
                lines.setdefault(table, number)
            else:
                key = _key_of(line)
                for length in range(1, len(key) + 1):
                    lines.setdefault((*table, *key[:length]), number)
        inside_text ^= len(_LONG_TEXT.findall(line)) % 2 == 1
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest table or setting around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _table(header: re.Match[str], counts: dict[Path, int]) -> Path | None:
    """The path of a header; a list of tables counts up, and names inside mean its last one."""
    key = _read(f"{header[2]} = 0")
    if not key:
        return None
    path: Path = ()
    for step in key[:-1]:
        path = _last(counts, (*path, step))
    path = (*path, key[-1])
    if header[1] == "[[":
        counts[path] = counts.get(path, -1) + 1
    return _last(counts, path)


def _last(counts: Mapping[Path, int], path: Path) -> Path:
    return (*path, counts[path]) if path in counts else path


def _key_of(line: str) -> tuple[str, ...]:
    """The key that a line sets; empty where it sets none."""
    at = line.find("=")
    while at >= 0:
        key = _read(f"{line[:at]} = 0")
        if key:
            return key
        at = line.find("=", at + 1)
    return ()


def _read(assignment: str) -> tuple[str, ...]:
    try:
        node: object = tomllib.loads(assignment)
    except tomllib.TOMLDecodeError:
        return ()
    key: list[str] = []
    while isinstance(node, dict) and node:
        key.append(next(iter(node)))
        node = node[key[-1]]
    return tuple(key)
