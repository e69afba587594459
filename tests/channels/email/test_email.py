"""A newsletter over a real SMTP line: one letter to each reader, whatever the server or the line does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Remote, Result
from channels.email import Email, send_single
from channels.errors import (
    ChannelError,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unavailable,
    Unsupported,
)

from .conftest import HANG_UP, Readers

EMAIL = Email()
ALL = ("an@vidu.example", "binh@vidu.example", "chi@vidu.example")


@pytest.fixture
def payload(content, account):
    return EMAIL.shape(content(), account)


@pytest.fixture
def readers(desk):
    return Readers(*ALL)


@pytest.fixture
def desk(desk, request):
    """The engine's: its notes are kept, and it has readers."""
    kept: dict[str, Any] = {}
    desk = replace(desk, notes=kept, keep_notes=lambda notes: kept.update(notes))
    return replace(desk, audience=Readers(*ALL))


def test_everybody_gets_one_letter_with_a_way_out(mail, account, desk, payload):
    outcome = EMAIL.send(payload, account, desk)
    assert outcome.result is Result.DELIVERED
    assert outcome.detail == {"sent": 3}
    assert mail.everybody() == dict.fromkeys(ALL, 1)
    assert mail.lines == 1
    (letter,) = mail.received("an@vidu.example")
    assert letter["Subject"] == "Ngày hội đọc sách phường Sông Vàng"
    assert letter["From"] == "UBND phường Sông Vàng <bantin@songvang.example>"
    assert letter["To"] == "an@vidu.example"
    assert letter["Reply-To"] == "lienhe@songvang.example"
    assert letter["Date"].datetime == desk.now
    assert letter["List-Unsubscribe"] == "<https://songvang.example/thu/huy/r1>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"].strip() == "<song-vang.tin.songvang.example>"
    assert letter.get_content_type() == "multipart/alternative"
    words, page = (part.get_content() for part in letter.iter_parts())
    assert "mượn sách miễn phí" in words
    assert "\r\n.Dòng bắt đầu" in words.replace("\n", "\r\n").replace("\r\r", "\r"), "a dot is not swallowed"
    assert "https://songvang.example/thu/huy/r1" in words
    assert "<strong>mượn sách miễn phí</strong>" in page
    assert 'alt="Bạn đọc"' in page
    assert all(ord(char) < 128 for char in mail.letters[0][1].decode("ascii")), "headers and body are plain on the wire"


def test_no_letter_names_another_reader(mail, account, desk, payload):
    EMAIL.send(payload, account, desk)
    for to, data in mail.letters:
        assert [other for other in ALL if other.encode() in data] == [to]


@pytest.mark.parametrize(
    ("habits", "states"),
    [
        ({"RCPT TO:<binh": "550 no such user"}, ["sent", "refused", "sent"]),
        ({"RCPT TO:<binh": "450 greylisted"}, ["sent", "waiting", "sent"]),
        ({"DATA": "451 later"}, ["waiting", "sent", "sent"]),
        ({".": "554 spam"}, ["refused", "sent", "sent"]),
        ({".": "452 full"}, ["waiting", "sent", "sent"]),
        ({".": HANG_UP}, ["unknown", "waiting", "waiting"]),
        ({"RCPT TO:<binh": HANG_UP}, ["sent", "waiting", "waiting"]),
        ({"RCPT TO:<binh": "421 too many"}, ["sent", "waiting", "waiting"]),
        ({"DATA": HANG_UP}, ["waiting", "waiting", "waiting"]),
    ],
)
def test_each_reader_is_settled_by_what_the_server_said_of_them(mail, account, desk, payload, habits, states):
    mail.habits = dict(habits)
    if set(states) == {"waiting"}:
        with pytest.raises(Unavailable, match="còn 3 người chờ"):
            EMAIL.send(payload, account, desk)
    else:
        outcome = EMAIL.send(payload, account, desk)
        assert outcome.detail == Counter(states)
        assert outcome.result is (Result.PROCESSING if "waiting" in states else Result.DELIVERED)
        assert outcome.remote_id == desk.delivery_ref
    assert list(desk.audience.states.values()) == states


