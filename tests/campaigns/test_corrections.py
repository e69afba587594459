"""A reading as people corrected it: the read one stays, places never shift, wrong values are refused in words."""

from __future__ import annotations

import copy

import pytest

from campaigns.corrections import apply, checked, kept, next_addition, value_at, words_of
from campaigns.fields import ITEMS, SCALARS, BadCorrection


def theme(title: str, *children: dict) -> dict:
    return {"label": None, "title": title, "text": title, "children": list(children), "source": {"lines": [1, 2]}}


def line(amount: int | None) -> dict:
    return {"label": "1", "name": "In tờ rơi", "amount": amount, "payees": [], "period": None, "owner": None}


READING = {
    "number": None,
    "date": None,
    "title": "Tuyên truyền về môi trường",
    "year": 2026,
    "issuer": None,
    "signer": {"name": "Lê Thị Mây", "title": "CHỦ TỊCH", "authority": []},
    "themes": [theme("Rác"), theme("Nước", theme("Nước sạch"), theme("Nước thải"))],
    "targets": [{"text": "12 tin, bài", "count": 12, "unit": "tin, bài", "period": None, "op": "=", "channel": None}],
    "tasks": [{"title": "Soạn tin", "owner": None, "deadline": None}],
    "duties": [],
    "reports": [],
    "channels": [{"name": "Loa phường", "kind": "loudspeaker", "own": True}],
    "audiences": [],
    "budget": {
        "currency": "VND", "lines": [line(1_000_000), line(500_000)], "stated_total": 2_000_000, "sum": 1_500_000,
        "consistent": False, "in_words_amount": None,
    },
}  # fmt: skip


def corrected(*corrections: tuple[str, object]) -> dict:
    return apply(READING, corrections)


@pytest.mark.parametrize(
    ("pointer", "given", "found"),
    [
        ("/number", " 18/KH-UBND ", "18/KH-UBND"),
        ("/date", "5/1/2026", "2026-01-05"),
        ("/date", "2026-01-05", "2026-01-05"),
        ("/year", "2027", 2027),
        ("/issuer/name", "UBND phường Sông Vàng", "UBND phường Sông Vàng"),
        ("/signer/name", "", None),
        ("/themes/1/children/0/title", "Nước  sạch\nnông thôn", "Nước  sạch\nnông thôn"),
        ("/targets/0/count", "1.200", 1200),
        ("/targets/0/period", "month", "month"),
        ("/tasks/0/deadline/date", "30/6/2026", "2026-06-30"),
        ("/budget/lines/0/amount", "1.600.000.000 đồng", 1_600_000_000),
        ("/channels/0/own", False, False),
    ],
)
def test_a_correction_stands_where_it_points(pointer, given, found):
    value = checked(READING, pointer, given)
    assert value == found
    assert value_at(corrected((pointer, value)), pointer) == found


def test_the_reading_itself_never_changes():
    before = copy.deepcopy(READING)
    corrected(("/title", "Khác"), ("/themes/0/excluded", True), ("/themes/+1", {"title": "Thêm"}))
    assert before == READING


def test_the_newest_of_a_place_counts():
    assert corrected(("/title", "Một"), ("/number", "2/KH"), ("/title", "Hai"))["title"] == "Hai"


