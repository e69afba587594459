"""Which machines may be called, and the line to them.

Only public addresses are called, and those an administrator has named (`allow`). A name is looked up once: every
address of the answer is looked at, and the line goes to one of these very addresses, so no second answer leads inside.
"""

from __future__ import annotations

import io
import re
import socket
import ssl
import threading
import time
import tomllib
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import certifi

from channels.errors import Unauthorized

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
KEPT_SECONDS = 5.0  # how long an answer of the name service serves further lines
KEPT_NAMES = 256
KEEP_LINE = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
INSIDE = tuple(
    ip_network(row["network"]) for row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["inside"]
)
_GLOBAL_UNICAST = ip_network("2000::/3")  # https://www.iana.org/assignments/ipv6-address-space
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.ASCII)  # https://url.spec.whatwg.org/#ends-in-a-number-checker

_allowed: frozenset[str] = frozenset()
_answers: dict[str, tuple[float, tuple[str, ...]]] = {}


def allow(hosts: Collection[str]) -> None:
    """Adds names or addresses that may be called wherever they stand. One of this machine's names allows them all."""
    global _allowed
    named = {plain(host) for host in hosts if host.strip()}
    _allowed |= named | (LOOPBACK if named & LOOPBACK else frozenset())


def is_allowed(host: str) -> bool:
    return host in _allowed


def plain(host: str) -> str:
    """A host as it is looked up: lower case, ASCII, without brackets or the dot at the end; "" for what is none."""
    bare = host.strip().strip("[]").rstrip(".").lower()
    try:
        return bare if bare.isascii() else bare.encode("idna").decode()
    except UnicodeError:
        return ""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped into another."""
    seen = _unwrapped(ip_address(address.partition("%")[0]))
    if isinstance(seen, IPv6Address) and seen not in _GLOBAL_UNICAST:
        return False
    special = seen.is_multicast or seen.is_reserved or seen.is_link_local or seen.is_loopback or seen.is_unspecified
    return seen.is_global and not special and not any(seen in network for network in INSIDE)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def host_problem(host: str) -> str:
    """Why `host` may not be called, as far as its name tells, in the reader's words; "" when it may be tried."""
    name = plain(host)
    if is_allowed(name):
        return ""
    try:
        return "" if is_public(name) else _inside(name)
    except ValueError:  # a name, not an address
        return f"“{host}” không phải tên máy chủ." if not name or _NUMBER.fullmatch(name) else _if_here(name)


def _if_here(name: str) -> str:
    return _inside(name) if name in LOOPBACK or name.endswith(".localhost") else ""


def _inside(name: str) -> str:
    return (
        f"Máy chủ {name} nằm trong mạng nội bộ nên hệ thống không gọi tới. Nếu đây đúng là máy của đơn vị, quản trị "
        "hệ thống ghi tên máy vào PUBLISHER_OUTBOUND_HOSTS rồi khởi động lại."
    )


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """A line to one of the addresses of `host`, all of which were looked at.

    Raises `Unauthorized` where it may not be called, `TimeoutError` after `seconds`, other `OSError` where nobody is.
    """
    deadline = time.monotonic() + seconds
    name = plain(host)
    if problem := host_problem(name):
        raise Unauthorized(problem, code="address")
    found = addresses(name, seconds)
    if not is_allowed(name) and not all(map(is_public, found)):
        raise Unauthorized(_inside(name), code="address")
    trouble: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
    for left, address in zip(range(len(found), 0, -1), found, strict=True):
        try:
            return _connect(address, port, max(0.05, (deadline - time.monotonic()) / left))
        except OSError as error:
            trouble = error
    raise trouble


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    line = socket.create_connection((address, port), seconds)  # an address: nothing is looked up again
    for level, option, value in KEEP_LINE:
        line.setsockopt(level, option, value)
    return line


def addresses(name: str, seconds: float) -> tuple[str, ...]:
    """The IP addresses of a name, or the address itself. Raises `socket.gaierror`, or `TimeoutError`."""
    with suppress(ValueError):
        return (str(ip_address(name)),)
    until, found = _answers.get(name, (0.0, ()))
    if time.monotonic() < until:
        return found
    found = _asked(name, seconds)
    if len(_answers) >= KEPT_NAMES:
        _answers.clear()
    _answers[name] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def _asked(name: str, seconds: float) -> tuple[str, ...]:
    """Asks the name service beside this thread: the system's call knows no time-out."""
    answer: list[Any] = []

    def look() -> None:
        try:
            answer.append(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
        except OSError as error:
            answer.append(error)

    looking = threading.Thread(target=look, name="dns", daemon=True)
    looking.start()
    looking.join(seconds)
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], OSError):
        raise answer[0]
    return tuple(dict.fromkeys(str(row[4][0]) for row in answer[0]))


@cache
def trust() -> ssl.SSLContext:
    """Whose certificates are believed: those of the system (an office may add its own there) and the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class Reader(io.RawIOBase):
    """What comes in on a line, until a moment: silence and dripping both end in `TimeoutError`.

    `left` gives the seconds there still are, so that many short waits cannot add up past the whole.
    """

    def __init__(self, line: socket.socket, left: Callable[[], float]) -> None:
        super().__init__()
        self._line, self._left = line, left
        self._raw = line.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int | None:
        self._line.settimeout(self._left())
        return self._raw.readinto(room)

    def close(self) -> None:
        self._raw.close()
        super().close()


def left_until(deadline: float, most: float) -> float:
    """Seconds for the next wait: never more than `most`, nor past the deadline. Raises `TimeoutError` after it."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, most)
