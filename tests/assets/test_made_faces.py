"""Every Vietnamese glyph is there and is drawn, in each face that is used."""

from __future__ import annotations

import unicodedata

import pytest
from PIL import ImageFont

from assets.made.faces import ASCENT, DESCENT, FACES, drawable, drawn, glyphs
from assets.made.setting import length

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LOWER = (
    {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | {"đ"} | set("bcdghklmnpqrstvx")
)
LETTERS = sorted(LOWER | {one.upper() for one in LOWER} | set("fjwzFJWZ"))
SIGNS = sorted(set("0123456789.,:;!?()[]/%&+-=*#@“”‘’«»\"'–—…•·×°²³€$→←✓§₫\u0300\u0301\u0303\u0309\u0323"))


@pytest.mark.parametrize("face", FACES)
def test_every_face_holds_every_vietnamese_letter_and_sign(face: str) -> None:
    assert len(LETTERS) == 2 * (12 * 6 + 1 + 16) + 8
    assert [one for one in [*LETTERS, *SIGNS] if one not in glyphs(face)] == []


@pytest.mark.parametrize("face", FACES)
def test_no_letter_is_drawn_as_the_box_of_a_missing_glyph(face: str) -> None:
    font = drawn(face, 60)
    missing = seen(font, "\U000f0000")
    pictures = {one: seen(font, one) for one in [*LETTERS, *SIGNS]}
    assert [one for one, picture in pictures.items() if picture == missing] == []
    assert len({pictures[one] for one in LETTERS}) == len(LETTERS)


@pytest.mark.parametrize("face", FACES)
def test_lines_are_never_drawn_wider_or_higher_than_they_were_reckoned(face: str) -> None:
    words = " ".join("".join(LETTERS[start : start + 6]) for start in range(0, len(LETTERS), 6))
    for size in (20, 57, 128, 240):
        left, top, right, bottom = drawn(face, size).getbbox(words, anchor="ls")
        assert right - left <= length(words, face, size)
        assert -top <= ASCENT * size + 1.5  # whole pixels
        assert bottom <= DESCENT * size + 1.5


def seen(font: ImageFont.FreeTypeFont, letter: str) -> bytes:
    mask = font.getmask(letter)
    return bytes(mask) + repr(mask.size).encode()


def test_letters_typed_in_parts_are_drawn_as_whole_ones() -> None:
    apart = unicodedata.normalize("NFD", "Ngoại ngữ ở Đường Bến, giặt giũ, ₫")
    assert drawable(apart) == "Ngoại ngữ ở Đường Bến, giặt giũ, ₫"
    for face in FACES:
        assert drawn(face, 40).getlength(drawable(apart)) == drawn(face, 40).getlength(
            "Ngoại ngữ ở Đường Bến, giặt giũ, ₫"
        )
