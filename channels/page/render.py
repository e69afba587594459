"""Records, lists and the frame into files. Pure: the same arguments give the same bytes.

| function | file | shows |
|---|---|---|
| `article(record, frame, base_url)` | `bai/…/index.html` | one article; `record["body"]` is the approved payload |
| `withdrawn(record, frame, base_url)` | the same | the notice in its place, no word of it left |
| `moved(path, frame, base_url)` | an older address of an article | leads to `path` |
| `front(sheet, frame, base_url, campaigns, themes, months)` | `index.html` | home: the newest, the ways in |
| `listing(listed, sheet, frame, base_url)` | `chien-dich/…/`, … | one page of a list |
| `archive(campaigns, themes, months, frame, base_url)` | `luu-tru/` | every list there is |
| `happenings(frame, base_url)` | `su-kien/` | what is coming, from the frame |
| `contact(frame, base_url)` | `lien-he/` | hotline, address, where to send a letter |
| `search_page(frame, base_url)` | `tim-kiem/` | the search box; reads `channels.page.search` by script |
| `not_found(frame, base_url)` | `404.html` | |
| `robots(base_url)` | `robots.txt` | |
| `sitemap_index(parts, base_url)` | `sitemap.xml` | `parts`: (path, ISO time or "") |
| `sitemap_part(places, base_url)` | `sitemap-<k>.xml` | `places`: (path, ISO time or "") |
| `assets()` | path → bytes | the script of the search: the same on every site |
| `icons(frame, emblem, base_url)` | path → bytes | style in its colours, icons, web manifest; `emblem`: bytes or None |
| `form()` | | digest of templates, style, script and modules: when it changes, every page is made again |
| `fragment(body, base)` | | the article alone, for the preview |

`sheet` is a `catalogue.Sheet` of entries (`catalogue.entry_of`), `listed` and the items of `campaigns`, `themes` and
`months` are `catalogue.Listed`, the most recent first. A picture of a body or an entry may carry `variants`, each with
`use` ("width" or "share"), `path`, `media_type`, `width`, `height`; a body may carry `sound` (`path`, `media_type`,
`size`, `seconds`) and `video`. Articles and lists must not show `frame.happenings`: only the front and `su-kien/` are
made again when those change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels.page import colours, metadata, search, wording
from channels.page import icons as signs
from channels.page.address import base_path, campaign_path, home, sheet_path, theme_path
from channels.page.catalogue import EVERYTHING, Entry, Listed, Sheet
from channels.page.frame import Frame
from channels.standing import corrections, spoken_time

TEMPLATES = Path(__file__).parent / "templates"
STYLE, ICON = signs.STYLE, signs.ICON
SCRIPT = "tim.js"
ARCHIVE = "luu-tru/"
HAPPENINGS = "su-kien/"
CONTACT = "lien-he/"
SEARCH = "tim-kiem/"
MENU = (
    ("", "Tin mới"),
    (HAPPENINGS, "Sự kiện"),
    (ARCHIVE, "Tất cả tin"),
    (CONTACT, "Liên hệ"),
    (SEARCH, "Tìm kiếm"),
)
LISTS_SHOWN = 8  # of a kind, on the home page
MONTHS_SHOWN = 6
URGENT_SHOWN = 3
TOLD = 7  # articles on the home page shown with picture and opening; the others by their title
URGENT_FOR = timedelta(days=3)  # before the newest article: no page knows what day it is read on
QR_EDGE = 2  # modules; readers ask for four, the page around it is light too
QR_MASK = 2  # any mask is read; trying all eight for the handsomest takes three times as long

_PENS = ("m{} 0", "h{}")  # for light and dark modules: past them, along them

Body = Mapping[str, Any]
Record = Mapping[str, Any]


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "spoken_time": spoken_time,
        "campaign_path": campaign_path,
        "theme_path": theme_path,
        "dialled": wording.dialled,
        "leaf": wording.leaf,
        "span": wording.span,
        "length_said": wording.length,
        "listed_title": _listed_title,
        "widths": _widths,
    }
    return made


def assets() -> dict[str, bytes]:
    """The files every site has alike, by path."""
    return {SCRIPT: (TEMPLATES / SCRIPT).read_bytes()}


def icons(frame: Frame, emblem: bytes | None, base_url: str) -> dict[str, bytes]:
    """The files that show whose site it is, by path. `emblem`: the picture's bytes.

    Raises `OSError` for an emblem that is no picture.
    """
    return {STYLE: signs.style(frame.accent)} | signs.icons(frame, emblem, base_url)


@cache
def form() -> str:
    """Changes when this software makes other pages of the same records."""
    made = [*sorted(TEMPLATES.iterdir()), *(Path(__file__).with_name(name) for name in FORMING)]
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in made)).hexdigest()


FORMING = (
    *("render.py", "icons.py", "colours.py", "metadata.py", "wording.py"),
    *("address.py", "catalogue.py", "frame.py", "lists.py", "search.py"),
)


@cache
def _script_mark() -> str:
    return hashlib.sha256((TEMPLATES / SCRIPT).read_bytes()).hexdigest()[:8]


def _page(template: str, base_url: str, frame: Frame, here: str | None = None, **words: Any) -> bytes:
    shared = {
        "base": base_path(base_url),
        "home_url": home(base_url),
        "frame": frame,
        "style": f"{STYLE}?v={signs.style_mark(frame.accent)}",
        "icon": f"{ICON}?v={signs.icon_mark(frame)}",
        "tab_icon": f"{signs.TAB_ICON}?v={signs.icon_mark(frame)}",
        "logo": f"{signs.LOGO}?v={signs.icon_mark(frame)}",
        "manifest": signs.MANIFEST,
        "band": {"day": colours.by_day(frame.accent).band, "night": colours.by_night(frame.accent).band},
        "menu": MENU,
        "here": here,
    }
    return _templates().get_template(template).render(shared, **words).encode()


def fragment(body: Body, base: str) -> str:
    """The article between its landmarks, as `article` shows it, without its times: what a preview shows."""
    parts = _templates().get_template("phan-bai.html").module
    return str(parts.article(body, base, _words(body), None))  # type: ignore[attr-defined]


def article(record: Record, frame: Frame, base_url: str) -> bytes:
    """The page of one article with its publication time and its corrections."""
    body = record["body"]
    url = home(base_url) + record["path"]
    trail = metadata.article_trail(record)
    return _page(
        "bai.html",
        base_url,
        frame,
        body=body,
        body_html=_words(body),
        url=url,
        summary=metadata.summary(body),
        card=next((metadata.shared(picture) or picture for picture in body["pictures"]), None),
        times={"published": record["published"], "corrections": corrections(record)},
        trail=trail,
        qr=qr(url),
        linked_data=metadata.in_script(metadata.article(record, base_url)),
        trail_data=metadata.in_script(metadata.trail(trail, base_url)),
    )


def withdrawn(record: Record, frame: Frame, base_url: str) -> bytes:
    """The notice in the place of an article taken down: no word of it is left."""
    return _page("da-go.html", base_url, frame, at=record["withdrawn"])


def moved(path: str, frame: Frame, base_url: str) -> bytes:
    """Leads from an address the article was announced under to the one it stands at."""
    return _page("chuyen.html", base_url, frame, url=home(base_url) + path)


def front(
    sheet: Sheet,
    frame: Frame,
    base_url: str,
    campaigns: Sequence[Listed],
    themes: Sequence[Listed],
    months: Sequence[Listed],
) -> bytes:
    """The home page: what is urgent, the newest articles, what is coming, and the ways to everything else."""
    urgent = _urgent(sheet.entries)
    ways = [
        ("Chiến dịch", campaigns[:LISTS_SHOWN]),
        ("Nội dung tuyên truyền", themes[:LISTS_SHOWN]),
        ("Theo tháng", months[:MONTHS_SHOWN]),
    ]
    return _page(
        "trang-chu.html",
        base_url,
        frame,
        "",
        listed=EVERYTHING,
        sheet=sheet,
        urgent=urgent,
        told=TOLD,
        stories=[entry for entry in sheet.entries if entry not in urgent],
        ways=[(heading, known) for heading, known in ways if known],
        url=home(base_url),
        linked_data=metadata.in_script(metadata.organization(frame, base_url)),
    )


def listing(listed: Listed, sheet: Sheet, frame: Frame, base_url: str) -> bytes:
    """One page of a list; the front of the list of all articles is `front`."""
    path = sheet_path(listed.path, sheet.number)
    steps = [("Trang chủ", ""), ("Tất cả tin bài", ARCHIVE), (_listed_title(listed) or "Tin bài", path)]
    return _page(
        "danh-sach.html",
        base_url,
        frame,
        listed=listed,
        sheet=sheet,
        url=home(base_url) + path,
        trail_data=metadata.in_script(metadata.trail(steps, base_url)),
    )


def archive(
    campaigns: Sequence[Listed], themes: Sequence[Listed], months: Sequence[Listed], frame: Frame, base_url: str
) -> bytes:
    """Every list of the site."""
    lists = [("Theo tháng", months), ("Theo chiến dịch", campaigns), ("Theo nội dung tuyên truyền", themes)]
    steps = [("Trang chủ", ""), ("Tất cả tin bài", ARCHIVE)]
    trail = metadata.in_script(metadata.trail(steps, base_url))
    return _page("luu-tru.html", base_url, frame, ARCHIVE, lists=lists, url=home(base_url) + ARCHIVE, trail_data=trail)


def happenings(frame: Frame, base_url: str) -> bytes:
    url = home(base_url) + HAPPENINGS
    told = [metadata.in_script(metadata.happening(happening, frame, url)) for happening in frame.happenings]
    trail = metadata.in_script(metadata.trail([("Trang chủ", ""), ("Sự kiện", HAPPENINGS)], base_url))
    return _page("su-kien.html", base_url, frame, HAPPENINGS, url=url, linked_data=told, trail_data=trail)


def contact(frame: Frame, base_url: str) -> bytes:
    office = metadata.in_script(metadata.organization(frame, base_url))
    return _page("lien-he.html", base_url, frame, CONTACT, url=home(base_url) + CONTACT, linked_data=office)


def search_page(frame: Frame, base_url: str) -> bytes:
    script = f"{SCRIPT}?v={_script_mark()}"
    url = home(base_url) + SEARCH
    return _page("tim-kiem.html", base_url, frame, SEARCH, url=url, script=script, index=search.MANIFEST)


def not_found(frame: Frame, base_url: str) -> bytes:
    return _page("404.html", base_url, frame)


def robots(base_url: str) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {home(base_url)}sitemap.xml\n".encode()


def sitemap_index(parts: Iterable[tuple[str, str]], base_url: str) -> bytes:
    """https://www.sitemaps.org/protocol.html#index"""
    shown = [(home(base_url) + path, at) for path, at in parts]
    return _templates().get_template("sitemap-muc-luc.xml").render(parts=shown).encode()


