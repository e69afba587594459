"""What is known when a call fails: raw servers on loopback, each with one bad habit."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from channels.errors import ChannelError, OutcomeUnknown, Unavailable
from channels.remote import ANSWER_LIMIT, Call, address_problem, ask, mask

Habit = Callable[[socket.socket], None]
Start = Callable[..., str]
TIMEOUT = (0.3, 0.3)
SECRET = "tok-very-secret"


@pytest.fixture
def server() -> Iterator[Start]:
    """Starts a server that reads a request and then does `habit` to the line; gives its address."""
    opened: list[socket.socket] = []

    def start(habit: Habit, heard: list[bytes] | None = None) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        opened.append(listening)

        def run() -> None:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                said = line.recv(65536)
                if heard is not None:
                    heard.append(said)
                habit(line)

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/x?token={SECRET}"

    yield start
    for listening in opened:
        listening.close()


def say(*pieces: bytes) -> Habit:
    def habit(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)

    return habit


def packed(body: bytes, chunked: bool = False) -> bytes:
    small = gzip.compress(body)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    if chunked:
        return head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(small), small)
    return head + b"Content-Length: %d\r\n\r\n%b" % (len(small), small)


def drip(line: socket.socket) -> None:
    """A byte now and then, for ever: never silent long enough for the read time-out."""
    silence = threading.Event()
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        while not silence.wait(0.1):
            line.sendall(b"1\r\nx\r\n")
    except OSError:
        return


def drip_a_head(line: socket.socket) -> None:
    silence = threading.Event()
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    try:
        while not silence.wait(0.1):
            line.sendall(b"x")
    except OSError:
        return


def flood(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
    try:
        for _ in range(ANSWER_LIMIT // 65536 + 100):
            line.sendall(bytes(65536))
    except OSError:
        return


BAD = {
    "silence": lambda line: line.recv(1),
    "no answer": say(),
    "no http": say(b"hello\r\n\r\n"),
    "cut body": say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "cut chunks": say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
    "bad compression": say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
    "redirect": say(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
    "flood": flood,
    "drip": drip,
    "drip in the head": drip_a_head,
    "packed flood": say(packed(bytes(40 * ANSWER_LIMIT))),
    "flood in one chunk": say(packed(bytes(40 * ANSWER_LIMIT), chunked=True)),
}


@pytest.mark.parametrize("habit", sorted(BAD))
def test_a_lost_answer_leaves_doubt_only_about_a_creating_call(server: Start, habit: str) -> None:
    for repeatable, meaning in ((False, OutcomeUnknown), (True, Unavailable)):
        with pytest.raises(ChannelError) as caught:
            ask(Call("POST", server(BAD[habit]), repeatable=repeatable), TIMEOUT)
        assert type(caught.value) is meaning
        assert SECRET not in f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize("url", [
        "http://127.0.0.1:1/x", "https://no-such-host.invalid/x", "nonsense", "http://[bad/x", "ftp://127.0.0.1/x",
        "http://127.0.0.1:99999/x", "http://graph.example\\\\@127.0.0.1/",
    ])  # fmt: skip
def test_nothing_was_sent_where_nobody_was_reached(url: str) -> None:
    with pytest.raises(Unavailable):
        ask(Call("POST", url), TIMEOUT)


def test_a_server_too_busy_to_take_the_line_was_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, ExitStack() as stack:
        for _ in range(4):  # fills the queue of lines waiting to be taken
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        with pytest.raises(Unavailable, match="không kết nối được trong thời gian"):
            ask(Call("POST", f"http://127.0.0.1:{listening.getsockname()[1]}/"), TIMEOUT)


def test_a_server_that_never_answers_the_handshake_was_sent_nothing(server: Start) -> None:
    plain = server(say(b"HTTP/1.1 200 OK\r\n\r\n")).replace("http://", "https://")
    with pytest.raises(ChannelError):
        ask(Call("POST", plain), TIMEOUT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_counts_as_a_lost_answer(server: Start, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    reply = ask(Call("POST", server(say(head + body))), TIMEOUT)
    with pytest.raises(OutcomeUnknown):
        reply.record()


def test_an_answer_comes_back_whole_with_its_headers_in_lower_case(server: Start) -> None:
    reply = ask(Call("GET", server(say(b'HTTP/1.1 418 X\r\nX-Mark: a\r\nContent-Length: 7\r\n\r\n{"a":1}'))), TIMEOUT)
    assert (reply.status, reply.headers["x-mark"], reply.record()) == (418, "a", {"a": 1})
    assert SECRET not in repr(Call("GET", "https://a.example", headers={"access_token": SECRET}))


def test_cookies_are_not_carried_from_one_account_to_the_next(server: Start) -> None:
    heard: list[bytes] = []
    good = b"HTTP/1.1 200 OK\r\nSet-Cookie: who=first; Path=/\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for _ in range(2):
            line, _ = listening.accept()
            with line:
                heard.append(line.recv(65536))
                line.sendall(good)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    for _ in range(2):
        ask(Call("GET", f"http://127.0.0.1:{listening.getsockname()[1]}/"), TIMEOUT)
    thread.join(5)
    listening.close()
    assert len(heard) == 2
    assert b"cookie" not in heard[1].lower()


def test_what_cannot_stand_in_a_header_is_not_sent_nor_quoted(server: Start) -> None:
    with pytest.raises(Unavailable) as caught:
        ask(Call("POST", server(say()), headers={"Authorization": f"Bearer {SECRET}\n"}), TIMEOUT)
    assert SECRET not in f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"


def test_nothing_logged_holds_an_address(server: Start, caplog: pytest.LogCaptureFixture) -> None:
    odd = say(b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 2\r\n\r\n{}")
    with caplog.at_level(logging.DEBUG):
        with suppress(ChannelError):
            ask(Call("POST", server(odd), form={"token": SECRET}), TIMEOUT)
        with suppress(ChannelError):
            ask(Call("POST", server(BAD["cut body"])), TIMEOUT)
    assert SECRET not in caplog.text


def test_a_packed_answer_is_not_unpacked_past_its_limit(server: Start) -> None:
    habit = say(packed(bytes(40 * ANSWER_LIMIT)))
    tracemalloc.start()
    with pytest.raises(OutcomeUnknown, match="quá dài"):
        ask(Call("POST", server(habit)), (1.0, 5.0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * ANSWER_LIMIT


def test_a_large_body_may_take_longer_than_a_connect(server: Start) -> None:
    def slow(line: socket.socket) -> None:
        threading.Event().wait(0.3)
        line.settimeout(0.2)
        with suppress(TimeoutError):
            while line.recv(1 << 20):
                pass
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    reply = ask(Call("POST", server(slow), raw=bytes(16 << 20)), (0.1, 2.0))
    assert reply.record() == {}


@pytest.mark.parametrize(
    ("given", "head", "body"),
    [
        ({"form": {"a": "ă b"}}, b"content-type: application/x-www-form-urlencoded", b"a=%C4%83+b"),
        ({"document": {"a": 1}}, b"content-type: application/json", b'{"a": 1}'),
        ({"raw": b"as it is"}, b"content-length: 8", b"as it is"),
        ({"parts": {"source": ("a.jpg", b"\xff\xd8", "image/jpeg")}}, b"multipart/form-data", b'filename="a.jpg"'),
        ({"query": {"q": "một hai"}}, b"/x?token=" + SECRET.encode() + b"&q=m%e1%bb%99t+hai", b""),
        ({}, b"content-length: 0", b""),
    ],
)
def test_a_call_says_what_it_was_given(server: Start, given: dict[str, Any], head: bytes, body: bytes) -> None:
    heard: list[bytes] = []
    first = threading.Event()

    def listen(line: socket.socket) -> None:
        line.settimeout(0.05)
        with suppress(TimeoutError):
            heard.append(line.recv(65536))
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        first.set()

    ask(Call("POST", server(listen, heard), **given), TIMEOUT)
    assert first.wait(5)
    said = b"".join(heard)
    assert head in said.lower()
    assert body in said
    assert b"accept-encoding: identity" in said.lower()


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://graph.facebook.com", True),
        ("http://127.0.0.1:8099/facebook", True),
        ("http://localhost/x", True),
        ("https://10.0.0.5/x", False),
        ("https://[::ffff:10.0.0.5]/x", False),
        ("https://2130706433/x", False),
        ("https://0177.0.0.1/x", False),
        ("https://１０.0.0.5/x", False),
        ("https://xã-phường.vn/x", True),
        ("https://8.8.8.8/x", True),
        ("http://graph.facebook.com", False),
        ("ftp://graph.facebook.com", False),
        ("https://", False),
        ("http://graph.facebook.com\\@127.0.0.1/", False),
        ("http://ai-do@127.0.0.1/", False),
        ("https://graph.facebook.com\n.example", False),
        ("", False),
    ],
)
def test_an_address_is_https_or_on_this_machine(url: str, fine: bool) -> None:
    assert (address_problem(url, "Địa chỉ") == "") is fine


def test_secrets_are_covered_wherever_they_stand() -> None:
    value = {"a": [f"x{SECRET}y", 3, None], "b": {"c": SECRET}}
    assert mask(value, [SECRET, ""]) == {"a": ["x•••y", 3, None], "b": {"c": "•••"}}
