"""The line to the office's mail server, and one letter over it. SMTP: RFC 5321, STARTTLS: RFC 3207, TLS: RFC 8314.

A reply of 4xx means later, of 5xx never. A line that breaks before the end of DATA left nothing behind; one that breaks
after it leaves a doubt, for the server may have taken the letter (RFC 5321 4.5.3.2.6).
"""

from __future__ import annotations

import io
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from channels.contract import Account
from channels.email import facts
from channels.errors import Unauthorized, Unavailable
from channels.reach import LOOPBACK, Reader, dial, host_problem, left_until, plain, trust

GOES_AWAY = 421  # "closing the channel", whatever was asked
GO_ON = 354
BAD_NAME = 553  # "mailbox name not allowed"
QUOTED = 160  # characters of the server's own words in a message
_DOT = re.compile(rb"^\.", re.MULTILINE)  # RFC 5321 4.5.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how the mail server is reached, and in whose name."""

    host: str
    port: int
    security: str  # starttls, tls, or none (on this machine alone)
    sender: str  # address
    user: str
    password: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def place_of(account: Account) -> Place:
    settings = {name: str(value).strip() for name, value in account.settings.items()}
    security = settings.get("security") or "starttls"
    port = settings.get("port") or str(facts.PORTS.get(security, 0))
    return Place(
        host=plain(settings.get("host", "")),
        port=int(port) if port.isdecimal() else 0,
        security=security,
        sender=settings.get("sender", ""),
        user=settings.get("user", ""),
        password=account.secrets.get("password", ""),
    )


def place_problems(place: Place) -> Iterator[str]:
    if place.host and (wrong := host_problem(place.host)):
        yield wrong
    if not 0 < place.port < 65536:
        yield "Cổng của máy chủ thư phải là số từ 1 đến 65535."
    if place.security not in facts.PORTS:
        yield "Mã hóa đường truyền phải là starttls, tls hoặc none."
    elif place.security == "none" and place.host and place.host not in LOOPBACK:
        yield "Không mã hóa (none) chỉ dùng được với máy chủ thư trên chính máy này."
    if place.sender and not re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", place.sender):
        yield "Địa chỉ người gửi không đúng dạng, ví dụ: bantin@songvang.example."


class Refused(Exception):
    """The server's no to one letter. `later`: 4xx; `whole`: it is about the sender, and so about every letter."""

    def __init__(self, code: int, words: bytes, *, whole: bool = False) -> None:
        super().__init__(f"{code} {' '.join(words.decode('utf-8', 'replace').split())[:QUOTED]}")
        self.code = str(code)
        self.later = code < 500
        self.whole = whole


class Broken(Exception):
    """The line is gone. `doubt`: the letter under way may have been taken."""

    def __init__(self, *, doubt: bool) -> None:
        super().__init__()
        self.doubt = doubt


class _Line(smtplib.SMTP):
    """smtplib over a line to a checked address, each answer within the time-out as a whole."""

    _until = 0.0

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return dial(host, port, timeout)

    def _left(self) -> float:
        return left_until(self._until, float(self.timeout))

    def getreply(self) -> tuple[int, bytes]:
        self._until = time.monotonic() + float(self.timeout)
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(Reader(self.sock, self._left))
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(float(self.timeout))
        super().send(s)


class _SafeLine(smtplib.SMTP_SSL, _Line):
    """TLS from the first byte."""


@contextmanager
def line_to(place: Place, timeout: tuple[float, float]) -> Iterator[smtplib.SMTP]:
    """A line on which letters may be handed over. Raises `Unauthorized` or `Unavailable`; nothing went out then."""
    line = _opened(place, timeout)
    try:
        yield line
    finally:
        with suppress(smtplib.SMTPException, OSError):
            line.quit()
        line.close()


def _opened(place: Place, timeout: tuple[float, float]) -> smtplib.SMTP:
    steps: list[Callable[[smtplib.SMTP], object]] = [lambda line: line.ehlo_or_helo_if_needed()]
    if place.security == "starttls":
        steps.append(lambda line: line.starttls(context=trust()))
    if place.user:
        steps.append(lambda line: line.login(place.user, place.password))
    line: smtplib.SMTP | None = None
    try:
        line = _greeted(place, timeout[0])
        line.timeout = timeout[1]
        for step in steps:
            step(line)
    except (smtplib.SMTPException, OSError) as error:
        trouble = _trouble(place, error)
    else:
        return line
    if line is not None:
        line.close()
    raise trouble  # outside the except block: the original may quote what was sent


def _greeted(place: Place, seconds: float) -> smtplib.SMTP:
    if place.security == "tls":
        return _SafeLine(place.host, place.port, place.domain, timeout=seconds, context=trust())
    return _Line(place.host, place.port, place.domain, timeout=seconds)


def _trouble(place: Place, error: Exception) -> Unauthorized | Unavailable:
    where = f"Máy chủ thư {place.host}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unauthorized(f"{where} không có cách mã hóa hoặc đăng nhập đã chọn. Kiểm tra cấu hình.", code="smtp")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unauthorized(f"{where} đưa ra chứng thư không tin được. Kiểm tra tên máy chủ.", code="tls")
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return Unauthorized(f"{where} không nhận tên hoặc mật khẩu. Nhập lại.", code=str(error.smtp_code))
    if isinstance(error, smtplib.SMTPResponseException):
        code = str(error.smtp_code)
        return Unavailable(f"{where} chưa nhận thư (mã {code}). Chưa gửi gì, hệ thống sẽ tự thử lại.", code=code)
    return Unavailable(f"{where}: không kết nối được. Chưa gửi gì, hệ thống sẽ tự thử lại.", code="transport")


def hand_over(line: smtplib.SMTP, sender: str, address: str, letter: bytes) -> None:
    """One letter to one recipient. Returns when the server has taken it. Raises `Refused` or `Broken`."""
    _ask(line, f"MAIL FROM:<{sender}>", whole=True)
    _ask(line, f"RCPT TO:<{address}>")
    _ask(line, "DATA", good=GO_ON)
    try:
        line.send(_DOT.sub(b"..", letter) + b".\r\n")
        code, words = line.getreply()
    except (smtplib.SMTPException, OSError):
        raise Broken(doubt=True) from None
    if code >= 400:
        raise Refused(code, words)


def takes_sender(line: smtplib.SMTP, sender: str) -> None:
    """Asks, and sends nothing. Raises `Refused`, or `Unavailable` when the line breaks."""
    try:
        _ask(line, f"MAIL FROM:<{sender}>", whole=True)
    except Broken:
        raise Unavailable("Máy chủ thư ngắt đường truyền giữa chừng.", code="transport") from None
    _begin_anew(line)


def _ask(line: smtplib.SMTP, command: str, *, good: int = 250, whole: bool = False) -> None:
    """Says one command; whatever fails here, the letter was not taken."""
    try:
        code, words = line.docmd(command)
    except ValueError:
        raise Refused(BAD_NAME, b"an address that cannot be written") from None
    except (smtplib.SMTPException, OSError):
        raise Broken(doubt=False) from None
    if code == GOES_AWAY:
        raise Broken(doubt=False)
    if code // 10 != good // 10:
        _begin_anew(line)
        raise Refused(code, words, whole=whole and code >= 500)


def _begin_anew(line: smtplib.SMTP) -> None:
    """Forgets the letter under way; a line that cannot even do that shows at the next command."""
    with suppress(smtplib.SMTPException, OSError):
        line.rset()
