import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from channels.text import SLUG_LIMIT, nfc, shorten, slug, to_html, to_text

ARTICLE = """# Lịch cắt điện

### Tổ 3

Bà con xem **[lịch đầy đủ](https://songvang.example/lich?a=1&b=2)** hoặc <https://sv.example/>
trước 17 giờ.

- Ngày 20/3: tổ 1
- Ngày 21/3: tổ 2
  1. sáng
  2. chiều

| Tổ | Giờ |
|----|-----|
| 1  | 8h  |
"""


def test_headings_begin_under_the_title_and_jump_over_no_level():
    assert "<h2>Lịch cắt điện</h2>" in to_html(ARTICLE)
    assert "<h3>Tổ 3</h3>" in to_html(ARTICLE)


def test_more_than_five_levels_of_headings_stay_headings():
    assert to_html("\n\n".join("#" * n + f" mức {n}" for n in range(1, 7))).count("<h6>") == 2


def test_plain_words_keep_lists_links_and_tables_readable():
    assert to_text(ARTICLE) == (
        "Lịch cắt điện\n\nTổ 3\n\n"
        "Bà con xem lịch đầy đủ (https://songvang.example/lich?a=1&b=2) hoặc https://sv.example/ trước 17 giờ.\n\n"
        "- Ngày 20/3: tổ 1\n- Ngày 21/3: tổ 2\n  1. sáng\n  2. chiều\n\n"
        "Tổ | Giờ\n1 | 8h"
    )


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://theo-doi.example/a.gif)",
        '[x](https://a.example "t\\" onmouseover=\\"alert(1)")',
        "<style>*{display:none}</style>",
        "`</code><script>alert(1)</script>`",
    ],
)
def test_an_attack_written_into_the_body_stays_words(attack):
    tree = lxml_html.fragment_fromstring(to_html(attack), create_parent="div")
    assert not tree.xpath("//script | //img | //style | //iframe")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert all(address.startswith("https://") for address in tree.xpath("//@href"))


@given(st.text())
def test_any_text_becomes_html_of_allowed_tags_only(text):
    tree = lxml_html.fragment_fromstring("<div>" + to_html(text) + "</div>")
    assert {e.tag for e in tree.iter()} <= {
        *("div", "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "br", "hr"),
        *("blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
    }


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Đường Sông Vàng: mùa mưa 2026 – “Đổi mới”!", "duong-song-vang-mua-mua-2026-doi-moi"),
        (unicodedata.normalize("NFD", "Phường Sông Vàng"), "phuong-song-vang"),
        ("ƯU ĐÃI, ỷ lại", "uu-dai-y-lai"),
        ("../../etc/passwd", "etc-passwd"),
        ("!!!", ""),
    ],
)
def test_a_slug_is_plain_ascii(title, expected):
    assert slug(title) == expected


def test_a_long_slug_ends_with_a_whole_word():
    words = slug("tuyên truyền " * 20)
    assert len(words) <= SLUG_LIMIT
    assert words.endswith(("tuyen", "truyen"))


@given(st.text(), st.integers(0, 60))
def test_a_shortened_text_never_passes_its_limit(text, limit):
    cut = shorten(text, limit)
    assert len(cut) <= limit
    assert cut == text.strip() or cut == "" or cut.endswith("…")


def test_a_text_is_cut_between_words():
    assert shorten("Thông báo, lịch cắt điện", 14) == "Thông báo…"
    assert shorten("Thông báo", 9) == "Thông báo"


def test_characters_nobody_sees_are_taken_out():
    assert nfc("a\x00b\x0b\u202ec\ud800\ufeff\r\nd") == "abc\nd"
    assert nfc("a\u0300") == "à"
    assert nfc("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


def test_a_long_run_of_spaces_is_shortened():
    """How its cost grows with the length is measured by tests/bench/bench_growth.py."""
    assert shorten("x" + " " * 40_000 + "y z " * 20, 40_100).startswith("x ")
