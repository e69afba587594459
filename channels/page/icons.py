"""What a browser, a bookmark and a home screen show of a site, and its style in its own colours. Pure."""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache, lru_cache
from pathlib import Path

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont

from channels.page import colours
from channels.page.address import base_path
from channels.page.frame import Frame

STYLE = "kieu.css"
ICON = "bieu-tuong.svg"
LOGO = "bieu-tuong-180.png"  # beside the name; also what Apple's home screen takes
TAB_ICON = "bieu-tuong-32.png"
MANIFEST = "trang.webmanifest"
SIZES = (32, 180, 512)  # pixels: a tab, a home screen, a splash
BLEED = 4  # drawn this much larger, then made small: smooth edges

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="{accent}"/>'
    '<rect x="5" y="5" width="54" height="54" rx="9.5" fill="#fff"/><text x="32" y="45" text-anchor="middle" '
    'font-family="system-ui,sans-serif" font-size="36" font-weight="700" fill="{accent}">{letter}</text></svg>\n'
)


@cache
def style(accent: str) -> bytes:
    """The one style sheet; the colours stand first."""
    day, night = colours.by_day(accent), colours.by_night(accent)
    made = f":root {{ {_named(day)} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {_named(night)} }} }}\n"
    return made.encode() + (Path(__file__).parent / "templates" / STYLE).read_bytes()


@cache
def style_mark(accent: str) -> str:
    """Changes with the bytes of the style, so that no browser keeps an old one."""
    return hashlib.sha256(style(accent)).hexdigest()[:8]


def icon_mark(frame: Frame) -> str:
    """The same for the icons."""
    drawn_from = f"{frame.accent} {_letter(frame)} {frame.emblem.sha256 if frame.emblem else ''} {_SVG}"
    return hashlib.sha256(drawn_from.encode()).hexdigest()[:8]


def icons(frame: Frame, emblem: bytes | None, base_url: str) -> dict[str, bytes]:
    """By path: drawn from the emblem's bytes, or from the first letter of the name where there is none."""
    accent, letter = colours.by_day(frame.accent).accent, _letter(frame)
    made = {ICON: _SVG.format(accent=accent, letter=letter).encode(), MANIFEST: _manifest(frame, base_url)}
    return made | _pngs(emblem, letter, accent)


@lru_cache(maxsize=64)  # drawing takes longer than all the rest of laying a site out
def _pngs(emblem: bytes | None, letter: str, accent: str) -> dict[str, bytes]:
    sign = _fitted(emblem) if emblem else _drawn(letter, accent)
    return {f"bieu-tuong-{size}.png": _png(sign, size) for size in SIZES}


def _letter(frame: Frame) -> str:
    return next((char for char in frame.short_name or frame.name if char.isalnum()), "T").upper()


def _named(palette: colours.Palette) -> str:
    names = ("paper", "accent", "tint", "band", "deep")
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in names)


def _drawn(letter: str, accent: str) -> Image.Image:
    """The SVG's picture for those who take no SVG."""
    unit = SIZES[-1] * BLEED / 64
    made = Image.new("RGBA", (SIZES[-1] * BLEED, SIZES[-1] * BLEED))
    draw = ImageDraw.Draw(made)
    draw.rounded_rectangle((0, 0, 64 * unit - 1, 64 * unit - 1), 14 * unit, accent)
    draw.rounded_rectangle((5 * unit, 5 * unit, 59 * unit, 59 * unit), 9.5 * unit, "white")
    font = ImageFont.truetype(font_source_sans_pro.font_files_ttf["SourceSansProBold"], round(40 * unit))
    draw.text((32 * unit, 46 * unit), letter, accent, font, anchor="ms")
    return made


def _fitted(emblem: bytes) -> Image.Image:
    """The emblem in the middle of a square that nothing is cut from. Raises `OSError` for what is no picture."""
    with Image.open(io.BytesIO(emblem)) as opened:
        sign = opened.convert("RGBA")
    side = max(sign.size)
    square = Image.new("RGBA", (side, side))
    square.paste(sign, ((side - sign.width) // 2, (side - sign.height) // 2))
    return square


def _png(sign: Image.Image, size: int) -> bytes:
    written = io.BytesIO()
    sign.resize((size, size), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _manifest(frame: Frame, base_url: str) -> bytes:
    """https://www.w3.org/TR/appmanifest/"""
    base = base_path(base_url)
    told = {
        "name": frame.name,
        "short_name": frame.short_name or frame.name,
        "lang": "vi",
        "start_url": base,
        "scope": base,
        "display": "minimal-ui",
        "theme_color": colours.by_day(frame.accent).band,
        "background_color": colours.WHITE,
        "icons": [
            {"src": f"{base}bieu-tuong-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in SIZES[1:]
        ],
    }
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
