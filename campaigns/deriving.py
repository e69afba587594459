"""From a plan's reading to draft campaigns: one per top-level theme, one topic per letter. Pure.

Nothing is guessed: rhythm, period, owner and budget line are the plan's own words or empty, with a note that says so.
What a person marked as no theme (`excluded`) keeps its place and makes no campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from campaigns import headlines
from campaigns.corrections import kept
from campaigns.definitions import KINDS, CampaignDefinition, Definitions, Rhythm, Topic
from campaigns.fields import KINDS as KIND_WORDS
from campaigns.periods import Period, stated_period
from campaigns.rhythms import SILENT, rhythms
from campaigns.ties import budget_line_of, owner_of
from channels.text import shorten, slug

Node = Mapping[str, Any]  # a theme of the reading's JSON: label, title, text, children
Reading = Mapping[str, Any]
ORDERED = {"contracted", "print", "event"}  # what others make or set up for us


def derive(reading: Reading, *, key: str, publisher: str, footer: str) -> Definitions:
    """Draft campaigns of a reading (JSON form). `key` begins every code: it must stay the same for the same plan."""
    numbered = [(at, path, theme) for at, (path, theme) in enumerate(top_level(reading["themes"]), start=1)]
    campaigns = [
        campaign(reading, theme, path, code=f"{key}-{at:02d}", publisher=publisher, footer=footer)
        for at, path, theme in numbered
        if not theme.get("excluded")
    ]
    return Definitions(plan=reading.get("number"), campaigns=campaigns)


def campaign(reading: Reading, theme: Node, path: str, *, code: str, publisher: str, footer: str) -> CampaignDefinition:
    starts_on, ends_on = period(reading, theme)
    often = rhythms(theme, reading, len(kept(reading["themes"])))
    return CampaignDefinition(
        code=code,
        title=shorten(headlines.headline(theme["title"]) or nameless(path), 250),
        summary=theme["title"],
        themes=[path],
        audiences=[audience["name"] for audience in kept(reading.get("audiences", []))],
        channels=channels_of(reading),
        owner=owner_of(theme, reading),
        starts_on=starts_on,
        ends_on=ends_on,
        rhythm=often[0] if often else None,
        rhythms=often[1:],
        budget_line=budget_line_of(theme, path, reading),
        notes=list(notes(reading, often)),
        topics=[topic(node, at, reading, publisher, footer) for at, node in topics_of(theme, path)],
    )


def period(reading: Reading, theme: Node) -> Period:
    """From the day of issue to the end the plan states, in the theme's title, its own or a heading; else to the end of
    its year. None where it says neither."""
    issued = date.fromisoformat(reading["date"]) if reading.get("date") else None
    year = reading.get("year")
    starts, ends = stated_period(theme["title"])
    times = (s["title"] for s in reading.get("sections", []) if "thoi gian" in headlines.fold(s.get("title") or ""))
    headings = [reading.get("title"), *times]
    for heading in headings if ends is None else ():
        _, ends = stated_period(heading or "")
        if ends:
            break
    ends = ends or (date(year, 12, 31) if year else None)
    starts = starts or issued
    return (None if starts and ends and starts > ends else starts), ends


def notes(reading: Reading, often: list[Rhythm]) -> Iterator[str]:
    """What whoever runs the campaign should know: what the plan leaves open, and its rules for audiences."""
    if not often:
        yield SILENT
    for audience in kept(reading.get("audiences", [])):
        if audience.get("channels"):
            by = ", ".join(KIND_WORDS.get(kind, kind) for kind in audience["channels"])
            yield f"Kế hoạch nêu rõ: tới {audience['name']} qua {by}."
    beyond = {kind for kind in named_kinds(reading) if kind in ("video", "message")}
    if beyond:
        yield f"Kế hoạch còn nêu {', '.join(sorted(KIND_WORDS[k] for k in beyond))}: phần mềm chưa tự gửi qua kênh này."


def top_level(themes: list[Node]) -> Iterator[tuple[str, Node]]:
    """Themes with paths that are unique even where labels are doubled or missing."""
    yield from with_paths(themes, "")


def topics_of(theme: Node, path: str) -> list[tuple[str, Node]]:
    """The letters of a theme; a theme without letters is its own topic."""
    letters = list(with_paths(theme.get("children") or [], f"{path}."))
    return [(at, node) for at, node in letters if not node.get("excluded")] or [(path, theme)]


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


def pointers_of(themes: list[Node], around: str = "/themes") -> Iterator[str]:
    """The place of every theme in the reading, in the order of `walk`."""
    for at, node in enumerate(themes):
        pointer = f"{around}/{node.get('added') or at}"
        yield pointer
        yield from pointers_of(node.get("children") or [], f"{pointer}/children")


def topic(node: Node, path: str, reading: Mapping[str, Any], publisher: str, footer: str) -> Topic:
    title = headlines.headline(node["title"]) or nameless(path)
    return Topic(
        theme=path,
        title=title,
        lead=headlines.lead(title, publisher),
        body=headlines.outline(node.get("text") or node["title"]),
        footer=footer,
        lines=(node.get("source") or {}).get("lines"),
        unconfirmed=poorly_read(reading) and not confirmed(node),
    )


def confirmed(node: Node) -> bool:
    """Whether a person wrote or saw to all of its words."""
    return bool(node.get("added")) or {"text", "title"} <= set(node.get("corrected", ()))


def nameless(path: str) -> str:
    """A title for what the plan only numbers."""
    return f"Nội dung mục {path}"


def poorly_read(reading: Mapping[str, Any]) -> bool:
    """Text without reliable diacritics is never published before a person confirmed its words."""
    return any(str(warning["code"]).startswith("ocr") for warning in reading.get("warnings", []))


def channels_of(reading: Reading) -> list[str]:
    """The kinds the plan names, in our order. The feed comes with the page; a silent plan gets the page. What others
    publish for us, set up or print is ordered work."""
    named = named_kinds(reading)
    named |= {"page", "feed"} | ({"contracted"} if named & ORDERED else set())
    return [kind for kind in KINDS if kind in named]


def named_kinds(reading: Reading) -> set[str]:
    """Kinds among the channels, methods and audience rules of the plan; by request to others counts as ordered."""
    kinds = {"contracted" if c.get("own") is False else c.get("kind") for c in kept(reading.get("channels", []))}
    for method in reading.get("methods", []):
        kinds |= {"contracted"} if method.get("own") is False else set(method["kinds"])
    for audience in kept(reading.get("audiences", [])):
        kinds |= set(audience.get("channels") or ())
    return {str(kind) for kind in kinds if kind}


def plan_key(reading: Mapping[str, Any], sha256: str) -> str:
    """Begins the codes of a plan's campaigns: its number and year, else its content."""
    number, year = slug(reading.get("number") or "")[:40].strip("-"), reading.get("year")
    return f"kh-{number}-{year}" if number and year else f"kh-{sha256[:8]}"
