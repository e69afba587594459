"""Records into pages. Pure: the same record and catalogue give the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels.page.address import base_path, campaign_path, home
from channels.page.catalogue import Entry, Sheet, campaigns
from channels.standing import corrections, spoken_time
from channels.text import opening

TEMPLATES = Path(__file__).parent / "templates"
STYLE = "kieu.css"
ICON = "bieu-tuong.svg"
SITEMAP_LIMIT = 50_000  # addresses in one file: https://www.sitemaps.org/protocol.html
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
    made.filters |= {"spoken_time": spoken_time, "campaign_path": campaign_path, "dialled": _dialled}
    return made


def style() -> bytes:
    return (TEMPLATES / STYLE).read_bytes()


@cache
def _style_mark() -> str:
    return hashlib.sha256(style()).hexdigest()[:8]


def _page(template: str, base_url: str, publisher: Body, **words: Any) -> bytes:
    base = base_path(base_url)
    shared = {"base": base, "home_url": home(base_url), "publisher": publisher, "style": f"{STYLE}?v={_style_mark()}"}
    return _templates().get_template(template).render(shared, icon=ICON, **words).encode()


def fragment(body: Body, base: str) -> str:
    """The article between its landmarks, as `article` shows it, without its times: what a preview shows."""
    parts = _templates().get_template("phan-bai.html").module
    return str(parts.article(body, base, _words(body), None))  # type: ignore[attr-defined]


def article(record: Record, base_url: str) -> bytes:
    """The page of one article with its publication time and its corrections."""
    body = record["body"]
    return _page(
        "bai.html",
        base_url,
        body["publisher"],
        body=body,
        body_html=_words(body),
        url=home(base_url) + record["path"],
        summary=opening(body["lead"] or body["text"], 200),
        times={"published": record["published"], "corrections": corrections(record)},
        linked_data=_in_script(linked_data(record, base_url)),
    )


def withdrawn(record: Record, base_url: str) -> bytes:
    """The notice in the place of an article taken down: no word of it is left."""
    return _page("da-go.html", base_url, record["body"]["publisher"], at=record["withdrawn"])


def moved(path: str, base_url: str, publisher: Body) -> bytes:
    """Leads from an address the article was announced under to the one it stands at."""
    return _page("chuyen.html", base_url, publisher, url=home(base_url) + path)


def listing(sheet: Sheet, entries: Sequence[Entry], base_url: str, publisher: Body, campaign: str = "") -> bytes:
    """One page of the list of all articles, or of a campaign's."""
    folder = campaign_path(campaign) if campaign else ""
    return _page(
        "danh-sach.html",
        base_url,
        publisher,
        sheet=sheet,
        campaign=campaign,
        folder=folder,
        url=home(base_url) + sheet_path(sheet.number, campaign),
        campaigns=[] if campaign or sheet.number else campaigns(entries)[:CAMPAIGNS_SHOWN],
    )


def sheet_path(number: int, campaign: str = "") -> str:
    """The folder of one page of a list: "" is the home page."""
    folder = campaign_path(campaign) if campaign else ""
    return f"{folder}tin-cu/{number}/" if number else folder


def not_found(base_url: str, publisher: Body) -> bytes:
    return _page("404.html", base_url, publisher)


def robots(base_url: str) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {home(base_url)}sitemap.xml\n".encode()


def icon(publisher: Body) -> bytes:
    letter = next((char for char in publisher["short_name"] or publisher["name"] if char.isalnum()), "T").upper()
    return _templates().get_template("bieu-tuong.svg").render(letter=letter).encode()


def sitemap(entries: Sequence[Entry], base_url: str) -> bytes:
    live = [entry for entry in entries if not entry["withdrawn"]]
    changed: dict[str, str] = {}
    for entry in live:
        changed[entry["campaign"]] = max(changed.get(entry["campaign"], ""), entry["updated"])
    places = [("", max(changed.values(), default=""))]
    places += [(campaign_path(title), changed[title]) for title in campaigns(live)]
    places += [(entry["path"], entry["updated"]) for entry in reversed(live)]
    shown = [(home(base_url) + path, at) for path, at in places[:SITEMAP_LIMIT]]
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
