"""Draft campaigns from a reading: nothing is guessed, nothing is dropped."""

from __future__ import annotations

from datetime import date

import pytest

from campaigns.definitions import dump, load
from campaigns.deriving import derive, plan_key, walk


def theme(label: str | None, title: str, *children: dict, text: str = "") -> dict:
    return {"label": label, "title": title, "text": text, "children": list(children)}


READING = {
    "number": "18/KH-UBND",
    "date": "2026-01-05",
    "year": 2026,
    "themes": [
        theme("1", "Tuyên truyền về bảo vệ môi trường", theme("a", "Phân loại rác tại nguồn"), theme("b", "Trồng cây")),
        theme("2", "Tuyên truyền về chuyển đổi số"),
    ],
    "channels": [{"kind": "loudspeaker"}, {"kind": "print"}],
    "audiences": [{"name": "Người dân"}],
    "targets": [{"count": None, "period": "month"}, {"count": 1, "period": "month"}],
    "warnings": [],
}


def derived(**changed: object):
    return derive({**READING, **changed}, key="kh-18", publisher="UBND phường", footer="Hỏi: 0200").campaigns


def test_every_theme_is_a_campaign_and_every_letter_a_draft_post():
    first, second = derived()
    assert (first.code, second.code) == ("kh-18-01", "kh-18-02")
    assert first.title == "Bảo vệ môi trường"
    assert [topic.theme for topic in first.topics] == ["1.a", "1.b"]
    assert [topic.theme for topic in second.topics] == ["2"], "a theme without letters is its own post"
    assert first.topics[0].title == "Phân loại rác tại nguồn"
    assert first.topics[0].footer == "Hỏi: 0200"


def test_dates_rhythm_and_channels_are_the_plans_own():
    first, _ = derived()
    assert (first.starts_on, first.ends_on) == (date(2026, 1, 5), date(2026, 12, 31))
    assert (first.rhythm.every, first.rhythm.count, first.rhythm.origin) == ("month", 1, "plan")
    assert first.channels == ["page", "feed", "loudspeaker", "contracted"]
    assert first.audiences == ["Người dân"]


def test_what_the_plan_does_not_say_stays_empty():
    first, _ = derived(date=None, year=None, targets=[], channels=[], audiences=[])
    assert (first.starts_on, first.ends_on, first.rhythm) == (None, None, None)
    assert first.channels == ["page", "feed"]


@pytest.mark.parametrize(("code", "unsure"), [("ocr_no_marks", True), ("ocr_poor", True), ("budget_sum", False)])
def test_words_read_without_their_marks_wait_for_a_person(code, unsure):
    first, _ = derived(warnings=[{"code": code}])
    assert {topic.unconfirmed for topic in first.topics} == {unsure}


def test_doubled_and_missing_labels_get_places_of_their_own():
    themes = [theme("1", "Một"), theme("1", "Một nữa", theme(None, "Ý"), theme("a", "A"), theme("a", "A nữa"))]
    paths = [path for path, _, _ in walk(themes)]
    assert len(set(paths)) == len(paths) == 5
    assert [campaign.themes for campaign in derived(themes=themes)] == [["1"], ["1-2"]]


@pytest.mark.parametrize("title", ["", ".", "…", ";", "   "])
def test_a_theme_without_words_still_makes_a_campaign_that_loads(title):
    definitions = derive({**READING, "themes": [theme("1", title)]}, key="kh", publisher="UBND", footer="")
    assert load(dump(definitions)).campaigns[0].title
    assert definitions.campaigns[0].topics[0].title


@pytest.mark.parametrize(
    ("number", "year", "key"),
    [
        ("18/KH-UBND", 2026, "kh-18-kh-ubnd-2026"),
        ("18/KH-UBND", None, "kh-abcdef01"),
        (None, 2026, "kh-abcdef01"),
        ("…/…", 2026, "kh-abcdef01"),
        ("18/KH-" + "UBND" * 20, 2026, None),
    ],
)
def test_the_key_of_a_plan_makes_codes_that_load(number, year, key):
    found = plan_key({"number": number, "year": year}, "abcdef0123456789")
    assert key in {None, found}
    definitions = derive({**READING, "number": number}, key=found, publisher="UBND", footer="")
    assert load(dump(definitions)) == definitions