@pytest.mark.parametrize(
    ("pointer", "value", "words"),
    [
        ("/date", "31/2/2026", "không phải ngày"),
        ("/date", "mồng năm", "ví dụ 20/3/2026"),
        ("/year", "26", "bốn chữ số"),
        ("/title", "  ", "không được để trống"),
        ("/title", "x" * 2001, "quá 2000"),
        ("/title", ["a"], "phải là chữ"),
        ("/number", "a\0b", "ký tự rỗng"),
        ("/targets/0/count", "mười hai", "không phải số nguyên"),
        ("/targets/0/count", "1,5", "không phải số nguyên"),
        ("/targets/0/count", True, "không phải số nguyên"),
        ("/targets/0/op", "~", "Chọn một trong: ít nhất (>=)"),
        ("/channels/0/kind", "fax", "Chọn một trong"),
        ("/budget/lines/0/amount", "-5", "không phải số nguyên"),
        ("/budget/lines/0/amount", "9" * 20, "quá lớn"),
        ("/themes/7/title", "x", "không có nội dung này"),
        ("/themes/7/children/+1", {"title": "x"}, "không có nội dung này"),
        ("/themes/+1", {"title": ""}, "không được để trống"),
        ("/themes/+1", {"name": "x"}, "Mục thêm"),
        ("/sections/0/title", "x", "Không sửa được"),
        ("/themes/0", None, "Không sửa được"),
        ("/themes/0/source", "x", "Không sửa được"),
        ("/targets/0/children/+1", {"text": "x"}, "Không sửa được"),
        ("/warnings", "x", "Không sửa được"),
        ("title", "x", "Không sửa được"),
        ("/themes/" + "0/children/" * 100 + "0/title", "x", "Không sửa được"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(pointer, value, words):
    with pytest.raises(BadCorrection, match=words.replace("(", r"\(").replace(")", r"\)")):
        checked(READING, pointer, value)


@pytest.mark.parametrize(
    "pointer", ["/themes/00/title", "/themes/٠/title", "/themes/+0", "/themes/1/children/01/title"]
)
def test_a_place_is_written_in_one_way_only(pointer):
    with pytest.raises(BadCorrection, match="Không sửa được mục"):
        checked(READING, pointer, "Khác")


def test_what_is_no_theme_keeps_its_place():
    found = corrected(("/themes/0/excluded", True))["themes"]
    assert [node["title"] for node in kept(found)] == ["Nước"]
    assert len(found) == 2


def test_what_the_reader_missed_is_added_behind_and_may_be_corrected_like_the_rest():
    first = next_addition(READING, "/themes", [])
    child = next_addition(READING, f"{first}/children", [])
    value = checked(READING, first, {"title": "Không khí"})
    found = corrected((child, {"title": "Bụi"}), (first, value), (f"{first}/title", "Không khí sạch"))["themes"]
    assert [node["title"] for node in found] == ["Rác", "Nước", "Không khí sạch"]
    assert [node["title"] for node in found[2]["children"]] == ["Bụi"]
    assert found[2]["text"] == "Không khí sạch"
    assert next_addition(READING, "/themes", [first]) == "/themes/+2"


def test_an_addition_taken_away_again_takes_with_it_what_hung_below():
    found = corrected(("/themes/+1", {"title": "A"}), ("/themes/+1/children/+1", {"title": "B"}), ("/themes/+1", None))
    assert found["themes"] == READING["themes"]


def test_a_plan_without_a_budget_gets_one_with_its_first_line():
    bare = {**READING, "budget": None}
    found = apply(bare, [("/budget/lines/+1", {"name": "Đăng báo", "amount": 5_000_000})])["budget"]
    assert (found["currency"], found["lines"][0]["amount"], found["lines"][0]["payees"]) == ("VND", 5_000_000, [])


def test_the_sum_follows_a_corrected_amount():
    found = corrected(("/budget/lines/0/amount", 1_500_000))["budget"]
    assert (found["sum"], found["consistent"]) == (2_000_000, True)
    assert corrected(("/budget/lines/1/excluded", True))["budget"]["sum"] == 1_000_000


def test_a_text_that_only_repeated_its_title_follows_it():
    found = corrected(("/themes/0/title", "Rác thải"))["themes"][0]
    assert (found["text"], found["corrected"]) == ("Rác thải", ["text", "title"])


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("/date", "ngày ban hành"),
        ("/targets/1/count", "chỉ tiêu 2: số lượng"),
        ("/themes/1/children/0/title", "nội dung 2.1: tên nội dung"),
        ("/themes/+1", "nội dung thêm 1"),
    ],
)
def test_a_place_is_told_in_words(pointer, words):
    assert words_of(pointer) == words


def test_every_field_has_a_name_and_a_kind_that_reads():
    fields = [*SCALARS.values(), *(field for item in ITEMS.values() for field in item.values())]
    for field in fields:
        assert field.words
        assert field.read(None) is None if field.empty else field.words
        with pytest.raises(BadCorrection):
            field.read({"a": object()})