def test_only_those_waiting_are_tried_again_and_a_doubt_is_never_sent_again(mail, account, desk, payload):
    mail.habits = {".": HANG_UP, "RCPT TO:<binh": "451 later", "RCPT TO:<chi": "550 gone"}
    outcome = EMAIL.send(payload, account, desk)
    for waiting in (2, 1):
        assert (outcome.result, outcome.detail["waiting"]) == (Result.PROCESSING, waiting)
        outcome = EMAIL.poll(outcome.token, payload, account, desk)
    assert outcome.result is Result.DELIVERED
    assert outcome.detail == {"sent": 1, "refused": 1, "unknown": 1}
    assert "1 không rõ đã tới chưa" in outcome.proofs[0].value
    assert mail.everybody() == {ALL[0]: 1, ALL[1]: 1}
    assert "không rõ" in desk.audience.why["r1"]
    assert desk.audience.why["r3"] == "550 gone"


def test_a_killed_worker_leaves_one_reader_in_doubt_and_the_rest_go_on(mail, account, desk, payload):
    desk.audience.states["r1"] = "sent"
    desk.audience.begin(desk.audience.recipient("r2"))  # and there the power went
    found = EMAIL.reconcile(payload, account, desk, desk.now)
    assert found is not None
    assert (found.result, found.detail) == (Result.PROCESSING, {"sent": 1, "unknown": 1, "waiting": 1})
    assert mail.letters == [], "looking writes to nobody"
    outcome = EMAIL.poll(found.token, payload, account, desk)
    assert outcome.detail == {"sent": 2, "unknown": 1}
    assert mail.everybody() == {ALL[2]: 1}
    found = EMAIL.reconcile(payload, account, desk, desk.now)
    assert found is not None
    assert found.result is Result.DELIVERED


def test_a_killed_worker_that_reached_nobody_leaves_an_issue_to_be_sent(account, desk, payload):
    assert EMAIL.reconcile(payload, account, desk, desk.now) is None


def test_an_issue_that_a_backup_brought_back_half_sent_waits_for_a_persons_word(mail, account, desk, payload):
    desk.audience.states["r1"] = "sent"  # and who else since then, this record does not know
    assert EMAIL.reconcile(payload, account, desk, desk.due_at) is None
    assert mail.letters == []


def test_a_server_that_turns_us_away_in_the_middle_leaves_the_issue_under_way(mail, account, desk, payload):
    mail.quota = 1
    outcome = EMAIL.send(payload, account, desk)
    assert (outcome.result, outcome.detail) == (Result.PROCESSING, {"sent": 1, "waiting": 2})
    with pytest.raises(Unauthorized, match="không nhận thư"):  # the account is held by the next turn
        EMAIL.poll(outcome.token, payload, account, desk)
    mail.quota = 3
    assert EMAIL.poll(outcome.token, payload, account, desk).detail == {"sent": 3}
    assert mail.everybody() == dict.fromkeys(ALL, 1)


def test_a_server_that_always_says_later_is_given_up_after_a_while(mail, account, desk, payload):
    mail.habits = {"*RCPT TO:<binh": "450 always later"}
    outcome = EMAIL.send(payload, account, desk)
    assert outcome.result is Result.PROCESSING
    soon, late = (replace(desk, now=desk.now + timedelta(minutes=minutes)) for minutes in (59, 61))
    assert EMAIL.poll(outcome.token, payload, account, soon).result is Result.PROCESSING
    outcome = EMAIL.poll(outcome.token, payload, account, late)
    assert (outcome.result, outcome.detail) == (Result.DELIVERED, {"sent": 2, "refused": 1})


def test_many_readers_are_written_to_turn_by_turn(mail, account, desk, payload):
    account = replace(account, settings={**account.settings, "letters_a_turn": "2"})
    outcome = EMAIL.send(payload, account, desk)
    assert (outcome.result, outcome.detail) == (Result.PROCESSING, {"sent": 2, "waiting": 1})
    outcome = EMAIL.poll(outcome.token, payload, account, desk)
    assert outcome.result is Result.DELIVERED
    assert mail.everybody() == dict.fromkeys(ALL, 1)
    assert mail.lines == 2


def test_a_correction_goes_to_those_who_had_the_first_letter_and_stands_below_it(mail, account, desk, content, payload):
    account = replace(account, settings={**account.settings, "letters_a_turn": "2"})
    EMAIL.poll(EMAIL.send(payload, account, desk).token, payload, account, desk)
    remote = Remote(desk.delivery_ref, "", desk.delivery_ref, desk.due_at)
    again = replace(desk, delivery_ref="luot-2", audience=Readers(*ALL))
    corrected = EMAIL.shape(content(title="Ngày hội đọc sách dời sang chủ nhật"), account)
    outcome = EMAIL.update(remote, corrected, account, again)
    EMAIL.poll(outcome.token, corrected, account, again)
    for address in ALL:
        first, second = mail.received(address)
        assert second["Subject"] == "ĐÍNH CHÍNH: Ngày hội đọc sách dời sang chủ nhật"
        assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
        assert second["Message-ID"] != first["Message-ID"]
        assert "thay cho thư" in second.get_body(("plain",)).get_content()


