"""What reaches a terminal: never a control character, whoever wrote the text."""

import json

import pytest

from alchemiser_app.cli.output import note, tell_lines, write_document, write_json, write_lines

ESCAPES = "\x1b[2J\x07\r\x9b31m\u202e"


@pytest.mark.parametrize("write", [write_lines, tell_lines, lambda lines: note(lines[0])])
def test_no_line_writes_to_the_terminal(capsys, write):
    write([f"AAA {ESCAPES} 日本\tone\n  two"])
    out, err = capsys.readouterr()
    assert out + err == "AAA �[2J���31m� 日本\tone\n  two\n"


def test_an_object_escapes_what_a_terminal_would_obey(capsys):
    write_json({"text": f"日本{ESCAPES}\x7f\u2028"})
    out = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in out)
    assert "日本" in out
    assert json.loads(out) == {"text": f"日本{ESCAPES}\x7f\u2028"}


def test_a_document_is_written_to_the_letter(capsys):
    write_document('"a\u200bb"')
    assert capsys.readouterr().out == '"a\u200bb"\n'
