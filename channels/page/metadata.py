"""What a page tells search engines and those who show a shared link, as schema.org knows it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from channels.page.address import campaign_path, home
from channels.page.frame import Frame, Upcoming
from channels.page.icons import LOGO
from channels.standing import corrections
from channels.text import opening

DESCRIBED = 200  # characters of a description

Record = Mapping[str, Any]
Data = dict[str, Any]


def article(record: Record, base_url: str) -> Data:
    """https://schema.org/NewsArticle"""
    body, base = record["body"], home(base_url)
    publisher = {"@type": "GovernmentOrganization", "name": body["publisher"]["name"], "url": base}
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": base + record["path"],
        "headline": body["title"],
        "description": summary(body),
        "datePublished": record["published"],
        "dateModified": (corrections(record) or [record["published"]])[-1],
        "inLanguage": "vi",
        "isAccessibleForFree": True,
        "image": [base + form["path"] for picture in body["pictures"] for form in (shared(picture), picture) if form],
        "author": publisher,
        "publisher": {**publisher, "logo": {"@type": "ImageObject", "url": base + LOGO}},
        **({"articleSection": body["campaign"]} if body["campaign"] else {}),
        **({"video": _video(record, base)} if body.get("video") else {}),
        **({"audio": _audio(record, base)} if body.get("sound") else {}),
    }


def trail(steps: Sequence[tuple[str, str]], base_url: str) -> Data:
    """https://schema.org/BreadcrumbList; `steps`: name and path, from the home page on."""
    named = [
        {"@type": "ListItem", "position": place, "name": name, "item": home(base_url) + path}
        for place, (name, path) in enumerate(steps, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": named}


def article_trail(record: Record) -> list[tuple[str, str]]:
    body = record["body"]
    within = [(body["campaign"], campaign_path(body["campaign"]))] if body["campaign"] else []
    return [("Trang chủ", ""), *within, (body["title"], record["path"])]


def organization(frame: Frame, base_url: str) -> Data:
    """https://schema.org/GovernmentOrganization"""
    base = home(base_url)
    known = {"alternateName": frame.short_name, "address": frame.address, "telephone": frame.hotline}
    known |= {"email": frame.email}
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": frame.name,
        "url": base,
        "logo": base + LOGO,
        **{name: value for name, value in known.items() if value},
    }


def happening(upcoming: Upcoming, frame: Frame, page_url: str) -> Data:
    """https://schema.org/Event"""
    state = "EventCancelled" if upcoming.cancelled else "EventScheduled"
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": upcoming.title,
        "startDate": upcoming.starts_at,
        "eventStatus": f"https://schema.org/{state}",
        "url": page_url,
        "organizer": {"@type": "GovernmentOrganization", "name": frame.name},
        **({"endDate": upcoming.ends_at} if upcoming.ends_at else {}),
        **({"location": {"@type": "Place", "name": upcoming.place}} if upcoming.place else {}),
    }


def summary(body: Mapping[str, Any]) -> str:
    return opening(body["lead"] or body["text"], DESCRIBED)


def shared(picture: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The form of a picture cut for shared links, where one was made."""
    return next((variant for variant in picture.get("variants", ()) if variant["use"] == "share"), None)


def in_script(data: Data) -> Markup:
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for char in "<>&\u2028\u2029":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return Markup(written)  # noqa: S704 - every character with a meaning in HTML is escaped above


def _video(record: Record, base: str) -> Data:
    """https://schema.org/VideoObject"""
    body = record["body"]
    return {
        "@type": "VideoObject",
        "name": body["title"],
        "description": summary(body),
        "thumbnailUrl": [base + picture["path"] for picture in body["pictures"][:1]],
        "uploadDate": record["published"],
        "contentUrl": base + body["video"]["path"],
        "encodingFormat": body["video"]["media_type"],
    }


def _audio(record: Record, base: str) -> Data:
    """https://schema.org/AudioObject"""
    sound = record["body"]["sound"]
    return {
        "@type": "AudioObject",
        "name": record["body"]["title"],
        "contentUrl": base + sound["path"],
        "encodingFormat": sound["media_type"],
        "duration": f"PT{sound['seconds']}S",
    }
