"""How the console writes money, days, places and states."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from publisher.console.previews import with_pictures
from publisher.console.templatetags import viet
from publisher.console.times import weekdays_of
from publisher.console.words import EVENTS, STATE_ADVICE, TONES, advice, event_words
from publisher.delivery.states import State

SHA = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("amount", "words"), [(1_600_000_000, "1.600.000.000 đ"), (0, "0 đ"), (-5000, "-5.000 đ"), (None, "—")]
)
def test_money_has_dots_between_thousands(amount: int | None, words: str) -> None:
    assert viet.dong(amount).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_day_is_written_without_leading_zeros() -> None:
    assert viet.day(date(2026, 3, 20)) == "20/3/2026"


def test_a_moment_is_told_in_vietnamese_time() -> None:
    assert viet.day(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)) == "1/1/2027"
    assert viet.clock(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)) == "00:30"


@pytest.mark.parametrize(("days", "words"), [(-1, "hôm qua"), (0, "hôm nay"), (1, "ngày mai")])
def test_near_days_are_called_by_their_name(days: int, words: str) -> None:
    noon = timezone.localtime().replace(hour=12, minute=0)
    assert viet.near(noon + timedelta(days=days)).replace("\N{NO-BREAK SPACE}", " ") == f"12:00 {words}"


def test_far_days_come_with_their_weekday() -> None:
    told = viet.near(datetime(2035, 1, 1, 0, 30, tzinfo=UTC))
    assert told == "07:30 thứ Hai 1/1/2035"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"lines": [12, 14], "page": None}, "dòng 12–14"),
        ({"lines": [7, 7], "page": 2}, "dòng 7, trang 2"),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_place_in_a_document_names_lines_and_page(source: dict | None, words: str) -> None:
    assert viet.place(source) == words


def test_every_state_has_a_tone_and_an_advice() -> None:
    assert set(TONES) == set(STATE_ADVICE) == set(State)


def test_what_stands_is_told_by_who_did_it() -> None:
    told = {advice(State.DELIVERED, by_a_person=person, withdraws=back) for person in (0, 1) for back in (0, 1)}
    assert told == {
        STATE_ADVICE[State.DELIVERED],
        "Việc đã xong và đã được xác nhận.",
        "Bài đã được gỡ khỏi kênh này.",
    }
    assert advice(State.FAILED, by_a_person=True, withdraws=True) == STATE_ADVICE[State.FAILED]


def test_an_event_is_told_in_words_where_they_are_known() -> None:
    assert event_words("delivery.delivered") == "Lượt đăng: đã đăng"
    assert event_words("post.approved") == EVENTS["post.approved"]
    assert event_words("something.new") == "something.new"


@pytest.mark.parametrize(
    ("part", "whole", "width"), [(50, 200, "25.00"), (3, 2, "100.00"), (None, 10, "0.00"), (5, None, "0"), (5, 0, "0")]
)
def test_a_bar_never_leaves_its_frame(part, whole, width: str) -> None:
    assert viet.share(part, whole) == width


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH", ["MO", "TH"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", []),
        ("FREQ=WEEKLY;BYDAY=1MO", []),
        ("FREQ=DAILY", []),
        ("", []),
    ],
)
def test_only_a_plain_weekly_rule_is_shown_as_days(rule: str, days: list[str]) -> None:
    assert weekdays_of(rule) == days


def test_a_public_picture_is_shown_from_the_console() -> None:
    html = f'<img src="https://songvang.example/trang/sv/anh/{SHA[:16]}.jpg" alt="Thùng rác">'
    assert with_pictures(html) == f'<img src="/hinh/{SHA[:16]}" alt="Thùng rác">'


def test_a_figure_without_a_picture_gets_it() -> None:
    html = f'<figure data-sha256="{SHA}"><figcaption>Thùng rác</figcaption></figure>'
    assert f'<img src="/hinh/{SHA[:16]}" alt="">' in with_pictures(html)


def test_other_addresses_stay_as_they_are() -> None:
    html = '<a href="/anh/x.jpg">ảnh</a><img src="https://khac.example/x.jpg" alt="">'
    assert with_pictures(html) == html


def test_markdown_is_shown_without_what_could_run() -> None:
    shown = viet.markdown("**Đậm** <script>alert(1)</script>")
    assert "<strong>Đậm</strong>" in shown
    assert "<script" not in shown
