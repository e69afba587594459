"""What is known when a call fails: raw servers on loopback, each with one bad habit."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from channels.errors import ChannelError, OutcomeUnknown, Unavailable
from channels.remote import ANSWER_LIMIT, Call, address_problem, ask, mask

Habit = Callable[[socket.socket], None]
TIMEOUT = (0.5, 0.5)
SECRET = "tok-very-secret"


@pytest.fixture
def server() -> Iterator[Callable[[Habit], str]]:
    """Starts a server that reads a request and then does `habit` to the line; gives its address."""
    opened: list[socket.socket] = []

    def start(habit: Habit) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        opened.append(listening)

        def run() -> None:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                line.recv(65536)
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


def drip(line: socket.socket) -> None:
    """A byte now and then, for ever: never silent long enough for the read time-out."""
    silence = threading.Event()
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        while not silence.wait(0.1):
            line.sendall(b"1\r\nx\r\n")
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
}


@pytest.mark.parametrize("habit", sorted(BAD))
def test_a_lost_answer_leaves_doubt_only_about_a_creating_call(server: Callable[[Habit], str], habit: str) -> None:
    for repeatable, meaning in ((False, OutcomeUnknown), (True, Unavailable)):
        with pytest.raises(ChannelError) as caught:
            ask(Call("POST", server(BAD[habit]), repeatable=repeatable), TIMEOUT)
        assert type(caught.value) is meaning
        assert SECRET not in f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://no-such-host.invalid/x", "nonsense", "http://[bad/x"])
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


def test_a_server_that_never_answers_the_handshake_was_sent_nothing(server: Callable[[Habit], str]) -> None:
    plain = server(say(b"HTTP/1.1 200 OK\r\n\r\n")).replace("http://", "https://")
    with pytest.raises(ChannelError):
        ask(Call("POST", plain), TIMEOUT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_counts_as_a_lost_answer(server: Callable[[Habit], str], body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    reply = ask(Call("POST", server(say(head + body))), TIMEOUT)
    with pytest.raises(OutcomeUnknown):
        reply.record()


def test_an_answer_comes_back_whole_with_its_headers_in_lower_case(server: Callable[[Habit], str]) -> None:
    reply = ask(Call("GET", server(say(b'HTTP/1.1 418 X\r\nX-Mark: a\r\nContent-Length: 7\r\n\r\n{"a":1}'))), TIMEOUT)
    assert (reply.status, reply.headers["x-mark"], reply.record()) == (418, "a", {"a": 1})
    assert SECRET not in repr(Call("GET", "https://a.example", headers={"access_token": SECRET}))


def test_cookies_are_not_carried_from_one_account_to_the_next(server: Callable[[Habit], str]) -> None:
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


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://graph.facebook.com", True),
        ("http://127.0.0.1:8099/facebook", True),
        ("http://localhost/x", True),
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
