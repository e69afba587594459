"""Made pictures: what is asked of every layout, format and length of words."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assets.made import making
from assets.made.colours import READABLE, contrast
from assets.made.contents import Content, Cover, Item, Notice, Quote, Sheet, Title
from assets.made.formats import LINK, PAPERS, PICTURES, SQUARE, STORY, Format
from assets.made.layouts import LAYOUTS
from assets.made.lists import Entry, entries, series
from assets.made.making import Look, composed, picture
from assets.made.pieces import Line
from tests.assets.conftest import encoded, photograph

OFFICE = "UBND phường Sông Vàng"
FOOTER = "Đường dây nóng 0290 3 123 456 · songvang.example"
ACCENTS = ["#0b6e4f", "#9c1c1c", "#1f4e8c", "#ffd54f", "#ffffff", "#000000"]
CONTENTS: list[Content] = [
    Title("Ngày hội chuyển đổi số phường Sông Vàng: cài đặt, hướng dẫn, hỏi đáp tại chỗ"),
    Quote("Mỗi hồ sơ trễ hẹn là một buổi làm việc bị mất.", "Bà Nguyễn Thị Hằng", "Chủ tịch UBND phường"),
    Cover("15 tiện ích của ứng dụng công dân số", 15, "Phần 1/2"),
    Item(3, 15, "Nộp hồ sơ tại nhà", "Chụp giấy tờ bằng điện thoại, nhận kết quả qua bưu điện."),
    Notice("Đối thoại với thanh niên", date(2026, 12, 5), "14 giờ", "Hội trường UBND phường", "Gửi câu hỏi trước"),
    Sheet(
        "Ba thùng, ba màu", "Để riêng rác từ trong bếp.", ("Rác hữu cơ", "Rác tái chế"), "https://songvang.example/a"
    ),
]
ALL_SIZES = [*PICTURES.values(), *PAPERS.values()]


def look(layout: str, **more: object) -> Look:
    return Look(OFFICE, layout, footer=FOOTER, **more)


def lines(content: Content, given_look: Look, size: Format) -> Iterator[Line]:
    for part in composed(content, given_look, size):
        yield from part.lines


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("size", PICTURES.values(), ids=lambda one: one.name)
def test_a_picture_has_exactly_the_pixels_of_its_format(size: Format) -> None:
    made = opened(picture(CONTENTS[0], look("river"), size).data)
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (size.width, size.height))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_words_are_the_same_bytes_however_they_were_typed(layout: str) -> None:
    apart = Item(1, 2, unicodedata.normalize("NFD", "Nộp hồ sơ ở Đường Bến"), " Chữ  rời ")
    whole = Item(1, 2, "Nộp hồ sơ ở Đường Bến", "Chữ rời")
    first = picture(whole, look(layout)).data
    making._ground.cache_clear()
    assert picture(apart, look(layout)).data == first


def test_layouts_accents_and_words_tell_pictures_apart() -> None:
    made = {picture(CONTENTS[0], look(layout)).data for layout in LAYOUTS}
    made |= {picture(CONTENTS[0], look("river", accent="#1f4e8c")).data, picture(CONTENTS[3], look("river")).data}
    assert len(made) == len(LAYOUTS) + 2


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_line_stands_out_from_what_it_stands_on(layout: str, accent: str) -> None:
    dressed = look(layout, accent=accent)
    for size in (SQUARE, LINK):
        ground = making._ground(layout, accent, b"", size)
        for content in CONTENTS[:5]:
            for line in lines(content, dressed, size):
                assert worst(ground, line) >= READABLE, (size.name, line)


def worst(ground: Image.Image, line: Line) -> float:
    """The least contrast between the line and what lies behind its letters."""
    box = line.box
    behind = ground.crop((int(box.left), int(line.base - 0.75 * line.size), int(box.right) + 1, int(line.base) + 1))
    colours = behind.resize((max(1, behind.width // 6), max(1, behind.height // 6)), Image.Resampling.BOX).getcolors(
        maxcolors=1_000_000
    )
    return min(contrast(line.colour, colour) for _, colour in colours)


@pytest.mark.parametrize("shown", ["white", "black", "#ffe000"])
def test_words_on_a_photograph_can_be_read_whatever_it_shows(shown: str) -> None:
    photo = encoded(Image.new("RGB", (800, 600), shown), "PNG")
    dressed = look("photo", background=photo)
    for size in (SQUARE, LINK):
        ground = making._ground("photo", dressed.accent, photo, size)
        for content in CONTENTS[:5]:
            for line in lines(content, dressed, size):
                assert worst(ground, line) >= READABLE, (size.name, line)


LETTERS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyẠẾỘữẵ ,.:–“”0123456789", max_size=60)
WORDS = st.one_of(LETTERS, st.lists(LETTERS, max_size=30).map(" ".join), st.integers(1, 400).map(lambda n: "Ộ" * n))
KINDS: list[Callable[[str, str], Content]] = [
    lambda one, two: Title(one + two),
    lambda one, two: Quote(one, two, one),
    lambda one, two: Cover(one, 15, "Phần 1/2"),
    lambda one, two: Item(10, 15, one, two),
    lambda one, two: Notice(one, date(2026, 12, 31), two, one, two),
    lambda one, two: Sheet(one, two, (one, two, one), "https://songvang.example/a", two),
]


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(KINDS), one=WORDS, two=WORDS, office=WORDS, layout=st.sampled_from(sorted(LAYOUTS)),
    size=st.sampled_from(ALL_SIZES), emblem=st.booleans(),
)  # fmt: skip
def test_no_words_leave_the_picture_whatever_they_are(
    kind: Callable[[str, str], Content], one: str, two: str, office: str, layout: str, size: Format, emblem: bool
) -> None:
    seal = encoded(photograph(64, 64), "PNG") if emblem else b""
    dressed = Look(office or "x", layout, footer=two, emblem=seal)
    content = kind(one or "x", two)
    for line in lines(content, dressed, size):
        assert line.box.left >= -0.5, line
        assert line.box.right <= size.width + 0.5, line
        assert line.box.top >= 0, line
        assert line.box.bottom <= size.height, line


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(KINDS), one=WORDS, two=WORDS, layout=st.sampled_from(sorted(LAYOUTS)))
def test_no_words_are_lost_but_with_an_ellipsis_and_a_warning(
    kind: Callable[[str, str], Content], one: str, two: str, layout: str
) -> None:
    content = kind(one, two)
    told = making._warnings(parts := composed(content, look(layout), SQUARE), "")
    said = [line.words for part in parts for line in part.lines]
    assert any(words.endswith("…") for words in said) == bool(told)
    if not told:
        spoken = "".join("".join(said).split())
        for words in (one, two):
            bare = "".join(words.split()).strip("“”")
            assert bare in spoken or bare.lstrip("0123456789") in spoken or isinstance(content, Cover | Quote)


def test_a_story_keeps_clear_of_the_buttons_of_the_app() -> None:
    for layout in LAYOUTS:
        for content in CONTENTS[:5]:
            for line in lines(content, look(layout), STORY):
                assert line.box.top >= STORY.keep_top * STORY.height
                assert line.box.bottom <= (1 - STORY.keep_bottom) * STORY.height


def test_no_two_lines_of_a_picture_overlap() -> None:
    for layout in LAYOUTS:
        for size in ALL_SIZES:
            for content in CONTENTS:
                rows = sorted(
                    (line for line in lines(content, look(layout), size) if line.words), key=lambda one: one.base
                )
                for place, upper in enumerate(rows):
                    for lower in rows[place + 1 :]:
                        apart = lower.box.left >= upper.box.right or upper.box.left >= lower.box.right
                        below = lower.base - 0.7 * lower.size >= upper.base
                        assert apart or below, (layout, size.name, upper, lower)


def test_what_no_face_can_draw_is_told() -> None:
    made = picture(Title("Chúc mừng 🎉 漢 năm mới\u200b"), look("river"))
    assert made.warnings == ("Không vẽ được ký tự 🎉 漢: phông chữ không có. Hãy viết bằng chữ.",)
    assert picture(Title("Chúc mừng năm mới"), look("river")).data == made.data


def test_pictures_tell_in_words_what_they_show() -> None:
    assert [one.alt for one in CONTENTS[1:5]] == [
        "Thẻ trích dẫn lời Bà Nguyễn Thị Hằng, Chủ tịch UBND phường: “Mỗi hồ sơ trễ hẹn là một buổi làm việc bị mất.”",
        "Bìa loạt 15 thẻ, phần 1/2: 15 tiện ích của ứng dụng công dân số",
        "Thẻ 3 trên 15: Nộp hồ sơ tại nhà. Chụp giấy tờ bằng điện thoại, nhận kết quả qua bưu điện.",
        "Thông báo: Đối thoại với thanh niên. Thứ Bảy, 05/12/2026, lúc 14 giờ, tại Hội trường UBND phường, "
        "Gửi câu hỏi trước",
    ]
    assert len(Title("chữ " * 200).alt) == 300


MARKDOWN = """Ứng dụng có nhiều việc hay.

