"""Definition files: every error at once, with its line; what is written out reads back."""

from __future__ import annotations

import time

import pytest

from campaigns.definitions import CampaignDefinition, DefinitionErrors, Definitions, Rhythm, Topic, dump, load

GOOD = """\
version: 1
plan: 18/KH-UBND
campaigns:
  - code: kh-18-01
    title: Vệ sinh môi trường
    themes: ["1"]
    channels: [page, feed]
    starts_on: 2026-03-01
    ends_on: 2026-12-31
    rhythm: {every: month, count: 1, origin: plan}
    topics:
      - {theme: 1.a, title: Phân loại rác, lead: "", body: "Dòng một\\n\\nDòng hai", footer: ""}
"""


def errors(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(DefinitionErrors) as caught:
        load(text)
    return [(error.line, error.place, error.message) for error in caught.value.errors]


def test_a_good_file_is_read():
    found = load(GOOD).campaigns[0]
    assert (found.code, found.rhythm.every, found.topics[0].title) == ("kh-18-01", "month", "Phân loại rác")


def test_all_errors_come_at_once_with_their_lines():
    text = """\
version: 1
campaigns:
  - code: Mã Sai
    title: ""
    chanels: [page]
    channels: [page, fax]
    starts_on: hôm nay
    rhythm: {every: hour, count: 0}
  - title: Không có mã
    topics:
      - {theme: 1.a}
"""
    found = {(line, place.split(".")[-1]): message for line, place, message in errors(text)}
    assert found[3, "code"] == "chỉ gồm chữ thường không dấu, số và dấu gạch nối"
    assert found[4, "title"] == "không được để trống"
    assert found[5, "chanels"] == "trường này không có trong định nghĩa; kiểm tra chính tả"
    assert "chọn một trong" in found[6, "1"]
    assert found[7, "starts_on"] == "phải là ngày có thật, ví dụ 2026-03-20"
    assert "chọn một trong" in found[8, "every"]
    assert found[8, "count"] == "số quá nhỏ"
    assert found[9, "code"] == "thiếu trường bắt buộc"
    assert found[11, "title"] == "thiếu trường bắt buộc"
    assert len(found) == 9


BAD = {
    "not YAML": ("campaigns: [", None, "không đúng cú pháp YAML"),
    "a tab": ("campaigns:\n\t- code: a", 2, "không đúng cú pháp YAML"),
    "a key twice": (GOOD.replace("    themes:", "    code: kh-18-02\n    themes:"), 6, "không đúng cú pháp YAML"),
    "a list": ("- a\n- b", 1, "tệp phải bắt đầu bằng"),
    "nothing": ("", 1, "tệp phải bắt đầu bằng"),
    "only words": ("xin chào", 1, "tệp phải bắt đầu bằng"),
    "no campaign": ("version: 1\ncampaigns: []", 2, "cần ít nhất một mục"),
    "another version": (GOOD.replace("version: 1", "version: 2"), 1, "giá trị không được phép"),
    "a code twice": (GOOD + GOOD.split("campaigns:\n")[1], 13, "mã chiến dịch bị trùng: kh-18-01"),
    "ends before it starts": (GOOD.replace("2026-12-31", "2026-01-31"), 9, "ngày kết thúc (ends_on) sớm hơn"),
    "no such day": (GOOD.replace("2026-12-31", "2026-02-31"), 9, "phải là ngày có thật"),
    "a number for a title": (GOOD.replace("Vệ sinh môi trường", "2026"), 5, "phải là chữ"),
    "a word for a list": (GOOD.replace('["1"]', "tất cả"), 6, "phải là danh sách"),
    "itself": ("campaigns: &a [*a]", 1, "phải là một nhóm trường"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_wrong_file_is_refused_with_line_and_reason(what):
    text, line, words = BAD[what]
    found = errors(text)
    assert any(words in message for _, _, message in found), found
    if line is not None:
        assert line in {at for at, _, _ in found}


def test_a_file_that_unfolds_without_end_is_refused_at_once():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    began = time.monotonic()
    assert "lặp lại quá nhiều" in errors(bomb + "campaigns: *a8")[0][2]
    assert time.monotonic() - began < 100


def test_an_error_reads_as_a_sentence():
    with pytest.raises(DefinitionErrors) as caught:
        load(GOOD.replace("kh-18-01", "KH 18"))
    assert str(caught.value).startswith("Dòng 4 (campaigns.0.code): chỉ gồm chữ thường")


def test_what_is_written_out_reads_back_unchanged():
    topic = Topic(theme="1.a", title='Dấu: # "ngoặc" & *sao*', body="Một\n\n- hai: ba\n", lead="- gạch", footer="'")
    definition = CampaignDefinition(
        code="a-1", title="yes", summary="123", themes=["1", "1.0", "2-1"], audiences=["no"], channels=["page"],
        starts_on="2026-01-01", rhythm=Rhythm(every="week", count=2), budget_line="1", topics=[topic],
    )  # fmt: skip
    definitions = Definitions(plan="18/KH-UBND", campaigns=[definition])
    written = dump(definitions)
    assert load(written) == definitions
    assert dump(load(written)) == written


def test_a_sign_no_database_keeps_is_refused():
    with pytest.raises(DefinitionErrors, match="ký tự rỗng"):
        load('version: 1\ncampaigns:\n  - {code: a-1, title: "a\\0b"}\n')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\ncampaigns:\n" + "- {code: a, title: b}\n" * 20_000, "quá giới hạn 300000"),
        ("version: 1\ncampaigns:\n" + "- {code: a, title: b}\n" * 13_000, "có hơn 30000 giá trị"),
        ("[" * 5_000, "lồng nhau quá 12 tầng"),
        ('["]",' * 5_000, "lồng nhau quá 12 tầng"),
        ("- " * 20_000, "lồng nhau quá 12 tầng"),
        ("{a: " * 5_000, "lồng nhau quá 12 tầng"),
    ],
    ids=["large", "many", "brackets", "brackets-in-text", "dashes", "braces"],
)
def test_a_file_too_large_or_too_deep_is_refused_before_it_is_read(text: str, said: str):
    (_, _, message), *others = errors(text)
    assert said in message
    assert not others


def test_hundreds_of_campaigns_in_one_file_are_read():
    text = "version: 1\ncampaigns:\n" + "".join(f"- {{code: kh-{n}, title: Chiến dịch {n}}}\n" for n in range(400))
    assert len(load(text).campaigns) == 400


def test_every_code_used_again_is_told_with_its_line():
    text = "campaigns:\n" + "- {code: b, title: x}\n" * 3 + "- {code: a, title: x}\n" * 2 + "- {code: c, title: x}\n"
    assert [(line, message[-1]) for line, _, message in errors(text)] == [(3, "b"), (4, "b"), (6, "a")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("campaigns: [", 1, "mở mà chưa đóng"),
        ("campaigns:\n\t- code: a", 2, "dấu tab"),
        ("campaigns:\n  - code: a\n    code: b", 3, "trường “code” viết hai lần"),
        ("campaigns:\n  - code: a\n   title: x", 3, "thụt vào không bằng"),
        ("campaigns:\n  - code: a\n    title: x: y", 3, "dấu hai chấm thừa"),
        ('campaigns:\n  - title: "x\n', 3, "ngoặc kép mở mà chưa đóng"),
        ("campaigns:\n  - code: *a\n", 2, "dấu * đứng đầu"),
        ("campaigns:\n  - code: @a\n", 2, "không được bắt đầu bằng ký tự này"),
        ('campaigns:\n  - title: "a\\q"\n', 2, "dấu \\ trong ngoặc kép"),
        ("version: 1\n---\ncampaigns: 1\n", 2, "chỉ được một tài liệu"),
        ("campaigns:\n  - title: \x07\n", 2, "không nhìn thấy"),
    ],
)
def test_what_the_parser_stumbles_over_is_told_in_vietnamese_with_its_line(text, line, words):
    ((at, _, message),) = errors(text)
    assert at == line
    assert words in message
    assert "expected" not in message


def test_mistakes_between_fields_are_told_beside_those_within_them():
    text = GOOD.replace("2026-12-31", "2026-01-31").replace("title: Vệ sinh môi trường", "title: 7")
    assert [(line, message.split(";")[0]) for line, _, message in errors(text)] == [
        (5, "phải là chữ"),
        (9, "ngày kết thúc (ends_on) sớm hơn ngày bắt đầu (starts_on)"),
    ]


def test_names_nothing_answers_to_are_told_with_their_lines_beside_all_else():
    text = GOOD.replace("channels: [page, feed]", "channels: [fax]")
    with pytest.raises(DefinitionErrors) as caught:
        load(text, lambda names: [(name, f"lạ {name.value}") for name in names if name.kind == "theme"])
    assert [(error.line, error.message[:4]) for error in caught.value.errors] == [
        (6, "lạ 1"),
        (7, "giá "),
        (12, "lạ 1"),
    ]