def sitemap_part(places: Iterable[tuple[str, str]], base_url: str) -> bytes:
    """https://www.sitemaps.org/protocol.html"""
    shown = [(home(base_url) + path, at) for path, at in places]
    return _templates().get_template("sitemap.xml").render(places=shown).encode()


def qr(url: str) -> Markup:
    """A drawing that a phone's camera reads the address from: a line for each run of dark modules."""
    rows = segno.make_qr(url, error="m", boost_error=False, mask=QR_MASK).matrix
    side = len(rows) + 2 * QR_EDGE
    drawn = "".join(
        f"M{QR_EDGE} {at + QR_EDGE}.5" + "".join(_PENS[dark].format(len([*run])) for dark, run in groupby(row))
        for at, row in enumerate(rows)
    )
    return Markup(  # noqa: S704 - numbers alone
        f'<svg class="qr" role="img" aria-label="Mã QR dẫn tới bài này" width="{side}" height="{side}" '
        f'viewBox="0 0 {side} {side}"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{drawn}"/></svg>'
    )


def _urgent(entries: Sequence[Entry]) -> list[Entry]:
    """The urgent ones of the last days, the newest first."""
    if not entries:
        return []
    since = datetime.fromisoformat(entries[0]["published"]) - URGENT_FOR
    recent = [entry for entry in entries if entry["urgent"] and datetime.fromisoformat(entry["published"]) >= since]
    return recent[:URGENT_SHOWN]


def _listed_title(listed: Listed) -> str:
    return wording.month(listed.title) if listed.kind == "thang" else listed.title


def _widths(picture: Mapping[str, Any], media_type: str) -> list[Mapping[str, Any]]:
    """The narrower forms of a picture in one format, the narrowest first."""
    known = [form for form in picture.get("variants", ()) if (form["use"], form["media_type"]) == ("width", media_type)]
    return sorted(known, key=lambda form: form["width"])


def _words(body: Body) -> Markup:
    return Markup(body["html"])  # noqa: S704 - sanitised by channels.text.to_html, hashed and approved
