"""Which call goes where, and what stands around every answer: the version that served it and the usage headers."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.facebook import words
from channels.sandbox.facebook.photos import Photos
from channels.sandbox.facebook.posts import LISTINGS, Posts
from channels.sandbox.facebook.tokens import Tokens
from channels.sandbox.facebook.uploads import SESSION, Uploads
from channels.sandbox.facebook.videos import Videos
from channels.sandbox.store import Store

SERVED = ((21, 0), (22, 0), (23, 0), (24, 0), (25, 0), (26, 0))  # November 2026; older ones have expired
PATH = re.compile(r"/(?:facebook|graph-video)(?:/v(\d+)\.(\d+))?/(.+)")  # the second is the host for video files
FREE = {"debug_token": "token", "me": "me", "me/accounts": "accounts", "oauth/access_token": "oauth"}
EDGES = {"feed": "feed", "photos": "photos", "videos": "videos"}
OBJECTS = {"POST": "edit", "DELETE": "delete"}


class Facebook:
    vendor = "facebook"

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._tokens = Tokens(store)
        self.photos = Photos(store)
        self.uploads = Uploads(store)
        self.videos = Videos(store, url, self.uploads)
        self.posts = Posts(store, url, self.photos, self.videos)

    def call(self, request: Request) -> str:
        """The name of the call, as faults know it."""
        path = _path(request)
        parts = path.split("/")
        if path in FREE:
            return FREE[path]
        if path.startswith("upload:"):
            return "upload"
        if len(parts) == 2:
            return "read" if request.method == "GET" and parts[1] in LISTINGS else parts[1]
        return OBJECTS.get(request.method, "object")

    def answer(self, request: Request) -> Answer:
        match = PATH.fullmatch(request.path)
        found = self._answer(request, self.call(request)) if match else words.no_path()
        served = {"facebook-api-version": served_version(match[1], match[2])} if match else {}
        return replace(found, headers={**self._usage(), **served, **found.headers})

    def _answer(self, request: Request, call: str) -> Answer:
        if call == "token":
            return self._tokens.debug(request)
        if call == "oauth":
            return self._tokens.exchange(request.values)
        return self._tokens.refusal(request) or self._route(request, call, _path(request).split("/"))

    def _route(self, request: Request, call: str, parts: list[str]) -> Answer:
        as_page = self._tokens.as_page(request)
        match call:
            case "me":
                return self._tokens.me(request)
            case "accounts":
                return self._tokens.pages(request)
            case "uploads":
                return self.uploads.start(request, parts[0], as_page=as_page)
            case "upload":
                return self.uploads.session(request, parts[0].removeprefix(SESSION))
        if len(parts) == 2:
            return self._edge(request, call, parts, as_page=as_page)
        return self._object(request, call, parts[0], as_page=as_page) if len(parts) == 1 else words.no_path()

    def _edge(self, request: Request, call: str, parts: list[str], *, as_page: bool) -> Answer:
        owner, edge = parts
        if owner != accounts.PAGE_ID:
            return words.gone(request.method, owner)
        if call == "read":
            refused = self._tokens.may(call)
            return (refused or self.posts.listing(edge, request)) if as_page else as_json({"data": []})
        if request.method != "POST" or edge not in EDGES:
            return words.no_path()
        if not as_page:
            return _as_a_person(request)
        if refused := self._tokens.may(call):
            return refused
        post = {"feed": self.posts.feed, "photos": self._photo, "videos": self.videos.post}[edge]
        return post(request)

    def _photo(self, request: Request) -> Answer:
        return self.photos.post(request, self.posts)

    def _object(self, request: Request, call: str, object_id: str, *, as_page: bool) -> Answer:
        if object_id == accounts.PAGE_ID and request.method == "GET":
            return self._tokens.page(request)
        if call != "object" and not as_page:
            return words.not_the_page()
        if refused := self._tokens.may(call):
            return refused
        for kind in (self.videos, self.photos):
            if kind.known(object_id):
                return kind.answer(request, call, object_id)
        return self.posts.answer(request, call, object_id)

    def _usage(self) -> dict[str, str]:
        percent = self._store.switch("usage_percent")
        return usage(percent) if percent else {}


def usage(percent: int, minutes: int = 0) -> dict[str, str]:
    """The three usage headers; `minutes` until access is regained."""
    use = {"call_count": percent, "total_cputime": percent // 4, "total_time": percent // 4}
    business = {"type": "pages", **use, "estimated_time_to_regain_access": minutes}
    return {
        "X-App-Usage": json.dumps(use),
        "X-Page-Usage": json.dumps(use),
        "X-Business-Use-Case-Usage": json.dumps({accounts.PAGE_ID: [business]}),
    }


def served_version(major: str | None, minor: str | None) -> str:
    """What answers: the version asked for, or the oldest one that has not expired."""
    asked = (int(major), int(minor or 0)) if major else SERVED[0]
    usable = min((version for version in SERVED if version >= asked), default=SERVED[-1])
    return f"v{usable[0]}.{usable[1]}"


def _path(request: Request) -> str:
    match = PATH.fullmatch(request.path)
    return match[3].strip("/") if match else ""


def _as_a_person(request: Request) -> Answer:
    """A person's token on the Page's edges: scheduling fails with a bare code 1, all else with its reason."""
    if request.values.get("scheduled_publish_time"):
        return words.refusal(1, "An unknown error occurred")
    return words.not_the_page()