- **Nộp hồ sơ**: làm *tại nhà*
- Tra cứu: xem hồ sơ đến [đâu](https://songvang.example)
- Đặt lịch hẹn. Chọn giờ, không phải chờ
- Phản ánh hiện trường;

1. một
2. hai
"""


def test_the_longest_list_of_a_post_is_found() -> None:
    assert entries(MARKDOWN) == [
        Entry("Nộp hồ sơ", "Làm tại nhà"),
        Entry("Tra cứu", "Xem hồ sơ đến đâu"),
        Entry("Đặt lịch hẹn", "Chọn giờ, không phải chờ"),
        Entry("Phản ánh hiện trường"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "1. Mở máy\n2. Cài đặt\n3. Đăng nhập",
        "1) Mở máy\n\n2) Cài đặt\n\n3) Đăng nhập",
        "Bước 1: Mở máy\n\nBước 2: Cài đặt\n\nBước 3: Đăng nhập",
        "1/ Mở máy\n2/ Cài đặt\n3/ Đăng nhập",
    ],
)
def test_paragraphs_that_count_themselves_are_a_list(body: str) -> None:
    assert [one.head for one in entries(body)] == ["Mở máy", "Cài đặt", "Đăng nhập"]


@pytest.mark.parametrize("body", ["", "Không có gì.", "- một\n- hai", "Ngày 1/2 họp.\n\nNgày 3/4 nghỉ."])
def test_what_is_no_list_makes_no_series(body: str) -> None:
    assert entries(body) == []


def test_a_series_is_a_cover_and_numbered_cards_evenly_parted() -> None:
    cards = [Entry(f"Việc {number}") for number in range(1, 16)]
    (whole,) = series("15 việc", cards)
    assert [len(whole), whole[0].alt, whole[15].corner] == [16, "Bìa loạt 15 thẻ: 15 việc", "15/15"]
    first, second = series("15 việc", cards, most=10)
    assert [len(first), len(second)] == [9, 8]
    assert [first[0].corner, second[0].corner, second[1].corner] == ["Phần 1/2", "Phần 2/2", "9/15"]
    assert [len(part) for part in series("x", cards[:9], most=10)] == [10]


def test_a_card_an_officer_wrote_is_a_heading_and_its_text() -> None:
    assert Entry.of("  Nộp hồ sơ \n tại nhà\n hay ở phường ") == Entry("Nộp hồ sơ", "tại nhà hay ở phường")
    assert str(Entry.of("Một")) == "Một"
