"""Who asks: the address that shares and limits are counted by.

It is the peer's address, or behind a configured proxy (``Settings.proxies``) the one that the
proxy forwards. Nobody else's ``X-Forwarded-For`` is believed: who asks could write anything there.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from flask import Request, current_app

from utbildningsdata.bootstrap import Services
from utbildningsdata.settings import networks

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_Address = IPv4Address | IPv6Address

_HOME = 64  # bits of an IPv6 address that one subscriber has: the rest is theirs to vary
_MAX_HOPS = 20


def client_of(request: Request) -> str:
    """Return who asks: an IPv4 address, or the /64 network of an IPv6 address.

    Behind proxies it is the right-most forwarded address that is no proxy of ours; where that is
    no address, the proxy that forwarded it stands for all whom it does not name.
    """
    services: Services = current_app.extensions["utbildningsdata"]
    return client_at(request.environ, services.settings.proxies)


def client_at(environ: WSGIEnvironment, proxies: str) -> str:
    """Return who asks, as :func:`client_of` does, before there is a request."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    return _client(environ.get("REMOTE_ADDR") or "", forwarded, proxies)


@lru_cache(maxsize=1024)
def _client(peer: str, forwarded: str, proxies: str) -> str:
    """Return who asks through ``peer``.

    >>> _client("203.0.113.9", "198.51.100.1", "127.0.0.1")
    '203.0.113.9'
    >>> _client("127.0.0.1", "10.1.1.1, 198.51.100.1, 127.0.0.2", "127.0.0.0/8")
    '198.51.100.1'
    >>> _client("2001:db8:1:2:3::4", "", "")
    '2001:db8:1:2::/64'
    """
    address = _address(peer)
    if address is None:
        return peer
    hops = forwarded.rsplit(",", _MAX_HOPS)[-_MAX_HOPS:] if forwarded else []
    while hops and _is_proxy(address, proxies):
        before = _address(hops.pop())
        if before is None:
            break
        address = before
    return _name(address)


def _address(text: str) -> _Address | None:
    """Read an address, which may have a port, brackets or a zone, as proxies write them.

    >>> _address(" [2001:db8::1]:443"), _address("::ffff:192.0.2.1"), _address("unknown")
    (IPv6Address('2001:db8::1'), IPv4Address('192.0.2.1'), None)
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _name(address: _Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, _HOME), strict=False))


def _is_proxy(address: _Address, proxies: str) -> bool:
    return any(address in network for network in networks(proxies))
