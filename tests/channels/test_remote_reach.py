"""Which machines are called: public ones and those configured, by the very address that was looked at."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels import reach, remote
from channels.errors import ChannelError, Unauthorized, Unavailable
from channels.reach import allow, dial, host_problem, is_public
from channels.remote import Call, address_problem, ask

TIMEOUT = (1.0, 1.0)
Names = dict[str, list[str]]


@pytest.fixture
def nothing_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an installation is that configured nothing."""
    monkeypatch.setattr(reach, "_allowed", frozenset())


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The name service of the test, name by name; it is asked for the name "asked" how often it was asked for names."""
    known: Names = {}
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int | None, *rest: int, **more: int) -> object:
        with suppress(ValueError):
            return real(host, port, *rest, **more) if reach.ip_address(host) else None
        asked.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(reach, "_answers", {})
    known["asked"] = asked
    return known


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),  # noqa: S104
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),  # shared by providers; 100.100.100.200 tells secrets in one cloud
        ("169.254.169.254", False),  # tells secrets in most
        ("168.63.129.16", False),
        ("192.0.0.192", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),  # 6to4 around 127.0.0.1
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),  # Teredo around 127.0.0.1
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
    ],
)
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "a.localhost", "LOCALHOST.", "::1", "[::1]", "10.0.0.5", "169.254.169.254"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "１２７.0.0.1", "", "."),
    ],
)
@pytest.mark.usefixtures("nothing_allowed")
def test_a_host_inside_is_refused_however_it_is_written(host: str) -> None:
    assert host_problem(host)
    assert address_problem(f"https://{host}/", "Địa chỉ nhận")
    with pytest.raises(ChannelError) as refused:
        ask(Call("POST", f"https://{host}/token"), TIMEOUT)
    assert isinstance(refused.value, Unauthorized | Unavailable)
    assert "token" not in str(refused.value)


@pytest.mark.parametrize("host", ["graph.facebook.com", "8.8.8.8", "ủy-ban.vn", "xn--e1afmkfd.vn", "a.b-c.example."])
@pytest.mark.usefixtures("nothing_allowed")
def test_a_public_host_may_be_tried(host: str) -> None:
    assert host_problem(host) == ""


@pytest.mark.usefixtures("nothing_allowed")
def test_this_machine_is_called_only_once_it_is_configured(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    assert "PUBLISHER_OUTBOUND_HOSTS" in address_problem(f"http://127.0.0.1:{port}/", "Địa chỉ nhận")
    with pytest.raises(Unauthorized, match="PUBLISHER_OUTBOUND_HOSTS"):
        ask(Call("GET", f"http://127.0.0.1:{port}/"), TIMEOUT)
    with pytest.raises(Unauthorized):
        dial("127.0.0.1", port, 1.0)
    allow(["127.0.0.1"])
    assert address_problem(f"http://127.0.0.1:{port}/", "Địa chỉ nhận") == ""
    assert address_problem(f"http://localhost:{port}/", "Địa chỉ nhận") == ""
    dial("localhost", port, 1.0).close()


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["169.254.169.254"], ["fd00:ec2::254"]])
@pytest.mark.usefixtures("nothing_allowed")
def test_a_name_that_leads_inside_is_refused_by_any_of_its_addresses(names: Names, answer: list[str]) -> None:
    names["la.example"] = answer
    with pytest.raises(Unauthorized, match=r"la\.example"):
        dial("la.example", 443, 1.0)
    with pytest.raises(Unauthorized, match=r"la\.example"):
        ask(Call("GET", "https://la.example/"), TIMEOUT)


def test_to_allow_this_machine_is_not_to_allow_names_that_lead_to_it(names: Names) -> None:
    names["la.example"] = ["127.0.0.1"]
    with pytest.raises(Unauthorized):
        dial("la.example", 443, 1.0)


def test_plain_http_goes_to_this_machine_alone(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "_allowed", reach._allowed | {"noi-bo.example", "10.0.0.5"})
    names["noi-bo.example"] = ["127.0.0.1"]
    for url in ("http://noi-bo.example/", "http://10.0.0.5/", "http://graph.facebook.com/"):
        assert "https://" in address_problem(url, "Địa chỉ")
        with pytest.raises(Unauthorized):
            ask(Call("GET", url), TIMEOUT)
    assert address_problem("https://noi-bo.example/", "Địa chỉ") == ""


def test_the_line_goes_to_the_address_that_was_looked_at_and_nobody_is_asked_twice(
    names: Names, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = listening.getsockname()[1]
    monkeypatch.setattr(reach, "_allowed", frozenset({"noi-bo.example"}))
    names["noi-bo.example"] = ["127.0.0.1"]
    dial("noi-bo.example", port, 1.0).close()
    names["noi-bo.example"] = ["192.0.2.1"]  # the owner of the name changes their mind
    with dial("Noi-Bo.example.", port, 1.0) as line:
        assert line.getpeername() == ("127.0.0.1", port)
    assert names["asked"] == ["noi-bo.example"]


def test_the_next_address_is_tried_when_nobody_is_at_the_first(
    names: Names, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_allowed", frozenset({"hai.example"}))
    names["hai.example"] = ["127.0.0.9", "127.0.0.1"]
    dial("hai.example", listening.getsockname()[1], 1.0).close()


def test_a_name_service_that_is_silent_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: silence.wait(30))
    with pytest.raises(Unavailable, match="trong thời gian cho phép"):
        ask(Call("POST", "https://im-lang.example/"), (0.1, 1.0))
    silence.set()


@pytest.fixture
def safe_server(tmp_path: Path, listening: socket.socket) -> Callable[[], tuple[int, list[str], list[bytes]]]:
    """A TLS server whose certificate nobody vouches for; it keeps the names it was called by and what it heard."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "noi-bo.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    for extension in (x509.SubjectAlternativeName([x509.DNSName("noi-bo.example")]), x509.BasicConstraints(True, None)):
        made = made.add_extension(extension, critical=False)
    signed = (
        made.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "chung-thu"
    encoding, private, plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(key.private_bytes(encoding, private, plain) + signed.public_bytes(encoding))

    def start() -> tuple[int, list[str], list[bytes]]:
        called, heard = [], []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        context.sni_callback = lambda _, name, __: called.append(name)

        def serve() -> None:
            with suppress(OSError):
                line, _ = listening.accept()
                with context.wrap_socket(line, server_side=True) as safe:
                    heard.append(whole_request(safe))
                    safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        threading.Thread(target=serve, daemon=True).start()
        return listening.getsockname()[1], called, heard

    return start


def whole_request(line: ssl.SSLSocket) -> bytes:
    """Head and body, which come in two pieces: a line closed over an unread piece would be torn, not ended."""
    heard = b""
    while news := line.recv(1000):
        heard += news
        head, end, body = heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if end and len(body) >= int(length[1] if length else 0):
            break
    return heard


def test_a_pinned_line_still_asks_for_the_name_and_trusts_no_unknown_certificate(
    names: Names, safe_server: Callable[[], tuple[int, list[str], list[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_allowed", frozenset({"noi-bo.example"}))
    names["noi-bo.example"] = ["127.0.0.1"]
    port, called, heard = safe_server()
    with pytest.raises(Unavailable, match="không kết nối được"):
        ask(Call("POST", f"https://noi-bo.example:{port}/", form={"a": "b"}), TIMEOUT)
    assert called == ["noi-bo.example"]
    assert heard in ([], [b""])


@pytest.fixture
def believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system believes the server's certificate; lines kept before it did are not used again."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "chung-thu"))
    monkeypatch.setattr(remote, "_local", threading.local())
    reach.trust.cache_clear()
    yield
    reach.trust.cache_clear()


@pytest.mark.parametrize(("host", "trusted"), [("noi-bo.example", True), ("khac.example", False)])
def test_a_certificate_must_be_of_the_name_that_was_asked_for(
    names: Names,
    safe_server: Callable[[], tuple[int, list[str], list[bytes]]],
    believed: None,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,
) -> None:
    monkeypatch.setattr(reach, "_allowed", frozenset({host}))
    names[host] = ["127.0.0.1"]
    port, _, heard = safe_server()
    call = Call("POST", f"https://{host}:{port}/nhan", document={"a": 1})
    if trusted:
        assert ask(call, TIMEOUT).record() == {}
        assert b"Host: noi-bo.example" in heard[0]
    else:
        with pytest.raises(Unavailable):
            ask(call, TIMEOUT)
        assert heard in ([], [b""])
