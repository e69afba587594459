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
| `assets()` | path → bytes | style, script: the same on every site |
| `icons(frame, emblem, base_url)` | path → bytes | SVG, 32 px and 180 px PNG, web manifest; `emblem`: bytes or None |
| `form()` | | digest of templates, style, script and this module: when it changes, every page is made again |
| `fragment(body, base)` | | the article alone, for the preview |

`sheet` is a `catalogue.Sheet` of entries (`catalogue.entry_of`), `listed` and the items of `campaigns`, `themes` and
`months` are `catalogue.Listed`, the most recent first. A picture of a body or an entry may carry `variants`, each with
`use` ("width" or "share"), `path`, `media_type`, `width`, `height`; a body may carry `sound` (`path`, `media_type`,
`size`, `seconds`) and `video`. Articles and lists must not show `frame.happenings`: only the front and `su-kien/` are
made again when those change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels.page.address import base_path, campaign_path, home, sheet_path, theme_path
from channels.page.catalogue import EVERYTHING, Listed, Sheet
from channels.page.frame import Frame
from channels.standing import corrections, spoken_time
from channels.text import opening

TEMPLATES = Path(__file__).parent / "templates"
STYLE = "kieu.css"
ICON = "bieu-tuong.svg"
ARCHIVE = "luu-tru/"
HAPPENINGS = "su-kien/"
CONTACT = "lien-he/"
SEARCH = "tim-kiem/"
CAMPAIGNS_SHOWN = 8

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
        "dialled": _dialled,
    }
    return made


def assets() -> dict[str, bytes]:
    """The files every site has alike, by path."""
    return {STYLE: (TEMPLATES / STYLE).read_bytes()}


def icons(frame: Frame, emblem: bytes | None, base_url: str) -> dict[str, bytes]:
    """What a browser, a bookmark and a home screen show of the site, by path. `emblem`: the picture's bytes."""
    letter = next((char for char in frame.short_name or frame.name if char.isalnum()), "T").upper()
    return {ICON: _templates().get_template("bieu-tuong.svg").render(letter=letter).encode()}


@cache
def form() -> str:
    """Changes when this software makes other pages of the same records."""
    made = [*sorted(TEMPLATES.iterdir()), Path(__file__)]
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in made)).hexdigest()


@cache
def _style_mark() -> str:
    return hashlib.sha256((TEMPLATES / STYLE).read_bytes()).hexdigest()[:8]


def _page(template: str, base_url: str, frame: Frame, **words: Any) -> bytes:
    base = base_path(base_url)
    shared = {"base": base, "home_url": home(base_url), "frame": frame, "style": f"{STYLE}?v={_style_mark()}"}
    return _templates().get_template(template).render(shared, icon=ICON, **words).encode()


def fragment(body: Body, base: str) -> str:
    """The article between its landmarks, as `article` shows it, without its times: what a preview shows."""
    parts = _templates().get_template("phan-bai.html").module
    return str(parts.article(body, base, _words(body), None))  # type: ignore[attr-defined]


def article(record: Record, frame: Frame, base_url: str) -> bytes:
    """The page of one article with its publication time and its corrections."""
    body = record["body"]
    return _page(
        "bai.html",
        base_url,
        frame,
        body=body,
        body_html=_words(body),
        url=home(base_url) + record["path"],
        summary=opening(body["lead"] or body["text"], 200),
        times={"published": record["published"], "corrections": corrections(record)},
        linked_data=_in_script(linked_data(record, base_url)),
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
    """The home page: the newest articles and the ways to the others."""
    return _list(EVERYTHING, sheet, frame, base_url, campaigns[:CAMPAIGNS_SHOWN])


def listing(listed: Listed, sheet: Sheet, frame: Frame, base_url: str) -> bytes:
    """One page of a list; the front of the list of all articles is `front`."""
    return _list(listed, sheet, frame, base_url, ())


def _list(listed: Listed, sheet: Sheet, frame: Frame, base_url: str, campaigns: Sequence[Listed]) -> bytes:
    url = home(base_url) + sheet_path(listed.path, sheet.number)
    return _page("danh-sach.html", base_url, frame, listed=listed, sheet=sheet, url=url, campaigns=campaigns)


def archive(
    campaigns: Sequence[Listed], themes: Sequence[Listed], months: Sequence[Listed], frame: Frame, base_url: str
) -> bytes:
    """Every list of the site."""
    lists = {"Tháng": months, "Chiến dịch": campaigns, "Nội dung tuyên truyền": themes}
    return _page("luu-tru.html", base_url, frame, lists=lists, url=home(base_url) + ARCHIVE)


def happenings(frame: Frame, base_url: str) -> bytes:
    return _page("su-kien.html", base_url, frame, url=home(base_url) + HAPPENINGS)


def contact(frame: Frame, base_url: str) -> bytes:
    return _page("lien-he.html", base_url, frame, url=home(base_url) + CONTACT)


def search_page(frame: Frame, base_url: str) -> bytes:
    return _page("tim-kiem.html", base_url, frame, url=home(base_url) + SEARCH)


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


def linked_data(record: Record, base_url: str) -> dict[str, Any]:
    """The article as schema.org knows it: https://schema.org/NewsArticle"""
    body, base = record["body"], home(base_url)
    publisher = {"@type": "GovernmentOrganization", "name": body["publisher"]["name"], "url": base}
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": base + record["path"],
        "headline": body["title"],
        "description": opening(body["lead"] or body["text"], 200),
        "datePublished": record["published"],
        "dateModified": (corrections(record) or [record["published"]])[-1],
        "inLanguage": "vi",
        "image": [base + picture["path"] for picture in body["pictures"]],
        "author": publisher,
        "publisher": publisher,
        **({"video": _video_data(record, base)} if body.get("video") else {}),
    }


def _video_data(record: Record, base: str) -> dict[str, Any]:
    """https://schema.org/VideoObject"""
    body = record["body"]
    return {
        "@type": "VideoObject",
        "name": body["title"],
        "description": opening(body["lead"] or body["text"], 200),
        "thumbnailUrl": [base + picture["path"] for picture in body["pictures"][:1]],
        "uploadDate": record["published"],
        "contentUrl": base + body["video"]["path"],
        "encodingFormat": body["video"]["media_type"],
    }


def _words(body: Body) -> Markup:
    return Markup(body["html"])  # noqa: S704 - sanitised by channels.text.to_html, hashed and approved


def _in_script(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for char in "<>&\u2028\u2029":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return Markup(written)  # noqa: S704 - every character with a meaning in HTML is escaped above


def _dialled(phone: str) -> str:
    """The digits of a phone number, as a `tel:` link wants them."""
    return "".join(char for char in phone if char.isdigit() or char == "+")
