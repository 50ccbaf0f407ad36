"""By way of which proxy an address is reached. slack-sdk reads HTTPS_PROXY
and HTTP_PROXY and does not know NO_PROXY.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

_ENCRYPTED = ("https", "wss")


def proxy_for(address: str) -> str | None:
    """The proxy that the environment names for this address, if any.

    A server near by, in plain http, is reached directly.
    """
    parts = urlsplit(address)
    if parts.scheme not in _ENCRYPTED or proxy_bypass(parts.hostname or ""):
        return None
    named = getproxies_environment()
    return named.get("https") or named.get("http")
