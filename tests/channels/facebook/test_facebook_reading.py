from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.facebook.reading import is_ours, next_cursor, ours

LINK = "https://songvang.example/bai/sach?pid=bai7k2"
WORDS = "Ngày hội đọc sách"
SINCE = datetime(2026, 11, 22, 8, 0, 0, 500_000, UTC)


def post(at: str = "08:00:05", message: str = WORDS, link: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"id": at, "message": message, "created_time": f"2026-11-22T{at}+0000"}
    if link:
        made["attachments"] = {"data": [{"unshimmed_url": link}]}
    return made


@pytest.mark.parametrize(
    ("remote", "found"),
    [
        (post(link=LINK), True),
        (post(message="khác hẳn", link=LINK), True),
        (post(message=f"{WORDS}\n\nXem đầy đủ: {LINK}."), True),
        (post(link=LINK + "&fbclid=abc"), True),
        (post(link=LINK + "x"), False),  # the mark of another post that begins alike
        (post(link="https://khac.example/bai/sach?pid=bai7k2"), False),
        (post(message=unicodedata.normalize("NFD", f"  {WORDS}\r\n")), True),  # no mark to be seen: exact words
        (post(message=WORDS + "!"), False),
        ({"id": "1"}, False),
    ],
)
def test_a_post_is_ours_by_its_mark_or_else_by_its_exact_words(remote: dict[str, Any], found: bool) -> None:
    assert is_ours(remote, WORDS, LINK) is found


def test_the_earliest_after_the_start_wins() -> None:
    posts = [post("08:00:09"), post("08:00:03"), post("07:59:00")]
    assert (ours(posts, WORDS, "", SINCE) or {})["id"] == "08:00:03"


def test_the_vendors_whole_seconds_do_not_hide_a_post_of_the_same_second() -> None:
    assert (ours([post("07:58:30"), post("08:00:00")], WORDS, "", SINCE) or {})["id"] == "08:00:00"


def test_a_vendor_clock_that_runs_late_is_forgiven_for_two_minutes() -> None:
    assert (ours([post("07:58:30"), post("07:59:30")], WORDS, "", SINCE) or {})["id"] == "07:59:30"
    assert ours([post("07:57:30")], WORDS, "", SINCE) is None


def test_a_post_without_a_time_is_never_taken_for_ours() -> None:
    assert (
        ours([{"id": "1", "message": WORDS}, {"id": "2", "message": WORDS, "created_time": "?"}], WORDS, "", SINCE)
        is None
    )


def test_the_next_page_is_named_by_its_cursor() -> None:
    assert next_cursor({"paging": {"next": "https://graph.example/v/1/posts?limit=1&after=QVE%3D"}}) == "QVE="
    assert next_cursor({"paging": {"cursors": {"after": "x"}}}) == ""
    assert next_cursor({"data": []}) == ""
