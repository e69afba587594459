"""Title cards: a post without a photograph still gets a picture, in the colour of its office. Pure.

Drawn at twice the size and brought down, so edges are smooth. The same words and colour are the same bytes.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import font_source_sans_pro
from PIL import Image, ImageChops, ImageDraw, ImageFont

from assets.jpeg import encode
from assets.made.colours import GOLD, WHITE, Colour, grounds, lighter

WIDTH, HEIGHT = 1200, 630  # pixels: what Open Graph readers show whole
_SCALE = 2
_UNDRAWN = {"So", "Sk", "Cc", "Cf", "Cs", "Cn", "Co"}
_MARGIN = 84
_TITLE_WIDTH = 900
_TITLE_TOP, _TITLE_BOTTOM = 168, 500
_TITLE_SIZES = range(84, 38, -2)
_MOST_LINES = 5
_LEADING = 1.16


@dataclass(frozen=True, slots=True)
class _Wave:
    """A band of water: share of the height where it begins, its swell, its start, and how strong it is."""

    level: float
    swell: float
    phase: float
    strength: float


_WAVES = (_Wave(0.80, 0.030, 0.2, 0.16), _Wave(0.86, 0.026, 2.1, 0.18), _Wave(0.925, 0.022, 4.0, 0.22))


def card(title: str, organisation: str, *, accent: str) -> bytes:
    """A JPEG of 1200 × 630. `accent`: a colour such as "#0b6e4f". Raises `ValueError` for what is no colour."""
    image = _behind(accent).copy()
    _words(image, _drawable(title), _drawable(organisation))
    return encode(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


@lru_cache(maxsize=2)  # 9 MB each
def _behind(accent: str) -> Image.Image:
    """What lies behind the words of every card of an office."""
    ground, deep = grounds(accent)
    image = _sky(ground, deep)
    _sun(image)
    for wave in _WAVES:
        _water(image, wave, lighter(ground))
    return image


def _sky(ground: Colour, deep: Colour) -> Image.Image:
    """Deep at the lower left, lighter towards the upper right."""
    size = (WIDTH * _SCALE, HEIGHT * _SCALE)
    down = Image.linear_gradient("L").resize(size)
    across = Image.linear_gradient("L").rotate(90).transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize(size)
    shade = Image.blend(down, across, 0.5)
    return Image.composite(Image.new("RGB", size, deep), Image.new("RGB", size, ground), shade)


def _sun(image: Image.Image) -> None:
    """Rings of light around a golden disc that the title does not touch."""
    centre = (1075 * _SCALE, 118 * _SCALE)
    for radius, strength in ((330, 10), (240, 14), (160, 20)):
        _tint(image, _disc(image.size, centre, radius * _SCALE), WHITE, strength)
    _tint(image, _disc(image.size, centre, 62 * _SCALE), GOLD, 235)


def _water(image: Image.Image, wave: _Wave, colour: Colour) -> None:
    width, height = image.size
    mask = Image.new("L", image.size, 0)
    crest = [
        (x, height * (wave.level + wave.swell * math.sin(x / width * 2 * math.pi * 1.25 + wave.phase)))
        for x in range(0, width + 1, 4)
    ]
    ImageDraw.Draw(mask).polygon([*crest, (width, height), (0, height)], fill=255)
    _tint(image, mask, colour, round(255 * wave.strength))


def _disc(size: tuple[int, int], centre: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).circle(centre, radius, fill=255)
    return mask


def _tint(image: Image.Image, mask: Image.Image, colour: Colour, strength: int) -> None:
    """Lays `colour` over the masked part; `strength` 0 to 255."""
    image.paste(colour, mask=ImageChops.multiply(mask, Image.new("L", mask.size, strength)))


def _words(image: Image.Image, title: str, organisation: str) -> None:
    draw = ImageDraw.Draw(image)
    left = _MARGIN * _SCALE
    draw.rounded_rectangle((left, 84 * _SCALE, left + 72 * _SCALE, 91 * _SCALE), 3 * _SCALE, fill=GOLD)
    _spaced(draw, organisation.upper(), left, 112 * _SCALE)
    size, lines = _fitted(title)
    font = _font("Bold", size * _SCALE)
    step = size * _LEADING * _SCALE
    top = (_TITLE_TOP + _TITLE_BOTTOM) / 2 * _SCALE - step * len(lines) / 2
    for place, line in enumerate(lines):
        draw.text((left, top + place * step), line, WHITE, font=font)


def _spaced(draw: ImageDraw.ImageDraw, words: str, left: float, top: float) -> None:
    """Small capitals' manners for the office's name: a little air between letters, smaller when it is long."""
    size = next((one for one in range(30, 15, -1) if _spread(words, one) <= (WIDTH - 340) * _SCALE), 16)
    font = _font("Semibold", size * _SCALE)
    for letter in words:
        draw.text((left, top), letter, (255, 255, 255), font=font)
        left += font.getlength(letter) + size * 0.07 * _SCALE


def _spread(words: str, size: int) -> float:
    font = _font("Semibold", size * _SCALE)
    return sum(font.getlength(letter) + size * 0.07 * _SCALE for letter in words)


def _fitted(title: str) -> tuple[int, list[str]]:
    """The largest size at which the title fits its box, and its lines, evenly filled."""
    for size in _TITLE_SIZES:
        lines = _wrapped(title, size, _TITLE_WIDTH)
        fits = all(_length(line, size) <= _TITLE_WIDTH for line in lines)
        if fits and len(lines) <= _MOST_LINES and len(lines) * size * _LEADING <= _TITLE_BOTTOM - _TITLE_TOP:
            return size, _even(title, size, len(lines))
    size = _TITLE_SIZES[-1]
    return size, _cut(_wrapped(title, size, _TITLE_WIDTH), size)


def _wrapped(title: str, size: int, width: int) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _even(title: str, size: int, count: int) -> list[str]:
    """The same number of lines at the narrowest width that gives it, so that no last line holds a single word."""
    widths = range(_TITLE_WIDTH, 300, -20)
    enough = (before for before, after in pairwise(widths) if len(_wrapped(title, size, after)) > count)
    return _wrapped(title, size, next(enough, widths[-1]))


def _cut(lines: list[str], size: int) -> list[str]:
    """What fits of a title that is far too long, with "…"."""
    kept = [_shortened(line, size) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        kept[-1] = _shortened(f"{kept[-1]} …", size)
    return kept


def _shortened(line: str, size: int) -> str:
    while len(line) > 1 and _length(line, size) > _TITLE_WIDTH:
        line = line.rstrip("…")[:-1].rstrip() + "…"
    return line


def _length(words: str, size: int) -> float:
    return _font("Bold", size * _SCALE).getlength(words) / _SCALE


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Source Sans Pro (OFL), which holds every Vietnamese letter."""
    path = font_source_sans_pro.font_files_ttf[f"SourceSansPro{weight}"]
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)


def _drawable(words: str) -> str:
    """NFC on one line, without what the font cannot draw (pictographs, controls)."""
    spaced = " ".join(unicodedata.normalize("NFC", words).split())
    return " ".join("".join(one for one in spaced if unicodedata.category(one) not in _UNDRAWN).split())
