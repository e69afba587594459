"""The search index of a site, cut into shards a browser fetches newest first. Pure.

    tim/muc-luc.json    {"version": 1, "shards": [{"path": "tim/20.json", "mark": "1f2e3d4c", "count": 417}, …]}
    tim/<k>.json        {"version": 1, "articles": [[path, title, date, words], …]}

Both newest first. `mark` changes with the bytes of the shard: fetch `path?v=mark`.
`words` is title and opening folded by `folded`; a reader's words folded the same way are looked for in it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SHARD = 500  # articles
VERSION = 1
MANIFEST = "tim/muc-luc.json"


def folded(text: str) -> str:
    """Lower case, no marks, đ as d, one space for anything but letters and digits: "Đường 2/9" is "duong 2 9"."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def shard_path(number: int) -> str:
    """`number` counts from the oldest, from 1."""
    return f"tim/{number}.json"


def shard(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The shard of these entries of the catalogue, in the order given (newest first), without the withdrawn."""
    articles = [
        [entry["path"], entry["title"], entry["published"][:10], folded(f"{entry['title']} {entry['lead']}")]
        for entry in entries
        if not entry["withdrawn"]
    ]
    return _json({"version": VERSION, "articles": articles})


def manifest(shards: Sequence[tuple[int, str, int]]) -> bytes:
    """`shards`: number, mark of its bytes and count of articles, in any order; empty ones are left out."""
    listed = [
        {"path": shard_path(number), "mark": mark, "count": count}
        for number, mark, count in sorted(shards, reverse=True)
        if count
    ]
    return _json({"version": VERSION, "shards": listed})


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
