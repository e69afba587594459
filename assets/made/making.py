"""Words, a look and a format become a picture or a paper. Pure: the same are the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pypdfium2
from PIL import Image

from assets.made import figures
from assets.made.colours import INK, WHITE, palette
from assets.made.contents import Content, Item, Notice, Sheet, cleaned
from assets.made.faces import drawable
from assets.made.formats import LINK, SQUARE, Format
from assets.made.layouts import LAYOUTS
from assets.made.paper import Paper
from assets.made.pieces import Draw, Laid, Line, Words, column
from assets.made.pixels import Pixels
from assets.made.skins import Skin
from assets.made.surface import Box, Surface

_QUALITY = 90
_PREVIEW_DOTS = 1400  # pixels of the longer side of a paper's picture
_LARGEST_PHOTO = 2600  # pixels a side of what is kept open: A3 at 150 dots an inch
_SMALLER_ON_PAPER = 0.62  # of the least size on a telephone: 9 points on A5

CUT = "Chữ dài quá cỡ ảnh, phần cuối phải thay bằng “…”: hãy viết gọn lại hoặc chọn cỡ khác."


@dataclass(frozen=True, slots=True)
class Look:
    """How an office's pictures look. `emblem` and `background` are pictures that were looked at (assets.pictures)."""

    organisation: str
    layout: str = "river"  # a name of LAYOUTS
    accent: str = "#9c1c1c"
    headline: str = ""  # "sans" or "serif"; "" as the layout has it
    footer: str = ""
    emblem: bytes = field(default=b"", repr=False)
    background: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    data: bytes = field(repr=False)
    media_type: str
    alt: str
    title: str
    warnings: tuple[str, ...] = ()


def picture(content: Content, look: Look, size: Format = SQUARE) -> Made:
    """A JPEG of the format's pixels. Raises `ValueError` for an accent that is no colour."""
    content, left_out = cleaned(content)
    surface = Pixels(size, _ground(look.layout, look.accent, look.background, size).copy())
    done = composed(content, look, size)
    _draw(surface, done)
    buffer = io.BytesIO()
    surface.image.save(buffer, "JPEG", quality=_QUALITY, subsampling=0)  # fine edges of coloured type
    return Made(buffer.getvalue(), "image/jpeg", content.alt, content.title, _warnings(done, left_out))


def paper(content: Content, look: Look, size: Format, *, marks: bool = False) -> Made:
    """A PDF of one page for print; `marks` adds 3 mm of bleed and crop marks."""
    content, left_out = cleaned(content)
    surface = Paper(size, title=content.title, author=drawable(look.organisation), marks=marks)
    LAYOUTS[look.layout].ground(surface, palette(look.accent), size.paper_unit, _opened(look.background))
    done = composed(content, look, size)
    _draw(surface, done)
    return Made(surface.data(), "application/pdf", content.alt, content.title, _warnings(done, left_out))


def told(content: Content, look: Look, size: Format) -> tuple[str, ...]:
    """The warnings alone, without drawing anything."""
    content, left_out = cleaned(content)
    return _warnings(composed(content, look, size), left_out)


