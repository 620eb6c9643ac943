"""Only the vendor's servers and this machine may be named."""

import pytest

from alchemiser_core.config.checks import SettingError
from alchemiser_core.config.endpoints import endpoint

CHECK = endpoint("api.vendor.com", "paper.vendor.com")


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
