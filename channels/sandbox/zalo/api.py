"""Which call goes where, and what stands around every answer: the token, the rate and its headers."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request
from channels.sandbox.store import Store
from channels.sandbox.zalo.articles import Articles
from channels.sandbox.zalo.broadcasts import PACKAGES, Broadcasts
from channels.sandbox.zalo.oauth import Pairs
from channels.sandbox.zalo.videos import Videos
from channels.sandbox.zalo.words import error, good

MINUTE = 60
PUTS = {"v2.0/article/create": "create", "v2.0/article/update": "update"}
NAMES = {
    "article/upload_video/preparevideo": "preparevideo",
    "article/upload_video/verify": "video_verify",
    "oa/quota/message": "quota",
}


class Zalo:
    vendor = "zalo"

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self.pairs = Pairs(store)
        self.videos = Videos(store)
        self.articles = Articles(store, url, self.videos)
        self.broadcasts = Broadcasts(store, self.articles)
        self._rate = Rate(store)
        self._reads: dict[str, Callable[[Request], Answer]] = {
            "v2.0/article/getslice": self.articles.slice,
            "v2.0/article/getdetail": self.articles.detail,
            "v2.0/article/upload_video/verify": self.videos.look,
            "v2.0/oa/getoa": self._oa,
        }
        self._writes: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "v2.0/article/verify": self.articles.verify,
            "v2.0/article/remove": self.articles.remove,
            "v2.0/oa/message": self.broadcasts.send,
            "v2.0/oa/quota/message": self.broadcasts.quota,
            "v3.0/oa/quota/message": self.broadcasts.quota,
        }

    def call(self, request: Request) -> str:
        """The name of the call, as faults know it."""
        if request.path.startswith("/zalo-oauth/"):
            return "code" if request.values.get("grant_type") == "authorization_code" else "refresh"
        name = request.path.removeprefix("/zalo/").partition("/")[2]
        return NAMES.get(name, name.rsplit("/", 1)[-1])

    def answer(self, request: Request) -> Answer:
        if request.path.startswith("/zalo-oauth/"):
            return self.pairs.answer(request)
        left = self._rate.left()
        found = self._checked(request) if left >= 0 else error(-32, "Your application reached limit call api")
        return replace(found, headers={**self._rate.headers(left), **found.headers})

    def _checked(self, request: Request) -> Answer:
        name = request.path.removeprefix("/zalo/")
        upload = request.method == "POST" and name == "v2.0/article/upload_video/preparevideo"
        known = name in self._reads if request.method == "GET" else name in {*self._writes, *PUTS} or upload
        if not known:
            return error(-209, "Not supported this api", status=404)
        if wrong := self._stranger(request):
            return wrong
        if upload:
            return self.videos.take_in(request)
        return self._reads[name](request) if request.method == "GET" else self._written(name, request)

    def _stranger(self, request: Request) -> Answer | None:
        """What is wrong with who is asking."""
        token = request.headers.get("access_token", "")
        if not self.pairs.lives(token):
            return error(-216, "Access token is invalid")
        if self._store.switch("oa_disabled"):
            return error(-204, "Offical Account is disable")
        proof = request.headers.get("appsecret_proof", "")
        right = hmac.new(accounts.OA_SECRET_KEY.encode(), token.encode(), hashlib.sha256).hexdigest()
        if (proof and proof != right) or (not proof and self._store.switch("oa_proof")):
            return error(-242, "Invalid appsecret_proof")
        return None

    def _written(self, name: str, request: Request) -> Answer:
        document = request.document()
        if request.media_type != "application/json" and self._store.switch("strict_json"):
            document = None
        if document is None:
            return error(-201, "body is invalid!")
        if name in PUTS:
            return self.articles.put(document, PUTS[name], request.hints)
        return self._writes[name](document)

    def _oa(self, request: Request) -> Answer:
        return good(
            {
                "oa_id": accounts.OA_ID,
                "name": accounts.OA_NAME,
                "description": "Kênh thông tin của phường Sông Vàng",
                "oa_alias": "songvang",
                "is_verified": bool(self._store.switch("oa_verified")),
                "oa_type": 4,
                "cate_name": "Cơ quan nhà nước",
                "num_follower": self._store.switch("oa_followers"),
                "package_name": PACKAGES.get(self._store.switch("broadcast_month"), "Dùng thử"),
                "package_valid_through_date": "31/12/2099",
                "package_auto_renew_date": "",
                "linked_ZCA": "",
            }
        )


class Rate:
    """Calls of the app in the running minute of the sandbox's clock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._minute, self._calls = 0, 0

    def left(self) -> int:
        """How many calls are left after this one; below 0 this one was too many."""
        most = self._store.switch("calls_a_minute")
        with self._lock:
            minute = int(self._store.clock() // MINUTE)
            self._calls = self._calls + 1 if minute == self._minute else 1
            self._minute = minute
            return most - self._calls if most else 0

    def headers(self, left: int) -> dict[str, str]:
        most = self._store.switch("calls_a_minute")
        return {"X-RateLimit-Limit": str(most), "X-RateLimit-Remain": str(max(left, 0))} if most else {}
