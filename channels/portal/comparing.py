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
_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "...", "|": " "}
)
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # editors' boxes put them between letters
_BOM = b"\xef\xbb\xbf"
_CHARSETS = re.compile(r"utf-?8|utf-16(?:le|be)?|us-ascii|(?:windows-|cp)125\d|iso-8859-\d{1,2}", re.IGNORECASE)
CLOSE = 60.0  # of 100: below it, another passage is no altered form of ours
LONGEST_HINT = 300  # characters shown of what stands instead


def compare(body: Mapping[str, Any], page: bytes, link: str, media_type: str = "") -> Comparison:
    """Holds the page against the approved payload's body. `media_type`: what was said of the page's bytes."""
    said = words_of(page, media_type)
    wanted = paragraphs(body)
    missing = [one for one in wanted if _plain(one) not in said]
    found = tuple(Difference(one, _nearest(_plain(one), said)) for one in missing)
    return Comparison(link=link, looked_for=len(wanted), missing=found, page=page)


def gone(body: Mapping[str, Any], page: bytes, link: str, media_type: str = "") -> Comparison:
    """For a withdrawal: whatever of the article can still be read there is the difference. The signature under it
    (hotline, address) stands in the frame of every page of a portal, and a line of few words on many."""
    said = words_of(page, media_type)
    wanted = [one for place, one in enumerate(paragraphs({**body, "footer": ""})) if place == 0 or not _is_short(one)]
    left = tuple(Difference(one, one) for one in wanted if _plain(one) in said)
    return Comparison(link=link, looked_for=len(wanted), missing=left, page=page)


def paragraphs(body: Mapping[str, Any]) -> list[str]:
    """Title, lead, and every line of the text and the footer long enough to be known again, or with a figure in it: a
    date, an hour, a sum. A row of a table is one line."""
    lines = [body["title"], body["lead"], *body["text"].split("\n"), *body["footer"].split("\n")]
    bare = [re.sub(r"^\s*(?:[-•+*]|\d+\.)\s+", "", one).strip() for one in lines]
    words = [re.sub(r"\s*\((?:https?|mailto|tel):[^)\s]*\)", "", one) for one in bare]  # a link, told as an address
    kept = [
        one
        for place, one in enumerate(words)
        if one and (place == 0 or not _is_short(one) or any(char.isdigit() for char in one))
    ]
    return list(dict.fromkeys(kept))


def _is_short(line: str) -> bool:
    return len(line.split()) < int(_FACTS["least_words"])


def words_of(page: bytes, media_type: str = "") -> str:
    """What a reader of the page reads, on one line."""
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8")
        tree = lxml_html.document_fromstring(_decoded(page, media_type).encode(errors="replace"), parser=parser)
    except (LxmlError, ValueError):
        return ""
    for unread in tree.xpath("|".join(f"//{name}" for name in _UNREAD.split("|"))):
        unread.drop_tree()
    for block in tree.xpath("//p|//div|//li|//td|//th|//br|//h1|//h2|//h3|//h4|//h5|//h6"):
        block.tail = f" {block.tail or ''}"
    return _plain(tree.text_content()[: int(_FACTS["page_characters"])])


def _decoded(page: bytes, media_type: str) -> str:
    """The page's letters: by its mark of UTF-8, by what the server says of it, by its own first kilobytes; else UTF-8.
    Of names only those a portal may use: any other asks a decoder of its own for each of millions of bytes."""
    head = page[:4096].decode("ascii", "replace")
    said = [re.search(r"charset=[\"']?([A-Za-z0-9_-]{3,20})", told) for told in (media_type, head)]
    named = [found[1] for found in said if found and _CHARSETS.fullmatch(found[1])]
    if page.startswith(_BOM) or not named:
        return page.decode("utf-8-sig", "replace")
    if named[0].lower().startswith("utf-16") and not _CHARSETS.search(media_type):
        return page.decode("utf-8", "replace")  # as HTML has it: a head that was read as ASCII is no UTF-16
    try:
        return page.decode(named[0], "replace")
    except LookupError:  # such as iso-8859-17
        return page.decode("utf-8", "replace")


def _plain(words: str) -> str:
    same = unicodedata.normalize("NFC", _UNSEEN.sub("", words)).translate(_SAME)
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(same.split()))


def _nearest(wanted: str, said: str) -> str:
    """What stands there in the place of `wanted`, "" where nothing is like it."""
    found = fuzz.partial_ratio_alignment(wanted, said, score_cutoff=CLOSE)
    return said[found.dest_start : found.dest_end][:LONGEST_HINT].strip() if found else ""
