"""Webhooks, the hub and the mail server: kept word for word, faults included."""

from __future__ import annotations

import json
import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox


def letter(known: str = "<1@songvang.example>") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "bantin@songvang.example", "dan@a.example", "Bản tin phường"
    made["Message-ID"] = known
    made["List-Unsubscribe"] = "<https://a.example/huy?m=1>, <mailto:huy@songvang.example>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content("Kính gửi bà con.\n.\nXem https://a.example/tin?pid=p9\n")
    made.add_alternative("<p>Kính gửi bà con</p>", subtype="html")
    return made


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=5) as opened:
        yield opened


def test_a_webhook_is_kept_with_its_headers_and_raw_body(sandbox: Sandbox) -> None:
    body = '{"tin": "Lịch tiêm", "url": "https://a.example/?pid=p3"}'.encode()
    headers = {"X-Tincoso-Delivery": "d-1", "X-Tincoso-Signature": "v1=00"}
    for _ in range(2):
        answer = requests.post(f"{sandbox.url}/webhook/thu", data=body, headers=headers, timeout=5)
        assert answer.json() == {"received": True}
    first, second = sandbox.posts("webhook")
    assert (first["object"], first["account"], first["pid"]) == ("d-1", "thu", "p3")
    assert first["content"]["body"] == body.decode()
    assert first["content"]["headers"]["x-tincoso-signature"] == "v1=00"
    assert second["object"] == first["object"]  # it does not judge: who sends twice is found here
    assert requests.get(f"{sandbox.url}/webhook/thu", timeout=5).status_code == 405


def test_a_webhook_answers_as_it_was_told_to(sandbox: Sandbox) -> None:
    sandbox.fault("webhook", "post", "status", status=429, retry_after=30)
    sandbox.fault("webhook", "post", "status_after_commit", status=500)
    url = f"{sandbox.url}/webhook/thu"
    busy = requests.post(url, data=b"1", timeout=5)
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "30")
    assert requests.post(url, data=b"2", timeout=5).status_code == 500
    sandbox.fault("webhook", "post", "reset_after_commit", match="ba")
    with pytest.raises(requests.ConnectionError):
        requests.post(url, data=b"ba", timeout=5)
    assert [row["content"]["body"] for row in sandbox.posts("webhook")] == ["2", "ba"]


def test_the_hub_hears_pings_and_refuses_anything_else(sandbox: Sandbox) -> None:
    topics = ["https://a.example/feed.xml", "https://a.example/feed.json"]
    form = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
    assert requests.post(f"{sandbox.url}/hub", data=form, timeout=5).status_code == 204
    assert [row["object"] for row in sandbox.posts("hub")] == topics
    for wrong in ({"hub.mode": "subscribe"}, {"hub.mode": "publish"}):
        assert requests.post(f"{sandbox.url}/hub", data=wrong, timeout=5).status_code == 400


def test_a_letter_is_kept_once_for_each_recipient(sandbox: Sandbox, line: smtplib.SMTP) -> None:
    assert line.send_message(letter(), to_addrs=["a@a.example", "b@a.example"]) == {}
    first, second = sandbox.posts("email")
    assert (first["act"], first["object"], first["pid"]) == ("mail", "<1@songvang.example>", "p9")
    assert [row["account"] for row in (first, second)] == ["a@a.example", "b@a.example"]
    headers = first["content"]["headers"]
    assert headers["List-Unsubscribe"].startswith("<https://a.example/huy?m=1>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Subject"] == "Bản tin phường"
    assert "\n.\n" in first["content"]["text"].replace("\r\n", "\n")
    page = requests.get(f"{sandbox.url}/thu", timeout=5).text
    assert "Đã nhận thư" in page
    assert "Bản tin phường" in page


@pytest.mark.parametrize(("call", "fault", "code"), [("rcpt", "smtp_550", 550), ("mail", "smtp_451", 451)])
def test_a_letter_may_be_refused_before_it_is_read(
    sandbox: Sandbox, line: smtplib.SMTP, call: str, fault: str, code: int
) -> None:
    sandbox.fault("email", call, fault, match="a.example" if call == "rcpt" else "songvang")
    with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)) as refused:
        line.send_message(letter())
    assert str(code) in str(refused.value)
    line.send_message(letter())
    assert len(sandbox.posts("email")) == 1


@pytest.mark.parametrize(
    ("fault", "kept"), [("smtp_451", 0), ("reset_before_commit", 0), ("reset_after_commit", 1), ("never", 1)]
)
def test_after_the_end_of_a_letter_the_answer_may_be_no_or_none(sandbox: Sandbox, fault: str, kept: int) -> None:
    sandbox.fault("email", "data", fault, match="<1@songvang.example>")
    line = smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=0.5 if fault == "never" else 5)
    with pytest.raises((smtplib.SMTPException, TimeoutError)):
        line.send_message(letter())
    line.close()
    assert len(sandbox.posts("email")) == kept


def test_the_mail_server_speaks_in_turn(sandbox: Sandbox, line: smtplib.SMTP) -> None:
    said = [
        "NOOP",
        "RCPT TO:<a@a.example>",
        "MAIL a@a.example",
        "MAIL FROM:<>",
        "DATA",
        "RCPT TO:<a@a.example>",
        "RSET",
    ]
    assert [line.docmd(word)[0] for word in [*said, "DATA", "VRFY x"]] == [250, 503, 501, 250, 503, 250, 250, 503, 502]
    line.login("ai", "bất kỳ".encode().hex())
    with pytest.raises(smtplib.SMTPAuthenticationError):
        line.login("ai", "")
    with socket.create_connection(("127.0.0.1", sandbox.mail_port), timeout=5) as bare:
        assert bare.recv(100).startswith(b"220 ")
        bare.sendall(b"HELO x\r\nQUIT\r\n")
        assert b"221" in bare.recv(200) + bare.recv(200)


def test_chance_strikes_letters_by_their_own_names(sandbox: Sandbox) -> None:
    def struck() -> list[bool]:
        sandbox.chaos(3, {"smtp_451": 0.5})
        return [refused(f"<{number}@songvang.example>") for number in range(12)]

    def refused(known: str) -> bool:
        with smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=5) as line:
            try:
                line.send_message(letter(known))
            except smtplib.SMTPException:
                return True
        return False

    first = struck()
    assert first == struck()
    assert 0 < sum(first) < 12


def test_the_pages_tell_every_act_in_plain_words(sandbox: Sandbox, graph: Any, mp4: bytes) -> None:
    sandbox.turn("video_looks", 0)
    graph.ask("POST", "100000000000001/videos", files={"source": ("a.mp4", mp4)}, data={"description": "Phim"})
    requests.post(f"{sandbox.url}/webhook/thu", data=json.dumps({"tin": "<script>Lịch"}), timeout=5)
    requests.post(f"{sandbox.url}/hub", data={"hub.mode": "publish", "hub.url": "https://a.example/f"}, timeout=5)
    assert "<video controls" in requests.get(f"{sandbox.url}/facebook", timeout=5).text
    text = requests.get(f"{sandbox.url}/nhat-ky", timeout=5).text
    for words in ("Đã nhận video", "Đã đăng", "Đã nhận webhook", "Đã nghe báo nguồn tin có bài mới"):
        assert words in text
    assert "<script>" not in text
    assert "Lịch" in text
