"""A mail server on loopback that speaks SMTP as RFC 5321 has it, with one bad habit at a time."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from channels.contract import Account, Content, Desk, Picture, Publisher, Recipient
from channels.reach import trust

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HANG_UP = "hang up"


@dataclass
class MailServer:
    """`habits`: what it answers instead of 250, by the beginning of a command; each once, or always with "*" before it.

    Commands: "HELLO" (the greeting), "MAIL …", "RCPT TO:<…>", "DATA", "." (after the letter), "AUTH …".
    """

    port: int = 0
    password: str = ""
    habits: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    lines: int = 0
    context: ssl.SSLContext | None = None
    tls: str = ""  # "at once" or "upgrade"
    quota: int = 1000  # letters; whoever sends more is turned away

    def received(self, address: str) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=policy.SMTP) for to, data in self.letters if to == address]

    def everybody(self) -> Counter[str]:
        return Counter(to for to, _ in self.letters)

    def habit(self, command: str, otherwise: str) -> str:
        for name in list(self.habits):
            always = name.startswith("*")
            if command.startswith(name.removeprefix("*")):
                return self.habits[name] if always else self.habits.pop(name)
        return otherwise

    def serve(self, line: socket.socket) -> None:
        self.lines += 1
        line.settimeout(20)
        with suppress(OSError, Gone):
            if self.tls == "at once" and self.context:
                line = self.context.wrap_socket(line, server_side=True)
            Talk(self, line).run()
        line.close()


class Gone(Exception):
    """The line was hung up."""


class Talk:
    def __init__(self, server: MailServer, line: socket.socket) -> None:
        self.server, self.line, self.file = server, line, line.makefile("rb")
        self.to = ""

    def say(self, command: str, otherwise: str) -> str:
        words = self.server.habit(command, otherwise)
        if words == HANG_UP:
            raise Gone
        self.line.sendall(words.encode() + b"\r\n")
        return words

    def run(self) -> None:
        self.say("HELLO", "220 mail.example ESMTP")
        while told := self.file.readline():
            command = told.decode().strip()
            self.server.said.append(command)
            if self.answer(command):
                return

    def answer(self, command: str) -> bool:
        verb = command.split(" ")[0].upper()
        if verb == "EHLO":
            secured = isinstance(self.line, ssl.SSLSocket)
            offers = ["AUTH PLAIN"] if self.server.password else []
            offers += ["STARTTLS"] if self.server.tls == "upgrade" and not secured else []
            self.say("EHLO", "\r\n".join(["250-mail.example", *(f"250-{offer}" for offer in offers), "250 8BITMIME"]))
        elif verb == "STARTTLS" and self.server.context:
            self.say(command, "220 go on")
            self.line = self.server.context.wrap_socket(self.line, server_side=True)
            self.file = self.line.makefile("rb")
        elif verb == "AUTH":
            given = base64.b64decode(command.split(" ")[2]).split(b"\0")[2].decode()
            self.say(command, "235 welcome" if given == self.server.password else "535 no")
        elif verb == "MAIL" and len(self.server.letters) >= self.server.quota:
            self.say(command, "550 quota exceeded")
        elif verb == "RCPT":
            self.to = command.partition("<")[2].partition(">")[0]
            self.say(command, "250 ok")
        elif verb == "DATA":
            if self.say(command, "354 go on").startswith("354"):
                self.take()
        elif verb == "QUIT":
            self.say(command, "221 bye")
            return True
        else:
            self.say(command, "250 ok")
        return False

    def take(self) -> None:
        letter = bytearray()
        while (row := self.file.readline()) not in (b".\r\n", b""):
            letter += row[1:] if row.startswith(b"..") else row
        words = self.server.habit(".", "250 taken")
        if words.startswith("250") or words == HANG_UP:  # whoever hangs up now has taken it
            self.server.letters.append((self.to, bytes(letter)))
        if words == HANG_UP:
            raise Gone
        self.line.sendall(words.encode() + b"\r\n")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    listening = socket.create_server(("127.0.0.1", 0))
    server.port = listening.getsockname()[1]

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _ = listening.accept()
                threading.Thread(target=server.serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield server
    listening.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, which nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = made.add_extension(here, critical=False).add_extension(x509.BasicConstraints(True, None), critical=True)
    day = timedelta(days=1)
    signed = made.not_valid_before(now - day).not_valid_after(now + day).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("mail") / "chung-thu"
    encoding, private, plain = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    path.write_bytes(key.private_bytes(encoding, private, plain) + signed.public_bytes(encoding))
    return path


@pytest.fixture
def secured(mail: MailServer, certificate: Path) -> MailServer:
    mail.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mail.context.load_cert_chain(certificate)
    return mail


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The office has added the certificate to those its system believes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trust.cache_clear()
    yield
    trust.cache_clear()


class Readers:
    """An audience in memory that keeps the promises of the contract."""

    def __init__(self, *addresses: str) -> None:
        self.readers = {f"r{n}": address for n, address in enumerate(addresses, 1)}
        self.states = dict.fromkeys(self.readers, "waiting")
        self.why: dict[str, str] = {}

    def recipient(self, ref: str) -> Recipient:
        return Recipient(ref, self.readers[ref], f"https://songvang.example/thu/huy/{ref}")

    def waiting(self) -> Iterator[Recipient]:
        yield from [self.recipient(ref) for ref, state in self.states.items() if state == "waiting"]

    def begin(self, recipient: Recipient) -> bool:
        if self.states[recipient.ref] != "waiting":
            return False
        self.states[recipient.ref] = "sending"
        return True

    def settle(self, recipient: Recipient, state: str, why: str = "") -> None:
        self.states[recipient.ref], self.why[recipient.ref] = state, why

    def tally(self) -> Mapping[str, int]:
        self.states = {ref: "unknown" if state == "sending" else state for ref, state in self.states.items()}
        return dict(Counter(self.states.values()))


@pytest.fixture
def account(mail: MailServer) -> Account:
    settings = {
        "host": "127.0.0.1",
        "port": str(mail.port),
        "security": "none",
        "sender": "bantin@songvang.example",
        "reply_to": "lienhe@songvang.example",
    }
    return Account("9", "email", "Bản tin", settings, {})


@pytest.fixture
def desk() -> Desk:
    now = datetime(2026, 3, 20, 9, 5, tzinfo=ZONE)
    return Desk("luot-1", now - timedelta(minutes=5), now, {}.__getitem__, timeout=(1.0, 1.0))


@pytest.fixture
def content() -> Callable[..., Content]:
    ward = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "song-vang")
    picture = Picture("a" * 64, "image/jpeg", 1200, 675, 90_000, "Bạn đọc", "https://songvang.example/a.jpg")
    plain = Content(
        ref="bai7k2",
        title="Ngày hội đọc sách phường Sông Vàng",
        lead="Sáng thứ bảy, thư viện phường mở cửa.",
        body="Bạn đọc được **mượn sách miễn phí**.\n\n.Dòng bắt đầu bằng dấu chấm",
        footer="Đường dây nóng: 0900 000 000",
        publisher=ward,
        url="https://songvang.example/bai/ngay-hoi-doc-sach-bai7k2/",
        pictures=(picture,),
    )
    return lambda **changed: replace(plain, **changed)
