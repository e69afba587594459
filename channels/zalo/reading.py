"""Finding our own article among those of an OA. Pure.

https://developers.zalo.me/docs/official-account/bai-viet/lay-danh-sach-bai-viet (times are milliseconds since 1970)
The listing shows neither text nor links of ours, so an article is looked for by its exact title and its time. Another
system may post the same title: then the article's own text decides, our link in it before all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from channels.text import nfc
from channels.zalo import facts

_MARK = re.compile(r"[?&](?:amp;)?pid=([A-Za-z0-9]+)")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
ALIKE = 0.5  # share of our words: below it a text is somebody else's


class Whose(StrEnum):
    OURS = "ours"
    PERHAPS = "perhaps"  # nothing in it speaks against us
    OTHERS = "others"


def candidates(articles: Iterable[Mapping[str, Any]], title: str, since: datetime) -> list[Mapping[str, Any]]:
    """Those of this title, the likeliest first: from `since` on by time, then those the vendor's clock put before."""
    wanted = normal(title)
    named = [(moment(article), article) for article in articles if normal(article.get("title")) == wanted]
    timely = sorted((pair for pair in named if pair[0] >= earliest(since)), key=lambda pair: pair[0])
    after = [article for at, article in timely if at >= since]
    return after + [article for at, article in reversed(timely) if at < since]


def whose(detail: Mapping[str, Any], article: Mapping[str, Any]) -> Whose:
    """Whether what stands (`detail`, as told by the vendor) is the `article` that we sent."""
    ours, theirs = _texts(article), _texts(detail)
    mark = _MARK.search(ours)
    if mark and mark[1] in _MARK.findall(theirs):
        return Whose.OURS
    words, told = _words(ours), _words(theirs)
    if words and told and len(words & told) < ALIKE * len(words):
        return Whose.OTHERS
    return Whose.PERHAPS


def _words(html: str) -> set[str]:
    return set(_WORD.findall(_TAG.sub(" ", html).lower()))


def earliest(since: datetime) -> datetime:
    return since - timedelta(seconds=facts.SKEW_SECONDS)


def moment(article: Mapping[str, Any]) -> datetime:
    """When an article was made; the beginning of time for one that does not say."""
    try:
        return datetime.fromtimestamp(int(article.get("create_date", 0)) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def normal(title: Any) -> str:
    return " ".join(nfc(str(title or "")).split())


def _texts(article: Mapping[str, Any]) -> str:
    """All text of the body; "" where it has none or tells none."""
    body = article.get("body")
    elements = body if isinstance(body, list) else []
    return nfc(" ".join(str(element.get("content", "")) for element in elements if isinstance(element, Mapping)))
