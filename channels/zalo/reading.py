"""Finding our own article among those of an OA. Pure.

https://developers.zalo.me/docs/official-account/bai-viet/lay-danh-sach-bai-viet (times are milliseconds since 1970)
The listing shows neither text nor links of ours, so an article is ours by its exact title and its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.text import nfc
from channels.zalo import facts


def ours(articles: Iterable[Mapping[str, Any]], title: str, since: datetime) -> Mapping[str, Any] | None:
    """The earliest article of this title from `since` on; else the latest the vendor's clock put just before it."""
    named = [(moment(article), article) for article in articles if normal(article.get("title")) == normal(title)]
    timely = sorted((pair for pair in named if pair[0] >= earliest(since)), key=lambda pair: pair[0])
    after = [article for at, article in timely if at >= since]
    if after:
        return after[0]
    return timely[-1][1] if timely else None


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
