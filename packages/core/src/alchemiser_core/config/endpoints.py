"""Which servers a setting may name: the vendor's own and this machine, nobody else's.

A configuration that could send keys and orders anywhere would be one typing mistake, or one
copied file, away from doing so.
"""

import re

from alchemiser_core.config.checks import Check, must_be

_URL = re.compile(r"(https|http)://([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,39}\])(?::([0-9]{1,5}))?/?")
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
        if _LOOPBACK.fullmatch(host):
            return port is None or 0 < int(port) <= _LARGEST_PORT
        return scheme == "https" and host in hosts and port is None

    listed = " or ".join(f"https://{host}" for host in hosts)
    return must_be(f"{listed}, or a server on this machine such as http://127.0.0.1:8000", holds)