def seen(pdf: bytes, longest: int = _PREVIEW_DOTS, media_type: str = "image/png") -> bytes:
    """The first page of a paper as a picture, its longer side of `longest` pixels."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=longest / max(page.get_size())).to_pil().convert("RGB")
    finally:
        document.close()
    buffer = io.BytesIO()
    if media_type == "image/png":
        image.save(buffer, "PNG")
    else:
        image.save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
    return buffer.getvalue()


def small(made: bytes, width: int = 400) -> bytes:
    """A picture made here, brought down for a preview."""
    with Image.open(io.BytesIO(made)) as image:
        image.draft("RGB", (width, width))
        image.thumbnail((width, width * 3), Image.Resampling.BILINEAR, reducing_gap=1.5)
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def composed(content: Content, look: Look, size: Format) -> list[Laid]:
    """Every line at its place, and every stroke, in the order they are drawn."""
    skin = dressed(look, size, content)
    parts = [*_header(look, skin), *_footer(look, content, skin)]
    area = skin.area
    if isinstance(content, Sheet) and content.address:
        area, strip = _parted(area, skin)
        parts.append(_read_on(content, strip, skin))
    if skin.figure_box is not None and (figure := content.figure(skin)) is not None:
        parts.append(column([replace(figure, after=0, align=skin.figure_align)], skin.figure_box, anchor="middle"))
    elif look.layout == "band" and isinstance(content, Sheet):
        return [*parts, _on_band(content, skin), column(content.pieces(skin)[2:], area, anchor="middle")]
    if isinstance(content, Item) and not size.wide:
        return [*parts, column(content.pieces(skin), _same_start(area, skin))]
    return [*parts, column(content.pieces(skin), area, anchor=skin.anchor)]


def dressed(look: Look, size: Format, content: Content) -> Skin:
    on_paper = size.width < 1000
    unit = size.paper_unit if on_paper else size.unit
    skin = LAYOUTS[look.layout].dress(size, palette(look.accent), unit)
    skin = replace(skin, family=look.headline or skin.family)
    if size.wide and isinstance(content, Notice) and skin.figure_box is None:
        skin = _beside(skin)
    return replace(skin, least=_SMALLER_ON_PAPER) if on_paper else skin


def _same_start(area: Box, skin: Skin) -> Box:
    """All cards of a series begin at one height, so that nothing jumps when one swipes."""
    down = area.height * (0.24 if skin.anchor == "bottom" else 0.12)
    return Box(area.left, area.top + down, area.width, area.height - down)


def _beside(skin: Skin) -> Skin:
    """The calendar leaf at the left, the words at its right: a wide picture is too low for both."""
    area, room = skin.area, min(skin.area.width * 0.34, skin.area.height)
    figure = Box(area.left, area.top, room, area.height)
    words = Box(figure.right + 30 * skin.unit, area.top, area.right - figure.right - 30 * skin.unit, area.height)
    return replace(skin, area=words, figure_box=figure, figure_align="left", align="left", anchor="middle")


def _on_band(content: Sheet, skin: Skin) -> Laid:
    """A sheet's headline stands white on the band itself."""
    assert skin.figure_box is not None  # noqa: S101  # of this layout it never is
    headline = replace(skin.headline(content.title, 112), colour=skin.figure_ink)
    top, low = skin.header.top + 100 * skin.unit, skin.figure_box.bottom
    return column([headline], Box(skin.header.left, top, skin.area.width, low - top), anchor="middle")


def _header(look: Look, skin: Skin) -> list[Laid]:
    """The office's emblem and name."""
    words = drawable(look.organisation).upper()
    name = Words(words, "sans-semibold", 34 * skin.unit, skin.header_ink, 20 * skin.unit * skin.least, 1.18,
                 align=skin.align)  # fmt: skip
    emblem = _opened(look.emblem)
    if emblem is None:
        return [column([name], skin.header, anchor="middle")]
    side, box = 84 * skin.unit, skin.header
    if skin.align == "centre":
        seal = Box(box.left + (box.width - side) / 2, box.top - 12 * skin.unit, side, side)
        rest = Box(box.left, seal.bottom + 4 * skin.unit, box.width, box.bottom - seal.bottom)
    else:
        seal = Box(box.left, box.top + (min(box.height, side) - side) / 2, side, side)
        rest = Box(seal.right + 22 * skin.unit, box.top, box.width - side - 22 * skin.unit, min(box.height, side))
    return [Laid(side, strokes=[(_seal(emblem), seal)]), column([name], rest, anchor="middle")]


def _seal(emblem: Image.Image) -> Draw:
    def draw(surface: Surface, box: Box) -> None:
        surface.disc((box.left + box.width / 2, box.top + box.height / 2), box.width / 2, WHITE)
        surface.picture(emblem, box.inside(box.width * 0.05), round_=True)

    return draw


