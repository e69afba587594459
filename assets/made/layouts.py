"""Five layouts, each a ground and a skin. Whatever the accent, words stand out from what they stand on. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageOps

from assets.made.colours import CREAM, GOLD, WHITE, Colour, Palette, mixed
from assets.made.figures import star
from assets.made.formats import Format
from assets.made.skins import SANS, SERIF, Skin
from assets.made.surface import Box, Point, Surface

Ground = Callable[[Surface, Palette, float, Image.Image | None], None]
Dress = Callable[[Format, Palette, float], Skin]


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    label: str
    says: str  # for the person who chooses
    ground: Ground
    dress: Dress
    wants_photo: bool = False


def _swell(surface: Surface, level: float, swell: float, phase: float) -> list[Point]:
    """Everything below a wavy line, to the edge of the paper."""
    left, right, low = -surface.bleed, surface.width + surface.bleed, surface.height + surface.bleed
    steps = 160
    across = [left + (right - left) * step / steps for step in range(steps + 1)]
    crest = [(x, level + swell * math.sin(x / surface.width * 2 * math.pi * 1.25 + phase)) for x in across]
    return [*crest, (right, low), (left, low)]


def _river(surface: Surface, colours: Palette, unit: float, photo: Image.Image | None) -> None:
    surface.fill(colours.ground, colours.deep)
    sun = (surface.width - 128 * unit, 128 * unit)
    for reach, strength in ((330, 0.04), (240, 0.055), (160, 0.08)):
        surface.disc(sun, reach * unit, WHITE, opacity=strength)
    surface.disc(sun, 62 * unit, GOLD, opacity=0.94)
    zone = 190 * unit
    for share, swell, phase, strength in ((1.0, 18, 0.2, 0.13), (0.7, 16, 2.1, 0.12), (0.36, 13, 4.0, 0.08)):
        level = surface.height - zone * share
        surface.shape(_swell(surface, level, swell * unit, phase), colours.light, opacity=strength)


def _river_skin(size: Format, colours: Palette, unit: float) -> Skin:
    side, top = 84 * unit, size.height * size.keep_top + 78 * unit
    low = size.height - size.height * size.keep_bottom
    header = Box(side, top, size.width - 2 * side - 160 * unit, 84 * unit)
    footer = Box(side, low - 84 * unit, size.width - 2 * side, 56 * unit)
    width = size.width - 2 * side - (120 * unit if size.wide else 0)
    area = Box(side, header.bottom + 30 * unit, width, footer.top - 100 * unit - header.bottom - 30 * unit)
    if size.wide:
        area = Box(area.left, header.bottom + 12 * unit, width, footer.top - 58 * unit - header.bottom)
    return Skin(unit, SANS, WHITE, (238, 244, 246), GOLD, colours.ground, area, header, WHITE, footer, WHITE,
                leaf=colours.ground)  # fmt: skip


def _frame(surface: Surface, colours: Palette, unit: float, photo: Image.Image | None) -> None:
    surface.fill(CREAM, CREAM)
    for away, thick in ((34, 7), (50, 2)):
        _border(surface, away * unit, thick * unit, colours)
    reach = 21 * unit
    for x in (42 * unit, surface.width - 42 * unit):
        for y in (42 * unit, surface.height - 42 * unit):
            surface.shape(_lozenge((x, y), reach * 1.5), CREAM)
            surface.shape(_lozenge((x, y), reach), colours.ground)
            surface.shape(_lozenge((x, y), reach * 0.45), GOLD)


def _border(surface: Surface, away: float, thick: float, colours: Palette) -> None:
    width, height = surface.width, surface.height
    surface.box(Box(away, away, width - 2 * away, thick), colours.ground)
    surface.box(Box(away, height - away - thick, width - 2 * away, thick), colours.ground)
    surface.box(Box(away, away, thick, height - 2 * away), colours.ground)
    surface.box(Box(width - away - thick, away, thick, height - 2 * away), colours.ground)


def _lozenge(centre: Point, reach: float) -> list[Point]:
    x, y = centre
    return [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]


def _frame_skin(size: Format, colours: Palette, unit: float) -> Skin:
    side = 112 * unit
    top, low = size.height * size.keep_top + 92 * unit, size.height * (1 - size.keep_bottom) - 84 * unit
    header = Box(side, top, size.width - 2 * side, 120 * unit)
    corner = Box(size.width - side - 120 * unit, top - 24 * unit, 120 * unit, 60 * unit)
    footer = Box(side, low - 52 * unit, size.width - 2 * side, 52 * unit)
    area = Box(side, header.bottom + 40 * unit, size.width - 2 * side, footer.top - header.bottom - 60 * unit)
    return Skin(unit, SERIF, colours.ink, (58, 58, 54), colours.ground, CREAM, area, header, colours.ground, footer,
                (70, 66, 58), align="centre", corner=corner, leaf=colours.ground)  # fmt: skip


def _band(surface: Surface, colours: Palette, unit: float, photo: Image.Image | None) -> None:
    surface.fill(WHITE, WHITE)
    width, height, out = surface.width, surface.height, surface.bleed
    edge = _band_edge(width, height)
    if width > height * 1.2:
        slab = [(-out, -out), (edge + 70 * unit, -out), (edge - 40 * unit, height + out), (-out, height + out)]
        stripe = [(edge + 70 * unit, -out), (edge + 88 * unit, -out), (edge - 22 * unit, height + out),
                  (edge - 40 * unit, height + out)]  # fmt: skip
        shade = [(-out, height * 0.45), (edge * 0.72, height + out), (-out, height + out)]
        free = [slab[1], (width + out, -out), (width + out, height + out), slab[2]]
    else:
        slab = [(-out, -out), (width + out, -out), (width + out, edge - 70 * unit), (-out, edge + 30 * unit)]
        stripe = [(-out, edge + 30 * unit), (width + out, edge - 70 * unit), (width + out, edge - 52 * unit),
                  (-out, edge + 48 * unit)]  # fmt: skip
        shade = [(width * 0.45, -out), (width + out, -out), (width + out, edge - 70 * unit),
                 (width * 0.8, edge - 50 * unit)]  # fmt: skip
        free = [slab[3], slab[2], (width + out, height + out), (-out, height + out)]
    surface.shape(slab, colours.ground)
    surface.shape(shade, colours.deep, opacity=0.35)
    _rings(surface, colours, unit, edge)
    surface.shape(free, WHITE)
    surface.shape(stripe, GOLD)
    surface.box(Box(-out, height - 16 * unit, width + 2 * out, 16 * unit + out), colours.ground)


def _rings(surface: Surface, colours: Palette, unit: float, edge: float) -> None:
    """Circles of water in the corner of the band, cut off by its edge."""
    wide = surface.width > surface.height * 1.2
    centre = (0.0, surface.height) if wide else (surface.width * 0.12, edge + 20 * unit)
    for reach in (70, 120, 175) if not wide else (90, 160, 230):
        surface.ring(centre, reach * unit, 5 * unit, colours.light, opacity=0.35)


def _band_edge(width: float, height: float) -> float:
    return width * 0.36 if width > height * 1.2 else height * 0.37


def _band_skin(size: Format, colours: Palette, unit: float) -> Skin:
    side, edge = 80 * unit, _band_edge(size.width, size.height)
    low = size.height * (1 - size.keep_bottom)
    top = size.height * size.keep_top + 70 * unit
    footer = Box(side, low - 92 * unit, size.width - 2 * side, 56 * unit)
    if size.wide:
        header = Box(side * 0.75, top, edge - side * 1.2, 190 * unit)
        figure = Box(side * 0.75, top + 200 * unit, edge - side * 1.3, size.height - top - 330 * unit)
        left = edge + 120 * unit
        footer = Box(left - 40 * unit, footer.top, size.width - left + 40 * unit - 60 * unit, footer.height)
        area = Box(left, 60 * unit, size.width - left - 60 * unit, footer.top - 80 * unit)
    else:
        header = Box(side, top, size.width - 2 * side, 84 * unit)
        figure = Box(size.width * 0.54, top - 8 * unit, size.width * 0.46 - side, edge - top - 92 * unit)
        header = Box(side, top, size.width * 0.52 - side, 120 * unit)
        area = Box(side, edge + 76 * unit, size.width - 2 * side, footer.top - edge - 100 * unit)
    return Skin(unit, SANS, colours.ink, (52, 58, 64), colours.ground, WHITE, area, header, WHITE, footer, (70, 76, 82),
                figure_box=figure, figure_align="left" if size.wide else "right", figure_ink=WHITE,
                leaf=colours.ground)  # fmt: skip


def _drum(surface: Surface, colours: Palette, unit: float, photo: Image.Image | None) -> None:
    surface.fill(mixed(colours.ground, colours.deep, 0.35), colours.deep)
    reach = min(max(surface.width, surface.height) * 0.5, min(surface.width, surface.height) * 0.72)
    centre = (surface.width + 30 * unit, surface.height + 20 * unit)
    line = colours.light
    surface.disc(centre, reach, line, opacity=0.07)
    for share, thick in ((1.0, 4), (0.955, 2), (0.84, 3), (0.8, 2), (0.58, 3), (0.545, 2), (0.34, 4)):
        surface.ring(centre, reach * share, thick * unit, line, opacity=0.26)
    _teeth(surface, centre, reach, unit, colours)
    surface.shape(star(centre, reach * 0.32, reach * 0.1, 14), GOLD, opacity=0.5)
    surface.disc(centre, reach * 0.075, GOLD, opacity=0.6)
    surface.box(Box(-surface.bleed, -surface.bleed, surface.width + 2 * surface.bleed, 14 * unit + surface.bleed), GOLD)


def _teeth(surface: Surface, centre: Point, reach: float, unit: float, colours: Palette) -> None:
    """The rows of teeth and dots between the rings of a bronze drum."""
    for step in range(72):
        angle = 2 * math.pi * step / 72
        turned = angle + math.pi / 72
        outer = [_on(centre, reach * 0.85, angle - 0.026), _on(centre, reach * 0.85, angle + 0.026)]
        surface.shape([*outer, _on(centre, reach * 0.935, angle)], colours.light, opacity=0.22)
        if step % 2 == 0:
            surface.ring(_on(centre, reach * 0.69, turned), 17 * unit, 3 * unit, colours.light, opacity=0.24)
            surface.disc(_on(centre, reach * 0.69, turned), 5 * unit, colours.light, opacity=0.24)
        outer = [_on(centre, reach * 0.36, angle - 0.03), _on(centre, reach * 0.36, angle + 0.03)]
        surface.shape([*outer, _on(centre, reach * 0.44, angle)], colours.light, opacity=0.35)


def _on(centre: Point, reach: float, angle: float) -> Point:
    return centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)


def _drum_skin(size: Format, colours: Palette, unit: float) -> Skin:
    side = 88 * unit
    top, low = size.height * size.keep_top + 84 * unit, size.height * (1 - size.keep_bottom)
    header = Box(side, top, size.width - 2 * side, 84 * unit)
    corner = Box(size.width - side - 200 * unit, top, 200 * unit, 84 * unit)
    header = Box(side, top, size.width - 2 * side - 220 * unit, 84 * unit)
    footer = Box(side, low - 96 * unit, size.width - 2 * side - 190 * unit, 56 * unit)
    area = Box(side, header.bottom + 24 * unit, size.width - 2 * side - 30 * unit,
               footer.top - header.bottom - 60 * unit)  # fmt: skip
    return Skin(unit, SERIF, WHITE, (243, 240, 230), GOLD, colours.deep, area, header, GOLD, footer, WHITE,
                corner=corner, leaf=colours.ground)  # fmt: skip


_BRIGHTEST = 84  # of 255: what lies beneath gold words may be as bright as this grey


def veiled(photo: Image.Image, size: tuple[int, int], dark: Colour) -> Image.Image:
    """The photograph beneath a veil just thick enough that white and gold words on it can be read."""
    fitted = ImageOps.fit(photo, size, Image.Resampling.LANCZOS)
    brightest = max(max(fitted.reduce(8).tobytes()), 1)
    darkest = max(dark)
    least = max(0.45, (brightest - _BRIGHTEST) / max(1, brightest - darkest))
    veil = Image.linear_gradient("L").resize(size).point(lambda value: round(255 * least + (1 - least) * 0.6 * value))
    return Image.composite(Image.new("RGB", size, dark), fitted, veil)


def _photo(surface: Surface, colours: Palette, unit: float, photo: Image.Image | None) -> None:
    out = surface.bleed
    whole = Box(-out, -out, surface.width + 2 * out, surface.height + 2 * out)
    if photo is None:
        _landscape(surface, colours, unit)
        surface.box(Box(whole.left, whole.bottom - 12 * unit - out, whole.width, 12 * unit + out), GOLD)
        return
    size = round(whole.width * surface.density), round(whole.height * surface.density)
    surface.picture(veiled(photo, size, mixed(colours.deep, (8, 12, 16), 0.6)), whole)
    surface.box(Box(whole.left, whole.bottom - 12 * unit - out, whole.width, 12 * unit + out), GOLD)


def _landscape(surface: Surface, colours: Palette, unit: float) -> None:
    """Hills above a river, for an office without a photograph at hand."""
    night = mixed(colours.deep, (8, 12, 16), 0.5)
    surface.fill(mixed(colours.ground, colours.deep, 0.2), mixed(colours.ground, colours.deep, 0.6))
    moon = (surface.width - 150 * unit, 150 * unit)
    surface.disc(moon, 66 * unit, GOLD)
    surface.disc((moon[0] - 30 * unit, moon[1] - 18 * unit), 60 * unit, mixed(colours.ground, colours.deep, 0.28))
    for place in range(26):  # stars, strewn but always alike
        across, down = (place * 0.618 + 0.11) % 1, (place * 0.414 + 0.05) % 1
        at = (surface.width * (0.5 + across / 2), surface.height * 0.24 * down)
        surface.disc(at, (2 + place % 3) * unit, WHITE, opacity=0.5)
    for place in range(4):
        level = surface.height * (0.36 + 0.15 * place)
        tone = mixed(mixed(colours.ground, colours.deep, 0.4), night, (place + 1) / 4)
        surface.shape(_swell(surface, level, (52 - 9 * place) * unit, 0.8 + 2.3 * place), tone)


def _photo_skin(size: Format, colours: Palette, unit: float) -> Skin:
    side = 80 * unit
    top, low = size.height * size.keep_top + 72 * unit, size.height * (1 - size.keep_bottom)
    header = Box(side, top, size.width - 2 * side, 84 * unit)
    footer = Box(side, low - 96 * unit, size.width - 2 * side, 56 * unit)
    high = header.bottom + (20 * unit if size.wide else (size.height - header.bottom) * 0.1)
    area = Box(side, high, size.width - 2 * side, footer.top - high - 30 * unit)
    return Skin(unit, SANS, WHITE, (244, 244, 242), GOLD, mixed(colours.deep, (8, 12, 16), 0.6), area, header, WHITE,
                footer, WHITE, anchor="bottom", leaf=colours.ground)  # fmt: skip


LAYOUTS = {
    one.name: one
    for one in (
        Layout("river", "Sông nước", "Nền màu đậm, mặt trời và sóng; chữ trắng", _river, _river_skin),
        Layout("frame", "Khung giấy", "Giấy ngà, khung đôi, chữ có chân đặt giữa; trang trọng", _frame, _frame_skin),
        Layout("band", "Mảng màu", "Nửa màu nửa trắng, số và tờ lịch đứng riêng; hiện đại", _band, _band_skin),
        Layout("drum", "Trống đồng", "Nền thẫm, vành hoa văn trống đồng, chữ có chân; lễ, kỷ niệm", _drum, _drum_skin),
        Layout("photo", "Ảnh nền", "Ảnh của đơn vị phủ tối, chữ trắng ở dưới", _photo, _photo_skin, wants_photo=True),
    )
}
