"""Broadcasts of articles to the followers: at day only, a few a month, looked at first, and never recalled."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from sqlite3 import Row
from typing import Any

from channels.sandbox.exchange import Answer
from channels.sandbox.store import Store
from channels.sandbox.zalo.articles import Articles
from channels.sandbox.zalo.words import error, good

MOST_ELEMENTS = 5
PACKAGES = {0: "Miễn phí", 1: "Cơ bản", 4: "Nâng cao", 6: "Cao cấp"}
TARGETS = {"ages", "gender", "locations", "cities", "platform"}
NIGHT = "This message cannot be sent at night (10:00PM - 6:00AM)"
SHUT = "MessageV2 API has been shut down, please switch to MessageV3"


class Broadcasts:
    def __init__(self, store: Store, articles: Articles) -> None:
        self._store = store
        self._articles = articles

    def send(self, document: Mapping[str, Any]) -> Answer:
        recipient = document.get("recipient")
        if not isinstance(recipient, dict) or not isinstance(recipient.get("target"), dict):
            return error(-240, SHUT)
        articles = _articles(document)
        if wrong := self._wrong(recipient["target"], articles):
            return wrong
        with self._store.transaction():
            if refused := self._spent():
                return refused
            return self._take_in(recipient["target"], articles)

    def _wrong(self, target: Mapping[str, Any], articles: list[str]) -> Answer | None:
        if not all(_numbers(value) for value in target.values()) or set(target) - TARGETS:
            return error(-201, "target is invalid!")
        if not 1 <= len(articles) <= MOST_ELEMENTS:
            return error(-201, "elements is invalid!")
        if not all(self._articles.known(article) for article in articles):
            return error(-201, "attachment_id is invalid!")
        if not self._store.switch("oa_verified"):
            return error(-221, "OA needs verification")
        if not self._store.switch("broadcast_month"):
            return error(-224, "OA needs to upgrade OA tier package")
        hour = self._today().hour
        if not self._store.switch("broadcast_opens") <= hour < self._store.switch("broadcast_closes"):
            return error(-234, NIGHT)
        return None

    def _today(self) -> datetime:
        zone = timezone(timedelta(hours=self._store.switch("broadcast_zone")))
        return datetime.fromtimestamp(self._store.clock(), UTC).astimezone(zone)

    def _used(self) -> tuple[int, int]:
        """Broadcasts of this day and of this month; every follower is held to have got each."""
        now = self._today()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        sql = "SELECT count(*) AS used FROM broadcast WHERE created >= ?"
        today, month = (self._store.rows(sql, (since.timestamp(),))[0]["used"] for since in (day, day.replace(day=1)))
        return int(today), int(month)

    def _spent(self) -> Answer | None:
        day, month = self._used()
        if month >= self._store.switch("broadcast_month"):
            return error(-211, "Out of quota")
        if day >= self._store.switch("broadcast_day"):
            return error(-218, "Out of quota receive message")
        return None

    def _take_in(self, target: Mapping[str, Any], articles: list[str]) -> Answer:
        message, now = secrets.token_hex(10), self._store.clock()
        self._store.insert(
            "broadcast",
            id=message,
            articles=json.dumps(articles),
            target=json.dumps(target),
            created=now,
            goes_out=now + self._store.switch("moderation_seconds"),
            state="moderated",
        )
        rows = [self._articles.known(article) for article in articles]
        contents = [json.loads(row["content"]) for row in rows if row]
        said = {"articles": articles, "target": target, "titles": [content["title"] for content in contents]}
        said["links"] = [content.get("tracking_link", "") for content in contents]
        self._store.note("zalo", "broadcast", message, said)
        return good({"message_id": message})

    def quota(self, document: Mapping[str, Any]) -> Answer:
        """Both versions; the shape of the answer is not certain."""
        if not document.get("user_id"):
            return error(-201, "user_id is invalid!")
        day, month = self._used()
        most_day, most_month = self._store.switch("broadcast_day"), self._store.switch("broadcast_month")
        promotion = {
            "daily_total": most_day,
            "daily_remain": max(most_day - day, 0),
            "monthly_total": most_month,
            "monthly_remain": max(most_month - month, 0),
        }
        return good({"promotion": promotion})

    def every(self) -> list[dict[str, Any]]:
        """Oldest first: {"id", "articles", "target", "created", "goes_out", "out"}; times in epoch seconds."""
        return [self._view(row) for row in self._store.rows("SELECT * FROM broadcast ORDER BY number")]

    def _view(self, row: Row) -> dict[str, Any]:
        told = {name: row[name] for name in ("id", "created", "goes_out")}
        lists = {name: json.loads(row[name]) for name in ("articles", "target")}
        return {**told, **lists, "out": row["goes_out"] <= self._store.clock()}


def _articles(document: Mapping[str, Any]) -> list[str]:
    """The articles of a media template; none when the message is anything else."""
    try:
        payload = document["message"]["attachment"]["payload"]
        if document["message"]["attachment"]["type"] != "template" or payload["template_type"] != "media":
            return []
        elements = payload["elements"]
        fine = all(element["media_type"] == "article" for element in elements)
        return [str(element["attachment_id"]) for element in elements] if fine else []
    except (KeyError, TypeError):
        return []


def _numbers(value: Any) -> bool:
    """A comma string of numbers (the documents) or a number (the SDK)."""
    return all(piece.strip().isdecimal() for piece in str(value).split(",")) if value != "" else True
