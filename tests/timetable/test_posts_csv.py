"""Posts out as a table and in again, and everything that can be wrong with a table."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.timetable.posts_csv import FORMULA, MOST_BYTES, MOST_ROWS, BadTable, CellError, PostRow, read, write
from publisher.timetable.recurrence import due_times, monthly, quarterly, weekly, yearly

MEETING = PostRow(
    "CD-01",
    "Mời dự đối thoại",
    lead="Sáng thứ Ba; tại hội trường",
    body="- Dòng một\n- Dòng hai, “trích”",
    channels=("Loa; đài", 'Trang "chính"'),
    day=date(2026, 3, 31),
    clock=time(7, 30),
    rule=monthly(31),
    until=date(2026, 12, 31),
    topic="IV.2.c",
    urgent=True,
)


def errors(text: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(BadTable) as caught:
        read(text if isinstance(text, bytes) else text.encode())
    assert all(error.message for error in caught.value.errors)
    return [(error.line, error.column, error.code) for error in caught.value.errors]


def table(*lines: str, delimiter: str = ";") -> str:
    head = delimiter.join(("Mã chiến dịch", "Tiêu đề", "Ngày", "Giờ", "Lặp lại", "Đến hết ngày", "Khẩn cấp"))
    return "\n".join((head, *lines))


def one(line: str) -> PostRow:
    ((_, row),) = read(table(line).encode())
    return row


texts = st.text(alphabet=st.characters() | st.sampled_from("=+-@'\";,\t\n\r ạếĐ"), max_size=30)
named = texts.filter(lambda text: PostRow("a", text).title != "")
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def rows(draw: st.DrawFn) -> PostRow:
    day = draw(st.none() | days)
    rule = draw(st.sampled_from(["", "FREQ=DAILY", weekly(2), monthly(31), quarterly(5), yearly(2, 29), "FREQ=WEEKLY"]))
    return PostRow(
        draw(named),
        draw(named),
        lead=draw(texts),
        body=draw(texts),
        channels=tuple(draw(st.lists(texts, max_size=3))),
        day=day,
        clock=draw(st.none() | st.times().map(lambda t: t.replace(second=0, microsecond=0))) if day else None,
        rule=rule if day else "",
        until=draw(st.none() | st.dates(day, date(2031, 1, 1))) if day and rule else None,
        topic=draw(texts),
        urgent=draw(st.booleans()),
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(rows(), max_size=3))
def test_what_is_written_is_read_back_equal_and_no_cell_can_start_a_formula(written):
    data = write(written)
    assert [row for _, row in read(data)] == written
    for cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(FORMULA) for cell in cells)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.text(max_size=200).map(lambda t: table(t).encode())
)
def test_whatever_the_file_is_it_is_read_or_refused_in_words(data):
    found = outcome(data)
    assert all(isinstance(row, PostRow) or (row.message and line >= 1) for line, row in found)


def outcome(data: bytes) -> list[tuple[int, PostRow | CellError]]:
    try:
        return list(read(data))
    except BadTable as refused:
        return [(error.line, error) for error in refused.errors] or pytest.fail("refused without a reason")


def test_the_file_is_what_excel_opens_in_vietnamese():
    data = write([MEETING])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines()[0] == (
        '"mã chiến dịch","chủ đề","tiêu đề","sa-pô","nội dung","kênh","ngày","giờ","lặp lại","đến hết ngày","khẩn cấp"'
    )
    assert '"31/3/2026","07:30","hằng tháng","31/12/2026","có"' in data.decode()
    assert read(data) == [(2, MEETING)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_commas_semicolons_and_tabs_are_told_apart_in_every_encoding_of_excel(delimiter, encoding):
    text = table(delimiter.join(("CD1", "Tin", "3/3/2026", "8h", "", "", "")), delimiter=delimiter)
    assert read(text.encode(encoding)) == [(2, PostRow("CD1", "Tin", day=date(2026, 3, 3), clock=time(8)))]


def test_every_error_of_a_file_is_told_at_once_with_its_line_and_column():
    text = table(
        "CD1;Tin;32/1/2026;25h;;;",
        ";;1/1/26;;;;ừ",
        "",
        'CD1;"Tin\nhai dòng";;8:00;mỗi giờ;;',
        "CD1;Tin;3/3/2026;;mỗi giờ;;",
        "CD1;Tin;3/3/2026;;;4/4/2026;",
        "CD1;Tin;3/3/2026;;hằng tuần;2/3/2026;",
        "CD1;Tin;3/3/2026;;;;;thừa",
        f"CD1;{'x' * 301};;;;;",
        "CD1;Tin;3/3/1026;;;;",
    )
    assert errors(text) == [
        (2, "ngày", "bad-date"),
        (2, "giờ", "bad-time"),
        (3, "ngày", "bad-date"),
        (3, "khẩn cấp", "bad-choice"),
        (3, "mã chiến dịch", "empty"),
        (3, "tiêu đề", "empty"),
        (5, "ngày", "no-day"),
        (7, "lặp lại", "bad-rule"),
        (8, "đến hết ngày", "no-rule"),
        (9, "đến hết ngày", "ends-early"),
        (10, "", "extra-cell"),
        (11, "tiêu đề", "too-long"),
        (12, "ngày", "bad-date"),
    ]


def test_errors_say_what_to_do():
    with pytest.raises(BadTable) as caught:
        read(table("CD1;Tin;3/13/2026;;;;").encode())
    assert caught.value.errors[0].message == "Không có ngày 3/13/2026. Viết ngày trước, tháng sau: 20/3/2026."
    assert str(caught.value).startswith("Dòng 2: ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "mã chiến dịch", "missing-column"), (1, "tiêu đề", "missing-column")]),
        ("Tiêu đề;Ghi chú\nx;y", [(1, "Ghi chú", "unknown-column"), (1, "mã chiến dịch", "missing-column")]),
        ("Mã chiến dịch,Tiêu đề,tieu de\n", [(1, "tieu de", "doubled-column")]),
        ('Mã chiến dịch,Tiêu đề\nA,"mở mà không đóng\n', [(2, "", "broken")]),
        ('Mã chiến dịch,Tiêu đề,Kênh\nA,x,"""Loa"', [(2, "kênh", "bad-names")]),
        ("Mã chiến dịch,Tiêu đề\n\nA,x\n".encode() + b"\xff\xff", [(4, "", "encoding")]),
        ("Mã chiến dịch,Tiêu đề\n" + "A,x\n" * (MOST_ROWS + 1), [(MOST_ROWS + 2, "", "too-many-rows")]),
        (b"a" * (MOST_BYTES + 1), [(1, "", "too-large")]),
    ],
    ids=["empty", "unknown", "doubled", "unclosed", "names", "encoding", "rows", "bytes"],
)
def test_a_file_that_is_no_table_of_posts_is_refused(text, found):
    assert errors(text) == found