def _footer(look: Look, content: Content, skin: Skin) -> list[Laid]:
    corner = drawable(content.corner)
    box, parts = skin.footer, []
    if corner and skin.corner is not None:
        number = Words(corner, "sans-bold", 34 * skin.unit, skin.mark, 20 * skin.unit, align="right")
        parts.append(column([number], skin.corner, anchor="middle"))
    elif corner:
        room = 170 * skin.unit
        number = Words(corner, "sans-bold", 30 * skin.unit, skin.footer_ink, 20 * skin.unit, align="right")
        parts.append(column([number], Box(box.right - room, box.top, room, box.height), anchor="bottom"))
        box = Box(box.left + (room if skin.align == "centre" else 0), box.top,
                  box.width - room * (2 if skin.align == "centre" else 1), box.height)  # fmt: skip
    if words := drawable(look.footer):
        line = Words(words, "sans-semibold", 27 * skin.unit, skin.footer_ink, 19 * skin.unit * skin.least, 1.16,
                     align=skin.align)  # fmt: skip
        parts.append(column([line], box, anchor="bottom"))
    return parts


def _parted(area: Box, skin: Skin) -> tuple[Box, Box]:
    """The column, and below it a strip for the code."""
    height = 214 * skin.unit
    strip = Box(area.left, area.bottom - height, area.width, height)
    return Box(area.left, area.top, area.width, area.height - height - 28 * skin.unit), strip


def _read_on(content: Sheet, strip: Box, skin: Skin) -> Laid:
    """The code of the article's address on a white panel, and beside it what it leads to."""
    side = strip.height - 24 * skin.unit
    qr = Box(strip.left + 12 * skin.unit, strip.top + 12 * skin.unit, side, side)
    left = qr.right + 30 * skin.unit
    call = Words(content.call or "Quét mã để đọc đầy đủ", "sans-bold", 42 * skin.unit, INK,
                 24 * skin.unit * skin.least, after=6 * skin.unit)  # fmt: skip
    shown = drawable(content.address.removeprefix("https://").removeprefix("http://"))
    where = Words(shown, "sans", 27 * skin.unit, (60, 66, 72), 18 * skin.unit * skin.least)
    done = column([call, where], Box(left, strip.top, strip.right - left - 24 * skin.unit, strip.height),
                  anchor="middle")  # fmt: skip
    panel: Draw = lambda surface, box: surface.box(box, WHITE, radius=18 * skin.unit)  # noqa: E731
    done.strokes = [(panel, strip), (figures.code(content.address), qr), *done.strokes]
    return done


def _draw(surface: Surface, done: Iterable[Laid]) -> None:
    for part in done:
        for draw, box in part.strokes:
            draw(surface, box)
        for line in part.lines:
            _write(surface, line)


def _write(surface: Surface, line: Line) -> None:
    if line.words:
        surface.words(line.words, (line.x, line.base), line.face, line.size, line.colour, align=line.align)


@lru_cache(maxsize=8)
def _ground(layout: str, accent: str, background: bytes, size: Format) -> Image.Image:
    """What all cards of a series have behind their words. Copied before anything is drawn on it."""
    surface = Pixels(size)
    LAYOUTS[layout].ground(surface, palette(accent), size.unit, _opened(background))
    return surface.image


@lru_cache(maxsize=4)
def _opened(data: bytes) -> Image.Image | None:
    if not data:
        return None
    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((_LARGEST_PHOTO, _LARGEST_PHOTO), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return image.convert("RGB")


def _warnings(done: Iterable[Laid], left_out: str) -> tuple[str, ...]:
    words = [CUT] if any(part.cut for part in done) else []
    if left_out:
        words.append(f"Không vẽ được ký tự {' '.join(left_out[:12])}: phông chữ không có. Hãy viết bằng chữ.")
    return tuple(words)


__all__ = ["LINK", "SQUARE", "Look", "Made", "composed", "dressed", "paper", "picture", "seen", "small", "told"]
