"""Made pictures go to the library described: what they show is known, they are the office's own, nobody is in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from assets.made.contents import Content
from assets.made.formats import PAPERS, Format
from assets.made.making import Look, Made, paper, picture, seen
from assets.models import Asset
from assets.pictures import cleaned, inspect
from campaigns.models import Post
from publisher.approval.drafting import attach_asset
from publisher.approval.library import keep
from publisher.people.models import Organisation, Person

LONGEST_TAG = 60  # characters
ON_PAPER = 2000  # pixels of the longer side of a poster's picture


@dataclass(frozen=True, slots=True)
class Kept:
    parts: list[list[Asset]]
    new: int
    tag: str  # of a series, "" else
    warnings: list[str]


def kept(
    organisation: Organisation,
    parts: list[list[Content]],
    look: Look,
    size: Format,
    *,
    by: Person,
    declared: dict[str, Any],
) -> Kept:
    """The same words are the same bytes: what was made before is found again. The library shows the newest first, so
    the last card is kept first. `declared`: what `making_looks.declared` says of the look."""
    several = len(parts) > 1 or len(parts[0]) > 1
    tag = f"loạt: {parts[0][0].title}"[:LONGEST_TAG].replace(",", " ").strip() if several else ""
    made = [[drawn(content, look, size) for content in part] for part in parts]
    found: list[list[Asset]] = []
    new = 0
    for number, part in reversed(list(enumerate(made, 1))):
        tags = ", ".join(["ảnh tự làm", *([tag] if tag else []), *([f"phần {number}"] if len(made) > 1 else [])])
        assets = []
        for place, one in reversed(list(enumerate(part, 1))):
            asset, known = _kept(organisation, one, place, by, {**declared, "tags": tags})
            assets.append(asset)
            new += not known
        found.append(assets[::-1])
    warnings = [f"Ảnh {place}: {words}" for place, one in enumerate((one for part in made for one in part), 1)
                for words in one.warnings]  # fmt: skip
    return Kept(found[::-1], new, tag, warnings)


def drawn(content: Content, look: Look, size: Format) -> Made:
    if size.name not in PAPERS:
        return picture(content, look, size)
    made = paper(content, look, size)
    return replace(made, data=seen(made.data, ON_PAPER, "image/jpeg"), media_type="image/jpeg")


def hung(post: Post, assets: list[Asset], *, by: Person) -> None:
    for asset in assets:
        attach_asset(post, asset, by=by)


def _kept(organisation: Organisation, made: Made, place: int, by: Person, words: dict[str, Any]) -> tuple[Asset, bool]:
    facts = inspect(made.data)
    clean = replace(cleaned(made.data), data=made.data, facts=facts)  # ours already: it need not be written anew
    name = f"{place:02d} {made.title}"[:190] + ".jpg"
    done = keep(organisation, clean, made.data, by=by, name=name, alt=made.alt, **words)
    return done.asset, done.known
