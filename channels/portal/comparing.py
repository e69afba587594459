"""What stands on the portal beside what was approved: every approved paragraph is looked for on the page. Pure.

A portal adds its own frame, so more words than ours are no difference. What counts as the same: letters in NFC, any
white space, any form of quotation mark, dash and ellipsis.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import html as lxml_html
from lxml.etree import LxmlError
from rapidfuzz import fuzz

from channels.contract import Comparison, Difference

_FACTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("portal.toml").read_text("utf-8"))["comparing"]
_UNREAD = "script|style|noscript|template|iframe|svg|head"
_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "..."})
CLOSE = 60.0  # of 100: below it, another passage is no altered form of ours
LONGEST_HINT = 300  # characters shown of what stands instead


def compare(body: Mapping[str, Any], page: bytes, link: str) -> Comparison:
    """Holds the page against the approved payload's body."""
    said = words_of(page)
    wanted = paragraphs(body)
    missing = [one for one in wanted if _plain(one) not in said]
    found = tuple(Difference(one, _nearest(_plain(one), said)) for one in missing)
    return Comparison(link=link, looked_for=len(wanted), missing=found, page=page)


def gone(body: Mapping[str, Any], page: bytes, link: str) -> Comparison:
    """For a withdrawal: whatever of ours can still be read there is the difference."""
    said = words_of(page)
    wanted = paragraphs(body)
    left = tuple(Difference(one, one) for one in wanted if _plain(one) in said)
    return Comparison(link=link, looked_for=len(wanted), missing=left, page=page)


def paragraphs(body: Mapping[str, Any]) -> list[str]:
    """Title, lead, and every line of the text and the footer long enough to be known again."""
    lines = [body["title"], body["lead"], *body["text"].split("\n"), *body["footer"].split("\n")]
    bare = [re.sub(r"^\s*(?:[-•+*]|\d+\.)\s+", "", one).strip() for one in lines]
    cells = [cell.strip() for one in bare for cell in one.split(" | ")]
    words = [re.sub(r"\s*\((?:https?|mailto|tel):[^)\s]*\)", "", cell) for cell in cells]  # a link, told as an address
    least = int(_FACTS["least_words"])
    kept = [one for place, one in enumerate(words) if one and (place == 0 or len(one.split()) >= least)]
    return list(dict.fromkeys(kept))


def words_of(page: bytes) -> str:
    """What a reader of the page reads, on one line."""
    try:
        tree = lxml_html.document_fromstring(page, parser=lxml_html.HTMLParser(encoding=_encoding(page)))
    except (LxmlError, ValueError):
        return ""
    for unread in tree.xpath("|".join(f"//{name}" for name in _UNREAD.split("|"))):
        unread.drop_tree()
    for block in tree.xpath("//p|//div|//li|//td|//th|//br|//h1|//h2|//h3|//h4|//h5|//h6"):
        block.tail = f" {block.tail or ''}"
    return _plain(tree.text_content()[: int(_FACTS["page_characters"])])


def _encoding(page: bytes) -> str:
    """Portals write UTF-8; one that does not says so in its first kilobytes."""
    told = re.search(rb"charset=[\"']?([A-Za-z0-9_-]{3,20})", page[:4096])
    name = told[1].decode("ascii") if told else "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _plain(words: str) -> str:
    same = unicodedata.normalize("NFC", words).translate(_SAME)
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(same.split()))


def _nearest(wanted: str, said: str) -> str:
    """What stands there in the place of `wanted`, "" where nothing is like it."""
    found = fuzz.partial_ratio_alignment(wanted, said, score_cutoff=CLOSE)
    return said[found.dest_start : found.dest_end][:LONGEST_HINT].strip() if found else ""
