"""Which servers a setting may name: the vendor's own and this machine, nobody else's.

A configuration that could send keys and orders anywhere would be one typing mistake, or one
copied file, away from doing so.
"""

import re

from alchemiser_core.config.checks import Check, must_be

_PLACE = r"([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,39}\])(?::([0-9]{1,5}))?"
_URL = re.compile(rf"(https|http)://{_PLACE}/?")
_STREAM = re.compile(rf"(wss|ws)://{_PLACE}(/[a-z0-9_/-]{{1,100}})")
_LOOPBACK = re.compile(r"localhost|\[::1\]|127(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}")
_LARGEST_PORT = 65_535


def endpoint(*hosts: str) -> Check:
    """A check for a server's address: `https://` and one of `hosts`, or this machine.

    Only this machine may have a port or go without encryption. There is no path, no user name
    and no query in it.
    """

    def holds(url: object) -> bool:
        match = _URL.fullmatch(url) if isinstance(url, str) else None
        if match is None:
            return False
        scheme, host, port = match.groups()
        if is_loopback_host(host):
            return _is_port(port)
        return scheme == "https" and host in hosts and port is None

    listed = " or ".join(f"https://{host}" for host in hosts)
    return must_be(f"{listed}, or a server on this machine such as http://127.0.0.1:8000", holds)


def stream_endpoint(*addresses: str) -> Check:
    """A check for the address of a WebSocket: `wss://` and one of `addresses`, each a host with a
    path such as `stream.vendor.com/v2/sip`, or one of these paths on this machine.
    """
    paths = {address[address.index("/") :] for address in addresses}

    def holds(url: object) -> bool:
        match = _STREAM.fullmatch(url) if isinstance(url, str) else None
        if match is None:
            return False
        scheme, host, port, path = match.groups()
        if is_loopback_host(host):
            return path in paths and _is_port(port)
        return scheme == "wss" and host + path in addresses and port is None

    listed = " or ".join(f"wss://{address}" for address in addresses)
    example = f"ws://127.0.0.1:8000{min(paths)}"
    return must_be(f"{listed}, or a server on this machine such as {example}", holds)


def is_loopback_host(host: str) -> bool:
    """Whether a host, as it stands in a URL, is this machine."""
    return _LOOPBACK.fullmatch(host) is not None


def _is_port(port: str | None) -> bool:
    return port is None or 0 < int(port) <= _LARGEST_PORT
