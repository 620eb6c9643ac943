"""Secrets that were handed out are cut from texts, in whatever form."""

import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alchemiser_app.secrets.known import KnownSecrets
from alchemiser_core.domain.secret import Secret

CANARY = 'PK/canary+"7\\ö=&x'


@pytest.fixture
def known():
    made = KnownSecrets()
    made.add(Secret(CANARY))
    return made


FORMS = {
    "plain": CANARY,
    "in JSON": json.dumps({"key": CANARY}),
    "in repr": repr([CANARY]),
    "base64": b64encode(CANARY.encode()).decode(),
    "base64 for URLs": urlsafe_b64encode(CANARY.encode()).decode(),
    "HTTP basic": b64encode(f"user:{CANARY}".encode()).decode(),
    "HTTP basic of a longer name": b64encode(f"users:{CANARY}!".encode()).decode(),
    "URL-encoded": quote(CANARY),
    "URL-encoded all over": quote(CANARY, safe=""),
    "a form": urlencode({"key": CANARY}),
    "plus": quote_plus(CANARY),
    "hexadecimal": CANARY.encode().hex(),
}


@pytest.mark.parametrize("form", FORMS)
def test_security_s1_a_secret_is_cut_out_in_whatever_form_it_stands(known, form):
    text = f"GET /v2 {FORMS[form]} failed"
    cut = known.without(text)
    assert cut.startswith("GET /v2 ")
    assert cut.endswith(" failed")
    assert "***" in cut
    for hidden in ("canary", b64encode(b"canary").decode()[1:6], b"canary".hex()):
        assert hidden not in cut


@given(before=st.binary(max_size=9), after=st.binary(max_size=9))
@settings(max_examples=200, deadline=None)
def test_security_s1_a_secret_within_base64_is_cut_out_wherever_it_begins(before, after):
    known = KnownSecrets()
    known.add(Secret("canary-0123456789"))
    cut = known.without(b64encode(before + b"canary-0123456789" + after).decode())
    assert "***" in cut


def test_what_is_no_secret_stays(known):
    text = "an order of 5 SPY was refused: PK is no key"
    assert known.without(text) == text


def test_what_is_too_short_to_be_a_key_is_left_alone():
    known = KnownSecrets()
    known.add(Secret("SPY"))
    assert known.without("SPY") == "SPY"


def test_a_secret_that_holds_another_is_cut_out_whole():
    known = KnownSecrets()
    for text in ("canary", "canary-and-more"):
        known.add(Secret(text))
    assert known.without("canary-and-more canary") == "*** ***"


def test_security_s2_the_list_of_secrets_shows_none_of_them(known):
    known.add(Secret(CANARY))
    assert repr(known) == "KnownSecrets(1)"
    assert "canary" not in repr(vars(known))
