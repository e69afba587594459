"""Two plans held against each other: contents are known by their words and order, whatever their labels say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.amending import amended_numbers
from campaigns.reading import read_plan, to_json
from campaigns.revising import Content, compare, diff


def theme(label: str, title: str, *children: dict) -> dict:
    return {"label": label, "title": title, "text": title, "children": list(children)}


def line(name: str, amount: int | None) -> dict:
    return {"label": "1", "name": name, "amount": amount, "period": None, "owner": None, "payees": []}


def reading(**changed: object) -> dict:
    plain = {
        "number": "18/KH-UBND", "date": "2026-01-05", "title": "Tuyên truyền năm 2026", "year": 2026, "issuer": None,
        "signer": None, "themes": [], "targets": [], "tasks": [], "channels": [], "audiences": [], "budget": None,
    }  # fmt: skip
    return {**plain, **changed}


RUBBISH = theme(
    "1", "Tuyên truyền về phân loại rác", theme("a", "Rác hữu cơ"), theme("b", "Tuyên truyền về giờ đổ rác tại các tổ")
)
WATER = theme("2", "Tuyên truyền về nước sạch nông thôn")
OLD = reading(themes=[RUBBISH, WATER])


def path_of(content: Content | None) -> str | None:
    return content.path if content else None


def changes(**new: object) -> list[tuple[str, str | None, str | None]]:
    found = compare(OLD, reading(**new)).themes
    return [(c.change, path_of(c.old), path_of(c.new)) for c in found]


def test_a_plan_against_itself_shows_no_change():
    found = compare(OLD, OLD)
    assert found.counts == {"same": 4, "reworded": 0, "added": 0, "removed": 0}
    assert not found.facts


def test_renumbered_contents_are_the_same_contents():
    moved = [{**WATER, "label": "1"}, theme("2", RUBBISH["title"], *reversed(RUBBISH["children"]))]
    assert {change for change, *_ in changes(themes=moved)} == {"same"}
    assert compare(OLD, reading(themes=moved)).themes[0].renumbered


def test_doubled_labels_do_not_confuse_contents():
    doubled = [{**RUBBISH, "label": "1"}, {**WATER, "label": "1"}]
    assert changes(themes=doubled)[-1] == ("same", "2", "1-2")


def test_added_removed_and_reworded_contents_are_told_apart():
    later = theme("1", RUBBISH["title"], theme("a", "Tuyên truyền về giờ đổ rác mới tại các tổ"), theme("b", "Pin cũ"))
    assert changes(themes=[later, theme("2", "Tuyên truyền về phòng cháy")]) == [
        ("same", "1", "1"),
        ("reworded", "1.b", "1.a"),
        ("added", None, "1.b"),
        ("added", None, "2"),
        ("removed", "1.a", None),
        ("removed", "2", None),
    ]


def test_a_title_with_more_words_is_the_same_content_reworded():
    found = compare(OLD, reading(themes=[theme("1", WATER["title"] + " và vệ sinh môi trường")])).themes[0]
    assert (found.change, path_of(found.old)) == ("reworded", "2")
    assert [(p.kind, p.text) for p in found.words if p.kind != "same"] == [("added", "và vệ sinh môi trường")]


def test_what_a_person_said_is_no_content_is_not_compared():
    assert ("removed", "2", None) in changes(themes=[RUBBISH, {**WATER, "excluded": True}])


def test_changed_targets_amounts_channels_and_facts_are_listed_with_both_values():
    def target(count: int) -> dict:
        return {"text": f"Ít nhất {count} tin, bài mỗi tháng", "count": count, "op": ">=", "unit": "tin, bài",
                "period": "month", "channel": None}  # fmt: skip

    loud, paper = {"name": "Loa phường", "kind": "loudspeaker"}, {"name": "Báo Lạc An", "kind": "contracted"}
    old = reading(targets=[target(4)], channels=[loud], budget={"lines": [line("In tờ rơi", 5), line("Hội thi", 7)]})
    new = reading(
        date="2026-06-01", targets=[target(6)], channels=[paper], budget={"lines": [line("In tờ rơi tuyên truyền", 9)]}
    )
    found = compare(old, new)
    assert [(c.field, c.old, c.new) for c in found.targets[0].changes] == [("số lượng", 4, 6)]
    assert [(c.change, c.old, c.new) for c in found.lines] == [("changed", 0, 0), ("removed", 1, None)]
    assert next((c.field, c.old, c.new) for c in found.lines[0].changes) == ("số tiền", 5, 9)
    assert {(c.change, c.words) for c in found.channels} == {("added", "Báo Lạc An"), ("removed", "Loa phường")}
    assert [(c.field, c.new) for c in found.facts] == [("ngày ban hành", "2026-06-01")]


WORDS = st.lists(st.sampled_from(["nước", "rác", "cây", "loa", "tổ", "phường", "sạch", "đường"]), max_size=12).map(
    " ".join
)


@given(WORDS, WORDS)
def test_a_diff_holds_all_words_of_both_sides_in_order(old, new):
    pieces = list(diff(old, new))
    assert " ".join(p.text for p in pieces if p.kind != "added").split() == old.split()
    assert " ".join(p.text for p in pieces if p.kind != "removed").split() == new.split()


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_every_content_of_both_plans_is_told_once(old, new):
    found = compare(
        reading(themes=[theme("1", title) for title in old]), reading(themes=[theme("1", title) for title in new])
    ).themes
    assert sum(c.old is not None for c in found) == len(old)
    assert sum(c.new is not None for c in found) == len(new)


@pytest.mark.parametrize(
    ("title", "sentence", "numbers"),
    [
        ("Sửa đổi, bổ sung Kế hoạch số 18/KH-UBND ngày 05/01/2026", "", ["18/KH-UBND"]),
        ("Tuyên truyền về nước sạch", "Kế hoạch này thay thế Kế hoạch số 7/KH-UBND ngày 02/3/2025.", ["7/KH-UBND"]),
        ("Tuyên truyền về nước sạch", "Thực hiện Kế hoạch số 7/KH-UBND ngày 02/3/2025.", []),
        ("Tuyên truyền về nước sạch", "Kế hoạch số 8/KH-UBND thay thế Kế hoạch số 7/KH-UBND ngày 02/3/2025.", []),
        ("Điều chỉnh giao thông năm 2026", "Thực hiện Kế hoạch số 7/KH-UBND.", []),
        ("Sửa đổi Kế hoạch số 30/KH-UBND", "", []),
    ],
)
def test_a_plan_says_itself_which_one_it_amends(title, sentence, numbers):
    text = (
        "ỦY BAN NHÂN DÂN\nPHƯỜNG SÔNG VÀNG\nSố: 30/KH-UBND\nSông Vàng, ngày 02 tháng 7 năm 2026\n\nKẾ HOẠCH\n"
        f"{title}\n\nI. NỘI DUNG TUYÊN TRUYỀN\n1. Nước sạch.\nII. TỔ CHỨC THỰC HIỆN\n1. Theo dõi. {sentence}\n"
    )
    assert amended_numbers(to_json(read_plan(text.encode(), "kh.txt"))) == numbers
