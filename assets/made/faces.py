"""The typefaces: Source Sans and Source Serif (OFL), whose upright weights hold every Vietnamese letter."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import font_source_sans_pro
import font_source_serif_pro
from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACES: dict[str, str] = {  # our name: the file
    "sans": font_source_sans_pro.font_files_ttf["SourceSansPro"],
    "sans-semibold": font_source_sans_pro.font_files_ttf["SourceSansProSemibold"],
    "sans-bold": font_source_sans_pro.font_files_ttf["SourceSansProBold"],
    "sans-black": font_source_sans_pro.font_files_ttf["SourceSansProBlack"],
    "serif": font_source_serif_pro.font_files_ttf["SourceSerifPro"],
    "serif-semibold": font_source_serif_pro.font_files_ttf["SourceSerifProSemibold"],
    "serif-bold": font_source_serif_pro.font_files_ttf["SourceSerifProBold"],
    "serif-black": font_source_serif_pro.font_files_ttf["SourceSerifProBlack"],
}
ASCENT, DESCENT = 1.04, 0.28  # em: room for "Ẵ" above and "ự" below the base line, in every face
_REFERENCE = 1000


@cache
def drawn(face: str, size: int) -> ImageFont.FreeTypeFont:
    """For pixels. RAQM sets marks where they belong."""
    return ImageFont.truetype(FACES[face], size, layout_engine=ImageFont.Layout.RAQM)


@cache
def printed(face: str) -> TTFont:
    """For paper: registered with reportlab under its own name, embedded as the subset that is used."""
    font = TTFont(face, FACES[face])
    pdfmetrics.registerFont(font)
    return font


@lru_cache(maxsize=20_000)
def breadth(face: str, words: str) -> float:
    """Width in em without kerning: what paper takes, and a little more than pixels do."""
    return float(printed(face).stringWidth(words, _REFERENCE)) / _REFERENCE


@cache
def glyphs(face: str) -> frozenset[str]:
    """The characters the face has a picture of."""
    return frozenset(chr(code) for code, glyph in printed(face).face.charToGlyph.items() if glyph)


@cache
def _common() -> frozenset[str]:
    return frozenset.intersection(*(glyphs(face) for face in FACES))


def drawable(words: str) -> str:
    """NFC on one line, without what some face has no glyph for (pictographs, controls, other scripts)."""
    spaced = " ".join(unicodedata.normalize("NFC", words).split())
    return " ".join("".join(one for one in spaced if one == " " or one in _common()).split())


def undrawn(words: str) -> str:
    """The characters that `drawable` leaves out, each once, for a warning."""
    known = _common()
    left = dict.fromkeys(one for one in unicodedata.normalize("NFC", words) if not one.isspace() and one not in known)
    return "".join(one for one in left if unicodedata.category(one)[0] != "C" and one != "\ufe0f")