def test_the_name_of_a_letter_is_the_same_in_every_try(mail, account, desk, payload):
    EMAIL.send(payload, account, desk)
    EMAIL.send(payload, account, replace(desk, audience=Readers(*ALL), now=desk.now + timedelta(hours=1)))
    for address in ALL:
        first, second = (letter["Message-ID"] for letter in mail.received(address))
        assert first == second
    assert len({letter["Message-ID"] for address in ALL for letter in mail.received(address)}) == 3


def test_a_letter_cannot_be_called_back(account, desk):
    assert not EMAIL.can_withdraw
    with pytest.raises(Unsupported, match="đính chính"):
        EMAIL.withdraw(Remote("luot-1", "", "luot-1", desk.due_at), account, desk)


def test_an_issue_without_readers_is_out_and_says_so(mail, account, desk, payload):
    outcome = EMAIL.send(payload, account, replace(desk, audience=Readers()))
    assert outcome.result is Result.DELIVERED
    assert "chưa có ai đăng ký" in outcome.proofs[0].value
    assert mail.lines == 0
    with pytest.raises(Unsupported):
        EMAIL.send(payload, account, replace(desk, audience=None))


@pytest.mark.parametrize(
    ("habits", "meaning"),
    [
        ({"HELLO": HANG_UP}, Unavailable),
        ({"HELLO": "421 busy"}, Unavailable),
        ({"HELLO": "hello?"}, Unavailable),
        ({"EHLO": HANG_UP}, Unavailable),
        ({"MAIL": "550 not your name"}, Unauthorized),
        ({"MAIL": "530 sign in first"}, Unauthorized),
        ({"MAIL": "451 later"}, Unavailable),
    ],
)
def test_where_the_server_takes_nobody_all_wait(mail, account, desk, payload, habits, meaning):
    mail.habits = {f"*{name}": words for name, words in habits.items()}
    with pytest.raises(ChannelError) as caught:
        EMAIL.send(payload, account, desk)
    assert type(caught.value) is meaning
    assert set(desk.audience.states.values()) == {"waiting"}
    assert mail.letters == []


def test_a_server_nobody_reaches_or_that_drips_was_sent_nothing(mail, account, desk, payload, free_ports):
    away = replace(account, settings={**account.settings, "port": str(free_ports(1)[0])})
    with pytest.raises(Unavailable, match="không kết nối được"):
        EMAIL.send(payload, away, desk)
    mail.habits = {"*EHLO": "\r\n".join(["250-more"] * 200_000)}
    with pytest.raises(Unavailable):
        EMAIL.send(payload, account, replace(desk, timeout=(0.2, 0.2)))
    assert set(desk.audience.states.values()) == {"waiting"}


def test_a_password_is_sent_only_under_cover_and_a_wrong_one_holds_the_account(mail, account, desk, payload):
    mail.password = "mat-khau-dai"
    signed_in = replace(account, settings={**account.settings, "user": "bantin"}, secrets={"password": "mat-khau-dai"})
    assert EMAIL.send(payload, signed_in, desk).detail == {"sent": 3}
    wrong = replace(signed_in, secrets={"password": "mat-khau-sai"})
    with pytest.raises(Unauthorized) as caught:
        EMAIL.send(payload, wrong, replace(desk, audience=Readers(*ALL)))
    assert "mat-khau" not in f"{caught.value!r}{caught.value.__context__!r}"
    covered = replace(signed_in, settings={**signed_in.settings, "security": "starttls"})
    before = len(mail.said)
    with pytest.raises(Unauthorized, match="mã hóa"):
        EMAIL.send(payload, covered, replace(desk, audience=Readers(*ALL)))
    assert not [command for command in mail.said[before:] if command.startswith("AUTH")]


@pytest.mark.parametrize(("security", "tls"), [("starttls", "upgrade"), ("tls", "at once")])
@pytest.mark.usefixtures("trusted")
def test_under_cover_everything_goes_as_without(secured, account, desk, payload, security, tls):
    secured.tls, secured.password = tls, "mat-khau-dai"
    settings = {**account.settings, "security": security, "user": "bantin"}
    covered = replace(account, settings=settings, secrets={"password": "mat-khau-dai"})
    assert EMAIL.send(payload, covered, desk).detail == {"sent": 3}
    assert EMAIL.check(covered, desk).works


