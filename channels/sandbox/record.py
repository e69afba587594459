"""The referee's record: what was really done, line by line, each sealed with the one before it.

A line: id, at (epoch seconds by the sandbox's clock), vendor, account, act, object, content (JSON text), sha256 (of the
file, the letter or else the content), pid (of the publisher's own link in the content, "" without one), hash.

Acts: published, scheduled, drafted, edited, hidden, shown, deleted, photo, video, created (an article is taken in, not
yet public), broadcast, webhook, mail, ping.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from channels.sandbox.accounts import ACCOUNT_OF

PID = re.compile(r"(?:[?&]|&amp;|\\u0026)pid=([0-9A-Za-z_-]+)")
COLUMNS = ("id", "at", "vendor", "account", "act", "object", "content", "sha256", "pid")
PAGE = 1000
_BATCH = 2000


def pid_in(text: str) -> str:
    found = PID.search(text)
    return found[1] if found else ""


class Record:
    def __init__(self, rows: Callable[..., list[sqlite3.Row]]) -> None:
        self._rows = rows

    def line(self, at: float, vendor: str, act: str, object_id: str, content: Any, account: str, sha256: str) -> Any:
        """SQL and values of the next line. The caller holds the lock until it is written."""
        last = self._rows("SELECT id, hash FROM record ORDER BY id DESC LIMIT 1")
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        values = (
            last[0]["id"] + 1 if last else 1,
            at,
            vendor,
            account or ACCOUNT_OF.get(vendor, ""),
            act,
            object_id,
            text,
            sha256 or hashlib.sha256(text.encode()).hexdigest(),
            pid_in(text),
        )
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        sql = f"INSERT INTO record ({', '.join(COLUMNS)}, hash) VALUES ({marks})"  # noqa: S608 (our own names)
        return sql, (*values, seal(last[0]["hash"] if last else "", values))

    def page(self, after: int = 0, limit: int = PAGE, vendor: str = "") -> list[dict[str, Any]]:
        """Lines after `after`, oldest first; an empty page is the end."""
        sql = "SELECT * FROM record WHERE id > ? AND (? = '' OR vendor = ?) ORDER BY id LIMIT ?"
        return [dict(row) for row in self._rows(sql, (after, vendor, vendor, limit))]

    def every(self) -> Iterable[dict[str, Any]]:
        after = 0
        while page := self.page(after, _BATCH):
            yield from page
            after = page[-1]["id"]

    def verified(self) -> dict[str, Any]:
        """{"valid", "lines", "head", "broken"}: `broken` is the id of the first line that does not fit, None without.

        Lines of an earlier sandbox, before the first sealed one, have no seal.
        """
        head, number = "", 0
        for number, line in enumerate(self.every(), 1):
            if not line["hash"] and not head:
                continue
            if line["hash"] != seal(head, [line[name] for name in COLUMNS]) or line["id"] != number:
                return {"valid": False, "lines": number, "head": head, "broken": line["id"]}
            head = line["hash"]
        return {"valid": True, "lines": number, "head": head, "broken": None}


def seal(before: str, values: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps([before, *values], ensure_ascii=False).encode()).hexdigest()