def test_headings_are_known_however_they_are_written():
    text = "CHIEN DICH;Tiêu  đề;Sapo;Giờ đăng;NGÀY\nCD1;Tin;Tóm tắt;07h30;2026-03-03"
    assert read(text.encode()) == [(2, PostRow("CD1", "Tin", "Tóm tắt", day=date(2026, 3, 3), clock=time(7, 30)))]


@pytest.mark.parametrize("clock", ["7:30", "07:30", "7h30", "07.30", "07:30:00", "7 h 30", "7g30"])
def test_hours_are_read_as_people_write_them(clock):
    assert one(f"CD1;Tin;3/3/2026;{clock};;;").clock == time(7, 30)


@pytest.mark.parametrize("day", ["3/3/2026", "03/03/2026", "3-3-2026", "3.3.2026", "2026-03-03"])
def test_days_are_read_as_people_write_them(day):
    assert one(f"CD1;Tin;{day};;;;").day == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("hằng ngày", "FREQ=DAILY"),
        ("Hằng tuần", weekly(1)),
        ("hang thang", monthly(3)),
        ("mỗi quý", quarterly(3)),
        ("hàng năm", yearly(3, 3)),
        ('"freq=weekly;byday=mo"', "FREQ=WEEKLY;BYDAY=MO"),
        ("", ""),
    ],
)
def test_repetitions_are_read_in_words_or_as_a_rule(words, rule):
    row = one(f"CD1;Tin;3/3/2026;8:00;{words};;")
    assert row.rule == rule
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    assert due_times(datetime(2026, 3, 3, 8, tzinfo=zone), row.rule, date(2026, 12, 31), zone)


@pytest.mark.parametrize(("cell", "urgent"), [("có", True), ("x", True), ("CÓ", True), ("", False), ("không", False)])
def test_urgency_is_a_plain_yes_or_nothing(cell, urgent):
    assert one(f"CD1;Tin;;;;;{cell}").urgent is urgent


def test_texts_are_cleaned_so_that_a_file_from_any_keyboard_reads_alike():
    row = PostRow(" CD1 ", "Tiê\u0301ng\tViệt\n", body=" a\r\nb\x00 ", channels=(" Loa ", ""))
    assert row == PostRow("CD1", "Tiếng Việt", body="a\nb", channels=("Loa",))
