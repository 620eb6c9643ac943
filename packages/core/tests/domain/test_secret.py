"""A secret masks itself wherever it is shown: every way of looking at a value is tried."""

import copy
import dataclasses
import faulthandler
import inspect
import io
import json
import pickle
import pprint
import reprlib
import subprocess
import sys
import tempfile
import traceback
from base64 import b64encode
from urllib.parse import quote

import attrs
import cattrs
import pytest

from alchemiser_core.domain.secret import MASK, Secret

CANARY = "PK-canary-7c1e/+ö=b2"
FORMS = (CANARY, b64encode(CANARY.encode()).decode(), quote(CANARY, safe=""), repr(CANARY)[1:-1])


@attrs.frozen
class Frozen:
    name: str
    key: Secret


@attrs.define
class Mutable:
    key: Secret


@dataclasses.dataclass
class Plain:
    key: Secret
    keys: list[Secret]


def secret() -> Secret:
    return Secret(CANARY)


def unveiled(shown: object) -> list[str]:
    """The forms of the canary in what was shown."""
    text = shown.decode("latin-1") if isinstance(shown, bytes) else str(shown)
    return [form for form in FORMS if form in text]


def rendered(value: object) -> str:
    return f"{value!r} {value!s} {value}"


def with_locals(**values: object) -> str:
    """A traceback that shows local variables, values among them."""
    try:
        _fail(list(values.values()), **values)
    except ZeroDivisionError as error:
        found = traceback.TracebackException.from_exception(error, capture_locals=True)
        return "".join(found.format())
    raise AssertionError("nothing failed")


def _fail(held: object, **values: object) -> None:
    key = values
    raise ZeroDivisionError(f"{held} {key}")


WAYS = {
    "repr": lambda: repr(secret()),
    "str": lambda: str(secret()),
    "format": lambda: format(secret(), ">40"),
    "f-string": lambda: f"{secret()} {secret()!r} {secret()!s} {secret()!a} {secret():<50}",
    "percent": lambda: "%s %r %a" % (secret(), secret(), secret()),  # noqa: UP031
    "str.format": lambda: "{0} {0!r} {0.reveal} {1[key]}".format(secret(), {"key": secret()}),
    "concatenation in containers": lambda: rendered([secret(), {"key": (secret(),)}, {secret()}]),
    "pprint": lambda: pprint.pformat({"key": [secret()] * 20}, width=20),
    "reprlib": lambda: reprlib.repr([secret()]),
    "pickle": lambda: [pickle.dumps(secret(), p) for p in range(pickle.HIGHEST_PROTOCOL + 1)],
    "unpickled": lambda: rendered(pickle.loads(pickle.dumps(secret()))),  # noqa: S301
    "state": lambda: rendered([secret().__getstate__(), secret().__reduce__()]),
    "copy": lambda: rendered([copy.copy(secret()), copy.deepcopy([secret()])]),
    "json with default": lambda: json.dumps({"key": secret()}, default=str),
    "json with repr": lambda: json.dumps({"key": secret()}, default=repr),
    "attrs": lambda: rendered([Frozen("a", secret()), Mutable(secret())]),
    "attrs.asdict": lambda: rendered(attrs.asdict(Frozen("a", secret()))),
    "attrs.astuple": lambda: rendered(attrs.astuple(Frozen("a", secret()))),
    "attrs.evolve": lambda: rendered(attrs.evolve(Frozen("a", secret()), name="b")),
    "dataclasses.asdict": lambda: rendered(dataclasses.asdict(Plain(secret(), [secret()]))),
    "cattrs": lambda: rendered(cattrs.unstructure(Frozen("a", secret()))),
    "dir": lambda: rendered(dir(secret())),
    "members": lambda: rendered(inspect.getmembers(secret())),
    "the function that holds it": lambda: rendered(
        [secret().reveal, secret().reveal.__closure__, secret().reveal.__defaults__]
    ),
    "hash": lambda: rendered(hash(secret())),
    "traceback with locals": lambda: with_locals(a=secret(), b=Frozen("a", secret())),
    "an error about it": lambda: rendered(KeyError(secret())),
}