@pytest.mark.parametrize(("security", "tls"), [("starttls", "upgrade"), ("tls", "at once")])
def test_a_server_nobody_vouches_for_gets_neither_password_nor_letter(secured, account, desk, payload, security, tls):
    secured.tls, secured.password = tls, "mat-khau-dai"
    settings = {**account.settings, "security": security, "user": "bantin"}
    covered = replace(account, settings=settings, secrets={"password": "mat-khau-dai"})
    with pytest.raises(Unauthorized, match="chứng thư"):
        EMAIL.send(payload, covered, desk)
    assert not [command for command in secured.said if command.startswith(("AUTH", "MAIL"))]


def test_a_look_at_the_account_sends_no_letter(mail, account, desk):
    checkup = EMAIL.check(account, desk)
    assert checkup.works
    assert len(checkup.findings) == 2
    mail.habits = {"MAIL": "550 not your name"}
    checkup = EMAIL.check(account, desk)
    assert not checkup.works
    assert "550 not your name" in checkup.findings[-1].message
    covered = replace(account, settings={**account.settings, "security": "starttls"})
    assert not EMAIL.check(covered, desk).works
    mail.habits = {"HELLO": HANG_UP}
    with pytest.raises(Unavailable):
        EMAIL.check(account, desk)
    assert mail.letters == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"host": ""}, "Máy chủ thư"),
        ({"host": "10.0.0.25"}, "PUBLISHER_OUTBOUND_HOSTS"),
        ({"host": "smtp.songvang.example"}, "chính máy này"),
        ({"security": "ssl"}, "starttls"),
        ({"port": "thư"}, "Cổng"),
        ({"port": "70000"}, "Cổng"),
        ({"sender": "bantin"}, "Địa chỉ người gửi"),
        ({"sender": "a@b.example\r\nBcc: c@d.example"}, "Địa chỉ người gửi"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(account, changed, words):
    assert EMAIL.problems(account) == []
    found = EMAIL.problems(replace(account, settings={**account.settings, **changed}))
    assert any(words in problem for problem in found), found


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_usual_ports_are_known(account, security):
    usual = {"host": "smtp.songvang.example", "security": security, "sender": "a@songvang.example"}
    assert EMAIL.problems(replace(account, settings=usual)) == []


def test_words_that_could_break_a_header_do_not(mail, account, desk, content):
    odd = replace(account, settings={**account.settings, "sender_name": 'Phường "Sông\r\nBcc: x@y.example'})
    payload = EMAIL.shape(content(title="Một\r\nBcc: x@y.example\tdòng"), odd)
    desk = replace(desk, audience=Readers("an@vidu.example", "dau cach@vidu.example", "bình@vidu.example"))
    outcome = EMAIL.send(payload, odd, desk)
    assert outcome.detail == {"sent": 1, "refused": 2}
    (letter,) = mail.received("an@vidu.example")
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Một Bcc: x@y.example dòng"


@pytest.mark.parametrize(
    ("habits", "meaning"),
    [
        ({}, None),
        ({"RCPT": "550 no"}, Rejected),
        ({"RCPT": "450 later"}, Unavailable),
        ({"DATA": HANG_UP}, Unavailable),
        ({".": HANG_UP}, OutcomeUnknown),
    ],
)
def test_a_single_letter_says_what_became_of_it(mail, account, desk, habits, meaning):
    mail.habits = habits

    def send(to: str = "an@vidu.example") -> None:
        send_single(account, to, "Xác nhận\nđăng ký", "Bấm vào đây", ref="thu-1", now=desk.now, timeout=(1.0, 1.0))

    if meaning is None:
        send()
        (letter,) = mail.received("an@vidu.example")
        assert letter["Subject"] == "Xác nhận đăng ký"
        with pytest.raises(Rejected):
            send("không phải địa chỉ")
    else:
        with pytest.raises(meaning) as caught:
            send()
        assert "an@" not in caught.value.message


def test_the_preview_shows_the_letter(content, account):
    preview = EMAIL.preview(EMAIL.shape(content(title="<i>Tin</i>"), account), account)
    assert "&lt;i&gt;Tin&lt;/i&gt;" in preview.html
    assert preview.text.startswith("Tiêu đề: <i>Tin</i>")
    assert preview.warnings == ()
    long = EMAIL.preview(EMAIL.shape(content(title="Tin " * 30, url="", pictures=()), account), account)
    assert len(long.warnings) == 2
    with pytest.raises(Unsupported):
        EMAIL.shape(content(title=""), account)
