"""Who asks: tokens, their rights and their ends. The Page token never dies by itself; switches let it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.facebook import words
from channels.sandbox.facebook.asked import names, stamp, token_of
from channels.sandbox.store import Store

APP_TOKEN = f"{accounts.PAGE_APP_ID}|{accounts.APP_SECRET}"
GRANTS = {"pages_manage_posts": "grant_posts", "pages_read_engagement": "grant_reads", "publish_video": "grant_video"}
TASKS = ("ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE")
ISSUED = 1_790_000_000  # when the invented tokens were made
LONG_LIFE = 5_184_000  # seconds of a long-lived user token


class Tokens:
    def __init__(self, store: Store) -> None:
        self._store = store

    def as_page(self, request: Request) -> bool:
        return token_of(request) == accounts.PAGE_TOKEN

    def refusal(self, request: Request) -> Answer | None:
        """What is wrong with who is asking."""
        token = token_of(request)
        if token not in (accounts.PAGE_TOKEN, accounts.USER_TOKEN):
            return words.no_token(190 if token else self._store.switch("missing_token_code"))
        if token == accounts.PAGE_TOKEN and (subcode := self._death()):
            return words.dead_token(subcode, stamp(self._store.switch("page_token_expires") or self._store.clock()))
        return self._without_proof(request, token)

    def may(self, call: str) -> Answer | None:
        """What this token may not do, None when it may; `call` as faults know it."""
        if call in ("read", "object"):
            return None if self._store.switch("grant_reads") else words.no_reading()
        if not (self._store.switch("grant_posts") and self._store.switch("task_content")):
            return words.no_permission("pages_manage_posts")
        if call == "videos" and not self._store.switch("grant_video"):
            return words.no_permission("publish_video")
        return None

    def _death(self) -> int:
        """The subcode the Page token is refused with; 0 while it lives."""
        expires = self._store.switch("page_token_expires")
        return self._store.switch("page_token_dead") or (463 if expires and self._store.clock() >= expires else 0)

    def _without_proof(self, request: Request, token: str) -> Answer | None:
        proof = request.values.get("appsecret_proof", "")
        right = hmac.new(accounts.APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if proof and not hmac.compare_digest(proof.encode(), right.encode()):
            return words.refusal(100, "Invalid appsecret_proof provided in the API argument")
        if not proof and self._store.switch("require_proof"):
            return words.refusal(100, "API calls from the server require an appsecret_proof argument")
        return None

    def debug(self, request: Request) -> Answer:
        """`GET /debug_token`: asked with the app's own token."""
        if token_of(request) != APP_TOKEN:
            return words.invalid(
                "You must provide an app access token, or a user access token that is an owner or developer of the app"
            )
        token = request.values.get("input_token", "")
        known = {accounts.PAGE_TOKEN: "PAGE", accounts.USER_TOKEN: "USER"}.get(token, "")
        if not known:
            wrong = {"code": 190, "message": "Invalid OAuth access token."}
            return as_json({"data": {"error": wrong, "is_valid": False, "scopes": []}})
        return as_json({"data": self._told(known)})

    def _told(self, kind: str) -> dict[str, Any]:
        scopes = self._scopes()
        page = kind == "PAGE"
        death = self._death() if page else 0
        told: dict[str, Any] = {
            "app_id": accounts.PAGE_APP_ID,
            "type": kind,
            "application": "Tin Cơ Sở",
            "data_access_expires_at": int(self._store.clock()) + 86400 * self._store.switch("data_access_days"),
            "expires_at": self._store.switch("page_token_expires") if page else int(self._store.clock()) + LONG_LIFE,
            "is_valid": not death,
            "issued_at": ISSUED,
            "scopes": scopes,
            "granular_scopes": [{"scope": scope, "target_ids": [accounts.PAGE_ID]} for scope in scopes],
            "user_id": accounts.USER_ID,
        }
        if page:
            told["profile_id"] = accounts.PAGE_ID
        if death:
            told["error"] = {"code": 190, "message": "Error validating access token", "subcode": death}
        return told

    def _scopes(self) -> list[str]:
        return ["pages_show_list", *(scope for scope, switch in GRANTS.items() if self._store.switch(switch))]

    def exchange(self, given: Mapping[str, str]) -> Answer:
        """`GET /oauth/access_token`: a short-lived user token for one of sixty days."""
        if given.get("client_id") != accounts.PAGE_APP_ID:
            return words.refusal(
                101, "Error validating application. Cannot get application info due to a system error."
            )
        if given.get("client_secret") != accounts.APP_SECRET:
            return words.refusal(1, "Error validating client secret.")
        if given.get("grant_type") != "fb_exchange_token" or given.get("fb_exchange_token") != accounts.USER_TOKEN:
            return words.no_token()
        return as_json({"access_token": accounts.USER_TOKEN, "token_type": "bearer", "expires_in": LONG_LIFE})

    def me(self, request: Request) -> Answer:
        if self.as_page(request):
            return self.page(request)
        return _chosen({"id": accounts.USER_ID, "name": accounts.USER_NAME}, request.values, "User")

    def page(self, request: Request) -> Answer:
        known = {
            "id": accounts.PAGE_ID,
            "name": accounts.PAGE_NAME,
            "access_token": accounts.PAGE_TOKEN,
            "category": "Government organization",
            "fan_count": 1200,
            "followers_count": 1200,
            "link": f"https://www.facebook.com/{accounts.PAGE_ID}",
        }
        return _chosen(known, request.values, "Page")

    def pages(self, request: Request) -> Answer:
        """`GET /me/accounts`: the Pages of a person, each with its token."""
        if self.as_page(request):
            return words.no_field("accounts", "Page")
        page = {
            "access_token": accounts.PAGE_TOKEN,
            "category": "Government organization",
            "name": accounts.PAGE_NAME,
            "id": accounts.PAGE_ID,
            "tasks": self._tasks(),
        }
        wanted = {"id", *names(request.values.get("fields", "access_token,category,name,id,tasks"))}
        paging = {"cursors": {"before": "MA==", "after": "MA=="}}
        return as_json({"data": [{key: value for key, value in page.items() if key in wanted}], "paging": paging})

    def _tasks(self) -> list[str]:
        return [task for task in TASKS if task != "CREATE_CONTENT" or self._store.switch("task_content")]


def _chosen(known: Mapping[str, Any], given: Mapping[str, str], node: str) -> Answer:
    wanted = names(given.get("fields", "id,name"))
    if unknown := [name for name in wanted if name not in known]:
        return words.no_field(unknown[0], node)
    return as_json({name: known[name] for name in dict.fromkeys(["id", *wanted])})