@pytest.mark.parametrize("way", WAYS)
def test_security_s2_a_secret_masks_itself_however_it_is_looked_at(way):
    shown = WAYS[way]()
    assert unveiled(shown) == []


@pytest.mark.parametrize("way", ["repr", "str", "format", "f-string", "percent", "attrs.asdict"])
def test_security_s2_the_mask_stands_where_the_secret_would(way):
    assert MASK in WAYS[way]()


def test_security_s2_the_canary_would_be_found_in_a_text_that_does_not_mask_itself():
    assert unveiled(with_locals(key=CANARY))
    assert unveiled(pickle.dumps(CANARY.encode("latin-1")))
    assert unveiled(b64encode(CANARY.encode()))


def test_security_s2_it_has_no_attributes_to_look_into():
    with pytest.raises(TypeError):
        vars(secret())
    with pytest.raises(TypeError):
        json.dumps(secret())
    with pytest.raises(TypeError):
        len(secret())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        list(secret())  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        "key: " + secret()  # type: ignore[operator]


def test_security_s2_errors_of_making_one_do_not_show_what_it_was_made_of():
    for wrong in (CANARY.encode(), [CANARY], 5, ""):
        with pytest.raises(ValueError, match="not empty") as raised:
            Secret(wrong)  # type: ignore[arg-type]
        frame = raised.traceback[-1].frame
        assert frame.code.name == "__init__"
        assert "text" not in frame.f_locals


def test_security_s2_comparing_one_leaves_nothing_in_local_variables():
    code = Secret.__eq__.__code__
    assert code.co_varnames == ("self", "other")


def test_secrets_are_equal_by_their_text_and_to_nothing_else():
    assert secret() == secret()
    assert secret() != Secret("another")
    assert secret() != CANARY
    assert Secret("\udc80") == Secret("\udc80")
    assert Secret("\udc80") != Secret("?")
    assert len({secret(), secret(), Secret("another")}) == 2


def test_the_hash_says_nothing_of_the_text():
    assert hash(secret()) == hash(Secret("another"))


def test_a_secret_cannot_be_changed():
    held = secret()
    with pytest.raises(AttributeError, match="cannot be changed"):
        held.reveal = lambda: ""
    with pytest.raises(AttributeError, match="cannot be changed"):
        del held.reveal
    with pytest.raises(AttributeError):
        held.text = CANARY  # type: ignore[attr-defined]


def test_the_text_comes_out_where_it_is_asked_for():
    assert secret().reveal() == CANARY
    assert copy.deepcopy(secret()).reveal() == CANARY


def test_a_secret_that_was_pickled_cannot_be_revealed():
    with pytest.raises(ValueError, match="read it anew"):
        pickle.loads(pickle.dumps(secret())).reveal()  # noqa: S301


def test_security_s2_a_dump_of_all_threads_does_not_show_it():
    held = secret()
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        assert unveiled(file.read()) == []
    assert held.reveal() == CANARY


_FAILING_TESTS = """
import attrs
from alchemiser_core.domain.secret import Secret

@attrs.frozen
class Keys:
    key: Secret

def test_that_compares_secrets():
    secret = Secret("".join(reversed("{reversed}")))
    keys, listed = Keys(secret), [secret]
    assert secret == Secret("another"), f"not the same: {{secret}}"

def test_that_raises_with_a_secret():
    keys = Keys(Secret("".join(reversed("{reversed}"))))
    raise RuntimeError(keys)
"""


def test_security_s2_failing_tests_that_show_their_local_variables_do_not_show_it(tmp_path):
    module = tmp_path / "test_failing.py"
    module.write_text(_FAILING_TESTS.format(reversed=CANARY[::-1]), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-vv", "--showlocals", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", "/dev/null", str(module)],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )
    output = done.stdout.decode() + done.stderr.decode()
    assert "2 failed" in output, output
    assert "keys" in output
    assert "Secret(***)" in output
    assert unveiled(output) == []


def test_security_s2_printing_one_writes_the_mask():
    written = io.StringIO()
    print(secret(), Frozen("a", secret()), file=written)
    assert written.getvalue() == f"{MASK} Frozen(name='a', key=Secret({MASK}))\n"
