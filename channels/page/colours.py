"""From the one colour of an office to all a page is drawn with, so that words stay readable whatever was chosen. Pure.

Contrast as WCAG 2.2 counts it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

READABLE = 4.8  # AA asks 4.5 of words; a little more, for colours are rounded
STEP = 0.01  # of lightness
WHITE, NIGHT = "#ffffff", "#14171a"  # the paper by day and by night

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """`accent` is read on `paper` and on `tint`; white is read on `band` and on `deep`."""

    paper: str
    accent: str
    tint: str  # paper with a breath of the colour
    band: str
    deep: str


@cache
def by_day(colour: str) -> Palette:
    """`colour`: "#rrggbb", like all that is given back."""
    tint = mixed(colour, WHITE, 0.07)
    accent = _stepped(colour, -STEP, lambda tried: contrast(tried, tint) >= READABLE)
    return Palette(WHITE, accent, tint, accent, mixed(accent, "#000000", 0.72))


@cache
def by_night(colour: str) -> Palette:
    band = mixed(by_day(colour).accent, NIGHT, 0.62)
    tint = mixed(colour, NIGHT, 0.12)
    accent = _stepped(colour, STEP, lambda tried: contrast(tried, tint) >= READABLE + 1)
    return Palette(NIGHT, accent, tint, band, mixed(band, "#000000", 0.6))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, into: str, share: float) -> str:
    """`share` of `colour`, the rest `into`."""
    pairs = zip(_rgb(colour), _rgb(into), strict=True)
    red, green, blue = (share * mine + (1 - share) * theirs for mine, theirs in pairs)
    return _hex((red, green, blue))


def _stepped(colour: str, step: float, good: Callable[[str], bool]) -> str:
    """The colour made darker or lighter, its hue kept, until it is good."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    while not good(colour) and 0 < lightness + step < 1:
        lightness += step
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour))
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(parts: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
