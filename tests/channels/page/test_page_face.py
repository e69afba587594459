"""Colours that stay readable, icons from an emblem or a letter, times as people say them, what is told to machines."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from PIL import Image

from channels.page import Emblem, Frame, Upcoming, colours, metadata, render, wording
from channels.page.catalogue import Listed, Sheet

BASE = "https://songvang.example/trang/phuong-song-vang/"
FRAME = Frame("Ủy ban nhân dân phường Đông Hòa", "Đông Hòa", hotline="0236 3 999 999")
SOON = Upcoming("Hiến máu", "2026-04-02T07:30:00+07:00", "2026-04-02T11:00:00+07:00", "Nhà văn hóa tổ 6")
HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
DAY_WORDS, NIGHT_WORDS = ("#1c1f22", "#54595f"), ("#eceae7", "#b1b6bc")  # --ink and --soft of kieu.css


@settings(max_examples=60)
@given(HEX)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
def test_words_stay_readable_whatever_colour_an_office_chooses(colour: str) -> None:
    for palette, words in ((colours.by_day(colour), DAY_WORDS), (colours.by_night(colour), NIGHT_WORDS)):
        for ground in (palette.paper, palette.tint):
            assert min(colours.contrast(ground, word) for word in (palette.accent, *words)) >= 4.5
        assert min(colours.contrast(colours.WHITE, ground) for ground in (palette.band, palette.deep)) >= 4.5


def test_the_words_measured_are_those_of_the_style() -> None:
    style = render.icons(FRAME, None, BASE)[render.STYLE].decode()
    for ink, soft in (DAY_WORDS, NIGHT_WORDS):
        assert f"--ink: {ink}; --soft: {soft};" in style


def test_a_colour_that_is_readable_already_is_left_as_it_is() -> None:
    assert colours.by_day("#1f4e8c").accent == "#1f4e8c"


def test_each_office_has_its_colours_in_its_style_and_every_page_asks_for_that_style() -> None:
    green, red = replace(FRAME, accent="#0a6b3d"), FRAME
    styles = [render.icons(frame, None, BASE)[render.STYLE] for frame in (green, red)]
    assert styles[0] != styles[1]
    links = [
        lxml_html.fromstring(render.contact(frame, BASE)).xpath("//link[@rel='stylesheet']/@href")
        for frame in (green, red)
    ]
    assert links[0] != links[1]


def test_icons_come_from_the_first_letter_where_there_is_no_emblem() -> None:
    made = render.icons(FRAME, None, BASE)
    assert ">Đ</text>" in made[render.ICON].decode()
    for size in (32, 180, 512):
        assert Image.open(io.BytesIO(made[f"bieu-tuong-{size}.png"])).size == (size, size)
    assert render.icons(FRAME, None, BASE) == made
    told = json.loads(made["trang.webmanifest"])
    assert (told["name"], told["start_url"]) == (FRAME.name, "/trang/phuong-song-vang/")
    assert {icon["src"] for icon in told["icons"]} <= {"/trang/phuong-song-vang/" + name for name in made}


def test_an_emblem_is_shown_whole_and_becomes_the_icon() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 100), "#00ff00").save(drawn, "PNG")
    icon = Image.open(io.BytesIO(render.icons(FRAME, drawn.getvalue(), BASE)["bieu-tuong-180.png"]))
    assert icon.getpixel((90, 90)) == (0, 255, 0, 255)
    assert icon.getpixel((90, 5))[3] == 0
    page = lxml_html.fromstring(render.contact(replace(FRAME, emblem=Emblem("a" * 64, "image/png")), BASE))
    assert page.xpath("//link[@rel='icon']/@type") == ["image/png"]
    assert "bieu-tuong-180.png" in page.xpath("//header//img/@src")[0]


def test_an_emblem_that_is_no_picture_is_an_error() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        render.icons(FRAME, b"khong phai anh", BASE)


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2026-04-02T07:30:00+07:00", "", "07:30, 2/4/2026"),
        ("2026-04-02T07:30:00+07:00", "2026-04-02T11:00:00+07:00", "07:30–11:00, 2/4/2026"),
        ("2026-04-02T00:30:00+00:00", "", "07:30, 2/4/2026"),
        ("2026-04-02T00:00:00+07:00", "", "2/4/2026"),
        ("2026-04-02T00:00:00+07:00", "2026-04-02T23:59:00+07:00", "2/4/2026"),
        ("2026-12-31T17:00:00+00:00", "2027-01-01T00:15:00+07:00", "00:00–00:15, 1/1/2027"),
        ("2026-04-02T00:00:00+07:00", "2026-04-05T00:00:00+07:00", "từ 2/4/2026 đến 5/4/2026"),
        ("2026-04-02T07:30:00+07:00", "2026-04-03T11:00:00+07:00", "từ 2/4/2026 07:30 đến 3/4/2026 11:00"),
    ],
)
def test_a_happening_says_when_it_is(starts: str, ends: str, said: str) -> None:
    assert wording.span(starts, ends) == said


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ("0236 3 999 999", "02363999999"),
        ("(0236) 3.999.999 nhánh 2", "02363999999"),
        ("+84 236 3999999", "+842363999999"),
        ("0236 3 999 999 – 0905 123 456", "02363999999"),
        ("0236.3999999 - 0905123456", "02363999999"),
        ("Trực ban: 0905-123-456/0236 3999999", "0905123456"),
        ("112", "112"),
        ("đang cập nhật", ""),
    ],
)
def test_of_several_numbers_a_phone_calls_the_first_and_never_both_in_one(told: str, called: str) -> None:
    assert wording.dialled(told) == called


def test_lengths_months_and_leaves_are_said_as_people_do() -> None:
    assert [wording.length(seconds) for seconds in (0, 45, 60, 200)] == [
        "0 giây",
        "45 giây",
        "1 phút",
        "3 phút 20 giây",
    ]
    assert wording.month("2026-03") == "Tháng 3/2026"
    assert wording.leaf(SOON.starts_at) == ("Tháng 4", "2", "Thứ năm")


def test_happenings_are_told_to_search_engines_the_cancelled_as_cancelled() -> None:
    frame = replace(FRAME, happenings=(SOON, replace(SOON, title="Họp", cancelled=True, place="", ends_at="")))
    tree = lxml_html.fromstring(render.happenings(frame, BASE))
    told = [json.loads(words) for words in tree.xpath("//script/text()")]
    events = [data for data in told if data["@type"] == "Event"]
    assert [data["eventStatus"].rpartition("/")[2] for data in events] == ["EventScheduled", "EventCancelled"]
    assert (events[0]["location"]["name"], events[0]["endDate"]) == (SOON.place, SOON.ends_at)
    assert "location" not in events[1]
    assert tree.xpath("//li[contains(@class, 'off')]//h2/text()") == ["Họp"]


def entry(ref: str, day: int, urgent: bool = False) -> dict[str, object]:
    return {
        "path": f"bai/{ref}/", "title": ref, "lead": "", "published": f"2026-03-{day:02}T08:00:00+07:00",
        "urgent": urgent, "campaign": "", "theme": "", "picture": None, "seconds": 0, "withdrawn": False,
    }  # fmt: skip


def home(*entries: dict[str, object]) -> lxml_html.HtmlElement:
    months = [Listed("thang", "2026-03", "thang/2026-03/", 3)]
    return lxml_html.fromstring(render.front(Sheet(0, entries, None, None), FRAME, BASE, [], [], months))


def test_what_is_urgent_stands_first_once_and_only_while_it_is_new() -> None:
    page = home(entry("moi", 20), entry("khan", 19, urgent=True), entry("cu-khan", 10, urgent=True))
    assert page.xpath("//section[@class='alarm']//a/text()") == ["khan"]
    assert page.xpath("//li[contains(@class, 'story')]//h2/a/text()") == ["moi", "cu-khan"]
    assert not home(entry("moi", 20)).xpath("//section[@class='alarm']")
    assert page.xpath("//nav//a[@href='/trang/phuong-song-vang/thang/2026-03/']/text()") == ["Tháng 3/2026"]


def test_a_shared_link_shows_the_form_cut_for_it() -> None:
    card = {"use": "share", "path": "anh/card.jpg", "media_type": "image/jpeg", "width": 1200, "height": 630}
    whole = {"path": "anh/whole.png", "media_type": "image/png", "width": 900, "height": 900}
    assert metadata.shared({**whole, "variants": [{**card, "use": "width"}, card]}) == card
    assert metadata.shared(whole) is None


def test_a_code_to_photograph_is_a_drawing_with_a_quiet_edge() -> None:
    drawn = lxml_html.fromstring(render.qr(BASE + "bai/lich-tiem-a1/"))
    assert drawn.get("role") == "img"
    assert drawn.get("viewbox") == f"0 0 {drawn.get('width')} {drawn.get('height')}"
    assert (int(drawn.get("width")) - 4 - 17) % 4 == 0  # modules of a version, two more on each side
