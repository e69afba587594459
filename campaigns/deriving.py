"""From a plan's reading to draft campaigns: one per top-level theme, one topic per letter. Pure.

Nothing is guessed: a rhythm is set only where the plan states a count and a period, dates only where it states them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from campaigns import headlines
from campaigns.definitions import KINDS, CampaignDefinition, Definitions, Rhythm, Topic
from channels.text import shorten, slug

Node = Mapping[str, Any]  # a theme of the reading's JSON: label, title, text, children
RHYTHMS = {"week", "month", "quarter", "year"}


def derive(reading: Mapping[str, Any], *, key: str, publisher: str, footer: str) -> Definitions:
    """Draft campaigns of a reading (JSON form). `key` begins every code: it must stay the same for the same plan."""
    themes = reading["themes"]
    campaigns = [
        campaign(reading, theme, path, code=f"{key}-{at:02d}", publisher=publisher, footer=footer)
        for at, (path, theme) in enumerate(top_level(themes), start=1)
    ]
    return Definitions(plan=reading.get("number"), campaigns=campaigns)


def campaign(
    reading: Mapping[str, Any], theme: Node, path: str, *, code: str, publisher: str, footer: str
) -> CampaignDefinition:
    year = reading.get("year")
    return CampaignDefinition(
        code=code,
        title=shorten(headlines.headline(theme["title"]) or nameless(path), 250),
        summary=theme["title"],
        themes=[path],
        audiences=[audience["name"] for audience in reading.get("audiences", [])],
        channels=channels_of(reading),
        starts_on=date.fromisoformat(reading["date"]) if reading.get("date") else None,
        ends_on=date(year, 12, 31) if year else None,
        rhythm=rhythm_of(reading),
        topics=[topic(node, at, reading, publisher, footer) for at, node in topics_of(theme, path)],
    )


def top_level(themes: list[Node]) -> Iterator[tuple[str, Node]]:
    """Themes with paths that are unique even where labels are doubled or missing."""
    yield from with_paths(themes, "")


def topics_of(theme: Node, path: str) -> list[tuple[str, Node]]:
    """The letters of a theme; a theme without letters is its own topic."""
    return list(with_paths(theme.get("children") or [], f"{path}.")) or [(path, theme)]


def with_paths(nodes: list[Node], prefix: str) -> Iterator[tuple[str, Node]]:
    seen: set[str] = set()
    for order, node in enumerate(nodes, start=1):
        label = str(node.get("label") or order)
        unique = label if label not in seen else f"{label}-{order}"
        seen.add(unique)
        yield f"{prefix}{unique}", node


def walk(themes: list[Node]) -> Iterator[tuple[str, str | None, Node]]:
    """Every theme in reading order: path, parent's path, node."""
    stack: list[tuple[str, str | None, Node]] = [(path, None, node) for path, node in with_paths(themes, "")]
    while stack:
        path, parent, node = stack.pop(0)
        yield path, parent, node
        stack[:0] = [(below, path, child) for below, child in with_paths(node.get("children") or [], f"{path}.")]


def topic(node: Node, path: str, reading: Mapping[str, Any], publisher: str, footer: str) -> Topic:
    title = headlines.headline(node["title"]) or nameless(path)
    return Topic(
        theme=path,
        title=title,
        lead=headlines.lead(title, publisher),
        body=headlines.outline(node.get("text") or node["title"]),
        footer=footer,
        unconfirmed=poorly_read(reading),
    )


def nameless(path: str) -> str:
    """A title for what the plan only numbers."""
    return f"Nội dung mục {path}"


def poorly_read(reading: Mapping[str, Any]) -> bool:
    """Text without reliable diacritics is never published before a person confirmed its words."""
    return any(str(warning["code"]).startswith("ocr") for warning in reading.get("warnings", []))


def channels_of(reading: Mapping[str, Any]) -> list[Any]:
    """The kinds the plan names, in our order. The feed comes with the page; a silent plan gets the page."""
    named = {channel.get("kind") for channel in reading.get("channels", [])}
    named |= {"contracted"} if named & {"print", "event"} else set()
    named |= {"page", "feed"}
    return [kind for kind in KINDS if kind in named]


def rhythm_of(reading: Mapping[str, Any]) -> Rhythm | None:
    for target in reading.get("targets", []):
        if target.get("count") and target.get("period") in RHYTHMS:
            return Rhythm(every=target["period"], count=min(target["count"], 366), origin="plan")
    return None


def plan_key(reading: Mapping[str, Any], sha256: str) -> str:
    """Begins the codes of a plan's campaigns: its number and year, else its content."""
    number, year = slug(reading.get("number") or "")[:40].strip("-"), reading.get("year")
    return f"kh-{number}-{year}" if number and year else f"kh-{sha256[:8]}"
