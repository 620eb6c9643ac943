"""Only the vendor's servers and this machine may be named."""

import pytest

from alchemiser_core.config.checks import SettingError
from alchemiser_core.config.endpoints import endpoint, stream_endpoint

CHECK = endpoint("api.vendor.com", "paper.vendor.com")
STREAM = stream_endpoint("stream.vendor.com/v2/sip", "stream.vendor.com/v2/iex")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.vendor.com",
        "https://paper.vendor.com/",
        "http://127.0.0.1:8000",
        "http://127.255.0.1",
        "http://localhost:1",
        "https://localhost:65535/",
        "http://[::1]:8000",
    ],
)
def test_the_vendor_and_this_machine_are_allowed(url):
    CHECK(None, None, url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.vendor.com",
        "https://api.vendor.com:8443",
        "https://api.vendor.com.evil.example",
        "https://evil.example/api.vendor.com",
        "https://api.vendor.com@evil.example",
        "https://api.vendor.com/v2",
        "https://api.vendor.com?x=1",
        "https://API.vendor.com",
        "https://apixvendor.com",
        "https://api.vendor.com\n",
        "ftp://api.vendor.com",
        "api.vendor.com",
        "http://0.0.0.0",
        "http://128.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.256",
        "http://[::2]",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost.evil.example",
        "",
        7,
    ],
)
def test_nobody_else_is(url):
    with pytest.raises(SettingError):
        CHECK(None, None, url)


def test_the_rule_names_the_servers():
    assert CHECK.rule.startswith("https://api.vendor.com or https://paper.vendor.com")


@pytest.mark.parametrize(
    "url",
    [
        "wss://stream.vendor.com/v2/sip",
        "wss://stream.vendor.com/v2/iex",
        "ws://127.0.0.1:8000/v2/iex",
        "wss://localhost/v2/sip",
        "ws://[::1]:1/v2/sip",
    ],
)
def test_streams_of_the_vendor_and_of_this_machine_are_allowed(url):
    STREAM(None, None, url)


@pytest.mark.parametrize(
    "url",
    [
        "ws://stream.vendor.com/v2/sip",
        "wss://stream.vendor.com",
        "wss://stream.vendor.com/v2/otc",
        "wss://stream.vendor.com/v2/sip/",
        "wss://stream.vendor.com:443/v2/sip",
        "wss://stream.vendor.com.evil.example/v2/sip",
        "wss://evil.example/stream.vendor.com/v2/sip",
        "wss://key@stream.vendor.com/v2/sip",
        "https://stream.vendor.com/v2/sip",
        "ws://127.0.0.1:8000",
        "ws://127.0.0.1:8000/elsewhere",
        "ws://127.0.0.1:0/v2/sip",
        "ws://192.168.0.7/v2/sip",
        "wss://stream.vendor.com/v2/sip?x=1",
        "",
        7,
    ],
)
def test_no_other_stream_is(url):
    with pytest.raises(SettingError):
        STREAM(None, None, url)


def test_the_rule_of_streams_names_them_and_an_example():
    assert STREAM.rule.startswith("wss://stream.vendor.com/v2/sip or wss://")
    assert STREAM.rule.endswith("ws://127.0.0.1:8000/v2/iex")
