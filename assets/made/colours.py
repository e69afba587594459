"""Colours out of one accent, so that every word on every layout can be read (WCAG 2.2, AA). Pure."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

from PIL import ImageColor

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
CREAM: Colour = (251, 246, 235)
GOLD: Colour = (244, 200, 92)
INK: Colour = (28, 32, 36)
READABLE = 4.5  # the contrast AA asks of words of any size, https://www.w3.org/TR/WCAG22/#contrast-minimum
STRONG = 6.5  # of white words on the accent: some is left for what lies over it


@dataclass(frozen=True, slots=True)
class Palette:
    ground: Colour  # the accent, dark enough for white words
    deep: Colour  # half as light
    light: Colour  # a tone above the ground, for shapes on it
    tint: Colour  # nearly white, for panels
    ink: Colour  # nearly black, for words on paper


def palette(accent: str) -> Palette:
    """`accent`: a colour such as "#0b6e4f". Raises `ValueError` for what is no colour."""
    ground, deep = grounds(accent)
    return Palette(ground, deep, lighter(ground), mixed(ground, WHITE, 0.92), mixed(deep, INK, 0.75))


def grounds(accent: str) -> tuple[Colour, Colour]:
    """The accent, dark enough to carry white words, and a deeper tone of it."""
    red, green, blue = (value / 255 for value in ImageColor.getrgb(accent)[:3])
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    while lightness > 0 and 1.05 / (luminance(_rgb(hue, lightness, saturation)) + 0.05) < STRONG:
        lightness -= 0.01
    lightness = max(lightness, 0.1)
    return _rgb(hue, lightness, saturation), _rgb(hue, lightness * 0.5, saturation)


def luminance(colour: Colour) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    shares = [value / 255 for value in colour]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Between 1 and 21, whichever of the two is the lighter."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lighter(colour: Colour) -> Colour:
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in colour))
    return _rgb(hue, lightness + (1 - lightness) * 0.45, saturation)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` of `other` in `colour`, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _rgb(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
