"""People are told what concerns their role, once, in the console and by grouped letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.config import BadSetting, config
from publisher.delivery.accounts import hold, lift
from publisher.delivery.models import ClockBeat
from publisher.delivery.moves import move
from publisher.delivery.states import State
from publisher.following import letters
from publisher.following.models import Endpoint, Letter, Notice
from publisher.following.notices import choose, mark_read, unread
from publisher.following.watch import Watch
from tests.following.days import after, begin, carry, happen, look
from tests.ward import person

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def told(person_) -> list[str]:
    return list(Notice.objects.filter(person=person_).order_by("pk").values_list("words", flat=True))


def test_a_dead_token_is_told_once_to_those_who_can_help(ward):
    account = ward.account("page")
    begin()
    for _ in range(3):
        hold(account, reason="Mã truy cập hết hạn.")
        look()
    words = "Kênh “page thử” tạm dừng: Mã truy cập hết hạn."
    assert told(ward.admin) == told(ward.officer) == [words]
    assert told(ward.approver) == []
    lift(account, by=ward.admin)
    hold(account, reason="Mã truy cập lại hết hạn.")
    look()
    assert len(told(ward.admin)) == 2, "another hold is other news"
    lift(account, by=ward.admin)
    hold(account, reason="đang đổi mã", by=ward.admin)
    look()
    assert len(told(ward.officer)) == 2, "what a person did on purpose is no alarm"


def test_each_role_hears_of_its_own_work(ward):
    begin()
    version = ward.submitted("page")
    missed, doubtful = ward.one("page", title="Tin lỡ giờ"), ward.one("page", title="Tin chưa rõ")
    move(missed, State.MISSED)
    happen(ward.organisation, "delivery.needs_person", f"delivery:{doubtful.pk}", why="không đọc lại được")
    happen(None, "engine.held", "hold:1", reason="Khôi phục bản sao lưu.")
    look()
    assert any(f"Chờ duyệt: “{version.title}”" in words for words in told(ward.approver))
    assert [words for words in told(ward.officer) if "Tin lỡ giờ" in words] == ["Lỡ giờ đăng: “Tin lỡ giờ” → page thử."]
    assert any("Tin chưa rõ" in words for words in told(ward.officer))
    for someone in (ward.admin, ward.officer, ward.approver):
        assert any("Toàn hệ thống tạm dừng đăng: Khôi phục" in words for words in told(someone))
    assert not any("Chờ duyệt" in words for words in told(ward.officer))


def test_a_crowd_is_told_in_one_sentence_and_the_wordless_still(ward):
    begin()
    for number in range(12):
        happen(ward.organisation, "delivery.missed", f"delivery:{number}")
    happen(ward.organisation, "delivery.failed", "delivery:987654")
    look()
    assert told(ward.officer) == ["12 lượt đăng lỡ giờ", "1 lượt không đăng được"]


def test_a_dead_clock_is_told_once_an_outage_by_however_many_watch(ward):
    last = timezone.now()
    beat = ClockBeat.objects.create(name="một", started_at=last, beat_at=last)
    first, second = Watch(last), Watch(last)
    for seconds in (10, 29, 40):
        first.look(last + timedelta(seconds=seconds))
    assert told(ward.admin) == [], "dead at one look only"
    for seconds in (55, 70, 85):
        first.look(last + timedelta(seconds=seconds))
        second.look(last + timedelta(seconds=seconds))
    [words] = told(ward.admin)
    assert words.startswith("Đồng hồ đăng bài đã dừng từ ")
    beat.beat_at = last + timedelta(seconds=90)
    beat.save(update_fields=["beat_at"])
    for seconds in (95, 200, 215):
        first.look(last + timedelta(seconds=seconds))
    assert len(told(ward.admin)) == 2, "the next outage is another"
    just_started = Watch(last + timedelta(days=2))
    just_started.look(last + timedelta(days=2, seconds=1))
    just_started.look(last + timedelta(days=2, seconds=16))
    assert len(told(ward.admin)) == 2, "after a night of everything being off the clock gets time to show itself"


def test_an_endpoint_that_fails_for_an_hour_is_told_once(ward, listen, receiver):
    endpoint = listen("/", "post.*", name="Cổng thành phố")
    receiver.answers["/"] = lambda: 503
    happen(ward.organisation, "post.drafted")
    carry()
    watch = Watch(timezone.now())
    for minutes in (30, 61, 90):
        watch.look(after(minutes=minutes))
    assert [words for words in told(ward.admin) if "Cổng thành phố" in words] == [
        "“Cổng thành phố” không nhận tin từ hơn một giờ nay. Hệ thống vẫn thử lại trong một ngày."
    ]
    assert Endpoint.objects.get(pk=endpoint.pk).failing_since


def test_notices_are_read_one_by_one_or_all_at_once(ward):
    begin()
    for number in range(3):
        happen(ward.organisation, "delivery.failed", f"delivery:{number}")
        look()
    stranger = person(ward.organisation)
    first = Notice.objects.filter(person=ward.officer).earliest("pk")
    assert unread(ward.officer, ward.organisation) == 3
    assert mark_read(stranger, ward.organisation, first.pk) == 0
    assert mark_read(ward.officer, ward.organisation, first.pk) == 1
    assert mark_read(ward.officer, ward.organisation) == 2
    assert unread(ward.officer, ward.organisation) == 0


def write_to(*people) -> None:
    for someone in people:
        someone.email = f"{someone.username}@songvang.example"
        someone.save(update_fields=["email"])


def post(now) -> int:
    letters.gather(now)
    return sum(letters.send(pk, now) for pk in letters.due_letters(now))


def test_what_comes_within_minutes_goes_in_one_letter_to_each(ward, mail):
    write_to(ward.officer, ward.admin, ward.approver)
    choose(ward.admin, by_letter=False)
    begin()
    for number in range(2):
        happen(ward.organisation, "delivery.failed", f"delivery:{number}")
        look()
    hold(ward.account("page"), reason="Mã truy cập hết hạn.")
    look()
    assert post(after(minutes=2)) == 0, "more may come"
    assert post(after(minutes=4)) == 1
    assert post(after(minutes=9)) == 0
    [letter] = mail.letters
    assert letter["To"] == ward.officer.email
    assert letter["Subject"].strip() == "[UBND phường Sông Vàng] 3 việc cần xem"
    assert letter["From"] == "Tin Cơ Sở <bao@songvang.example>"
    text = letter.get_content()
    assert "Kênh “page thử” tạm dừng: Mã truy cập hết hạn." in text
    assert f"{config.origin}/kenh/{ward.account('page').pk}" in text


def test_a_crash_after_the_server_took_it_repeats_the_letter_under_the_same_id(ward, mail):
    write_to(ward.officer)
    begin()
    happen(ward.organisation, "delivery.failed", "delivery:1")
    look()
    now = after(minutes=4)
    letters.gather(now)
    [pk] = letters.due_letters(now)
    Letter.objects.filter(pk=pk).update(turn_until=now + letters.LEASE)
    letters.message_of(Letter.objects.get(pk=pk)).send()  # and here the process dies
    assert not letters.send(pk, now), "its turn lasts"
    assert letters.send(pk, now + letters.LEASE + timedelta(seconds=1))
    first, second = mail.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@songvang.example>")


@pytest.mark.parametrize(("answer", "state"), [("450 busy", "waiting"), ("550 no such user", "given_up")])
def test_a_refused_letter_is_tried_again_or_given_up_as_the_server_says(ward, mail, answer, state):
    write_to(ward.officer)
    mail.refusals[ward.officer.email] = answer
    begin()
    happen(ward.organisation, "delivery.failed", "delivery:1")
    look()
    assert post(after(minutes=4)) == 0
    letter = Letter.objects.get()
    assert (letter.state, letter.tries) == (state, 1)
    assert answer[:3] in letter.answer
    mail.refusals.clear()
    assert post(after(minutes=6)) == (1 if state == "waiting" else 0)


def test_without_a_mail_server_the_console_is_all_there_is(ward):
    write_to(ward.officer)
    begin()
    happen(ward.organisation, "delivery.failed", "delivery:1")
    look()
    assert post(after(minutes=4)) == 0
    assert not Letter.objects.exists()
    assert unread(ward.officer, ward.organisation) == 1


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (
            "smtps://bao%40songvang.example:mat-khau@thu.example",
            ("thu.example", 465, "bao@songvang.example", "at once"),
        ),
        ("smtp://bao@thu.example:2525", ("thu.example", 2525, "bao", "upgrade")),
        ("smtp://127.0.0.1:25", ("127.0.0.1", 25, "", "")),
    ],
)
def test_the_mail_server_is_one_setting(monkeypatch, url, place):
    monkeypatch.setattr(config, "smtp_url", url)
    server = config.mail_server
    assert (server.host, server.port, server.username, server.tls) == place
    assert "mat-khau" not in repr(server)


def test_a_mail_server_that_is_none_is_told_at_the_start(monkeypatch):
    monkeypatch.setattr(config, "smtp_url", "thu.example")
    with pytest.raises(BadSetting, match="PUBLISHER_SMTP_URL"):
        _ = config.mail_server
