"""Period, rhythm, owner and budget line of a campaign: the plan's own words, or nothing and a note."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from campaigns.definitions import KINDS, CampaignDefinition
from campaigns.deriving import derive
from campaigns.periods import stated_period
from channels.registry import CHANNELS


def theme(
    label: str, title: str, *children: dict[str, Any], lines: tuple[int, int] = (0, 0), **more: Any
) -> dict[str, Any]:
    return {
        "label": label, "title": title, "text": title, "children": list(children), "extent": list(lines),
        "source": {"lines": list(lines)}, **more,
    }  # fmt: skip


def target(count: int | None, unit: str | None, period: str | None, **more: Any) -> dict[str, Any]:
    return {
        "count": count,
        "unit": unit,
        "period": period,
        "op": ">=",
        "channel": None,
        "source": {"lines": [1, 1]},
        **more,
    }


def line(name: str, label: str | None = None, *payees: str) -> dict[str, Any]:
    return {"label": label, "name": name, "amount": 1, "payees": [{"name": p, "amount": 1} for p in payees]}


PLAN: dict[str, Any] = {
    "number": "18/KH-UBND",
    "date": "2026-01-05",
    "year": 2026,
    "title": "Tuyên truyền năm 2026",
    "themes": [
        theme("1", "Tuyên truyền về phân loại rác tại nguồn", lines=(10, 19)),
        theme("2", "Tuyên truyền về nước sạch nông thôn", lines=(20, 29)),
    ],
    "warnings": [],
}


def derived(**changed: Any) -> list[CampaignDefinition]:
    return derive({**PLAN, **changed}, key="kh-18", publisher="UBND phường", footer="").campaigns


def rhythms(*targets: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    first = derived(targets=list(targets))[0]
    return [(r.every, r.count, r.channel) for r in [first.rhythm, *first.rhythms] if r]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Tuyên truyền quý I năm 2027", (2027, 1, 1), (2027, 3, 31)),
        ("Tuyên truyền quý IV/2026", (2026, 10, 1), (2026, 12, 31)),
        ("Kế hoạch 6 tháng đầu năm 2026", (2026, 1, 1), (2026, 6, 30)),
        ("06 tháng cuối năm 2026", (2026, 7, 1), (2026, 12, 31)),
        ("Tuyên truyền tháng 2/2028", (2028, 2, 1), (2028, 2, 29)),
        ("từ tháng 3 đến hết tháng 9 năm 2026", (2026, 3, 1), (2026, 9, 30)),
        ("từ ngày 15/11 đến ngày 15/12/2026", (2026, 11, 15), (2026, 12, 15)),
        ("đợt cao điểm từ 20/12/2026 đến 10/01/2027", (2026, 12, 20), (2027, 1, 10)),
        ("đến hết ngày 30/6/2026", None, (2026, 6, 30)),
        ("giai đoạn 2026 - 2030", (2026, 1, 1), (2030, 12, 31)),
        ("Tuyen truyen quy II nam 2026", (2026, 4, 1), (2026, 6, 30)),
        ("Tuyên truyền năm 2026", None, None),
        ("từ ngày 31/02 đến ngày 31/04/2026", None, None),
        ("từ ngày 10/5 đến ngày 1/5/2026", None, None),
        ("giai đoạn 2030 - 2026", None, None),
        ("quý khách năm 2026", None, None),
    ],
)
def test_a_period_is_read_where_it_is_stated_in_full(words, first, last):
    assert stated_period(words) == (first and date(*first), last and date(*last))


def test_a_plan_for_a_quarter_ends_with_it_and_begins_when_issued():
    first = derived(title="Tuyên truyền quý I năm 2027", date="2026-12-20")[0]
    assert (first.starts_on, first.ends_on) == (date(2026, 12, 20), date(2027, 3, 31))


def test_a_content_with_a_time_of_its_own_keeps_to_it():
    own = theme("1", "Tuyên truyền Tháng hành động từ ngày 15/11 đến ngày 15/12/2026")
    first, other = derived(themes=[own, PLAN["themes"][1]])
    assert (first.starts_on, first.ends_on) == (date(2026, 11, 15), date(2026, 12, 15))
    assert other.ends_on == date(2026, 12, 31)


def test_a_plan_issued_after_its_period_leaves_the_beginning_open():
    first = derived(title="Tuyên truyền quý I năm 2026", date="2026-05-05")[0]
    assert (first.starts_on, first.ends_on) == (None, date(2026, 3, 31))


def test_a_demand_of_the_whole_plan_is_shared_and_the_note_says_so():
    assert rhythms(target(12, "tin, bài", "year")) == [("year", 6, None)]
    note = derived(targets=[target(12, "tin, bài", "year")])[0].rhythm.note
    assert note == "Chỉ tiêu chung của kế hoạch là 12 tin, bài mỗi năm, chia cho 2 chiến dịch."


def test_a_demand_inside_a_content_is_that_contents_alone():
    own = target(3, "bài", "month", source={"lines": [12, 13]})
    first, other = derived(targets=[own])
    assert (first.rhythm.every, first.rhythm.count, first.rhythm.note) == ("month", 3, None)
    assert other.rhythm is None
    assert other.notes == ["Kế hoạch không ghi nhịp đăng; hãy tự đặt nhịp cho chiến dịch."]


def test_of_conflicting_demands_the_stricter_one_is_planned_for():
    assert rhythms(target(2, "bài", "year"), target(2, "bài", "month")) == [("month", 1, None)]
    marked = [
        target(9, "bài", "month", rivals=[1], stricter=False),
        target(4, "bài", "month", rivals=[0], stricter=True),
    ]
    assert rhythms(*marked) == [("month", 2, None)]


def test_channels_have_rhythms_of_their_own_behind_the_one_for_all():
    found = rhythms(target(4, "buổi", "week", channel="loudspeaker"), target(2, "tin", "month"))
    assert found == [("month", 1, None), ("week", 2, "loudspeaker")]


def test_regular_words_without_a_number_mean_once_each_time():
    assert rhythms(target(None, "tin, bài", "week", implied_count=1)) == [("week", 1, None)]


@pytest.mark.parametrize(
    "asked",
    [
        target(100, "%", "year"), target(3, "hội nghị", "year"), target(3000, "tờ rơi", None, channel="print"),
        target(2, "tin", "month", op="<="), target(2, "tin", "issue"), target(None, "tin", "month"),
        target(2, None, None), target(4, "buổi tuyên truyền", "year"),
    ],
)  # fmt: skip
def test_what_posts_cannot_fulfil_makes_no_rhythm(asked):
    assert rhythms(asked) == []


def test_what_a_person_set_aside_counts_for_nothing():
    assert rhythms({**target(2, "tin", "month"), "excluded": True}) == []
    gone = {**PLAN["themes"][0], "excluded": True}
    assert [c.themes for c in derived(themes=[gone, PLAN["themes"][1]])] == [["2"]]
    assert derived(themes=[gone, PLAN["themes"][1]])[0].code == "kh-18-02", "codes never move"


def duty(owner: str, text: str) -> dict[str, Any]:
    return {"owner": owner, "title": text, "text": text}


@pytest.mark.parametrize(
    ("duties", "owner"),
    [
        ([duty("Trạm Y tế", "Soạn tài liệu về phân loại rác tại nguồn")], "Trạm Y tế"),
        ([duty("Phòng Văn hóa", "Chủ trì biên soạn tin, bài")], "Phòng Văn hóa"),
        ([duty("A", "Phân loại rác tại nguồn"), duty("B", "Phân loại rác tại nguồn")], ""),
        ([duty("A", "Bố trí kinh phí")], ""),
        ([], ""),
    ],
)
def test_an_owner_is_whom_the_plan_names_for_it(duties, owner):
    assert derived(duties=duties)[0].owner == owner


def test_a_content_may_name_its_own_owner():
    own = theme("1", "Phòng cháy chữa cháy", text="Phòng cháy; giao Công an phường chủ trì.")
    assert (
        derived(themes=[own], duties=[duty("Phòng Văn hóa", "Chủ trì biên soạn tin, bài")])[0].owner == "Công an phường"
    )


@pytest.mark.parametrize(
    ("lines", "tied"),
    [
        ([line("Tuyên truyền về phân loại rác tại nguồn", "1")], "1"),
        ([line("Kinh phí phân loại rác tại nguồn", "1"), line("In tờ rơi", "2")], "1"),
        ([line("Chi cho nội dung 1", "a")], "a"),
        ([line("Chi cho nội dung 11", "a")], None),
        ([line("Phân loại rác tại nguồn", "1"), line("Phân loại rác tại nguồn", "1")], None),
        ([line("Phân loại rác tại nguồn", "1"), line("In tờ rơi", "1")], "Phân loại rác tại nguồn"),
        ([line("Đăng báo", "1")], None),
        ([], None),
    ],
)
def test_a_budget_line_is_tied_only_where_one_says_so(lines, tied):
    assert derived(budget={"lines": lines})[0].budget_line == tied


def test_a_payee_the_content_names_ties_its_line():
    own = theme("1", "Đăng chuyên trang trên Báo Lạc An Ngày Nay về rác")
    found = derived(themes=[own], budget={"lines": [line("Tuyên truyền báo chí", "1", "Báo Lạc An Ngày Nay")]})[0]
    assert found.budget_line == "1"


def test_channels_come_from_methods_and_audience_rules_too_and_requests_to_others_are_ordered():
    found = derived(
        channels=[{"kind": "page", "own": False}],
        methods=[{"kinds": ["zalo"], "own": True}, {"kinds": ["facebook"], "own": False}],
        audiences=[{"name": "Người cao tuổi", "channels": ["loudspeaker", "video"]}],
    )[0]
    assert found.channels == ["page", "feed", "zalo", "loudspeaker", "contracted"]
    assert "Kế hoạch nêu rõ: tới Người cao tuổi qua loa truyền thanh, video." in found.notes
    assert "video" in found.notes[-1]


def test_kinds_are_those_of_the_registry():
    assert tuple(CHANNELS) == KINDS


def test_every_topic_keeps_its_place_and_its_lines():
    letters = theme("1", "Rác", theme("a", "Rác hữu cơ", lines=(11, 12)), lines=(10, 12))
    topic = derived(themes=[letters])[0].topics[0]
    assert (topic.theme, topic.lines) == ("1.a", (11, 12))


def test_words_a_person_wrote_wait_for_nobody():
    worn = {"warnings": [{"code": "ocr_text"}]}
    seen = {**PLAN["themes"][0], "corrected": ["text", "title"]}
    first, other = derived(themes=[seen, PLAN["themes"][1]], **worn)
    assert (first.topics[0].unconfirmed, other.topics[0].unconfirmed) == (False, True)
