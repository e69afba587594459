"""OAuth v4 of the OA: a consent gives a code, a code a pair of tokens, and every refresh a new pair for the old.

A refresh token works once; the old access token dies at that moment. Numbers are strings, and a good answer has no
`error`. `GET /zalo-oauth/v4/oa/permission` is the page a person consents on.
"""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_html, as_json
from channels.sandbox.pictures import LOOPBACK
from channels.sandbox.store import Store
from channels.sandbox.zalo.words import error, oauth_error

TOKEN_SECONDS = 90000  # life of an access token, 25 hours
CODE_SECONDS = 600
DAY = 86400
BASE = "/zalo-oauth/v4/oa/"
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Cấp quyền · Máy giả lập</title>
<link rel="stylesheet" href="/_sandbox.css"></head><body><main><h1>Cấp quyền cho ứng dụng</h1>
<p>Ứng dụng <strong>{app}</strong> xin đăng bài và gửi tin thay cho OA <strong>{oa}</strong>.</p>
<p><a class="button" href="{agree}">Đồng ý</a></p></main></body></html>"""


class Pairs:
    def __init__(self, store: Store) -> None:
        self._store = store
        if not store.rows("SELECT 1 FROM pair"):
            self.consent()

    def answer(self, request: Request) -> Answer:
        if request.path == BASE + "permission" and request.method == "GET":
            return self._permission(request.query)
        if request.path != BASE + "access_token" or request.method != "POST":
            return error(-209, "Not supported this api", status=404)
        form = request.form()
        if form.get("app_id") != accounts.APP_ID:
            return oauth_error(-14002, "Invalid app id.")
        if request.headers.get("secret_key") != accounts.OA_SECRET_KEY:
            return oauth_error(-14004, "Invalid secret key.")
        if form.get("grant_type") == "authorization_code":
            return self._from_code(form)
        if form.get("grant_type") == "refresh_token":
            return self._from_refresh(form)
        return oauth_error(-14018, "Invalid grant type.")

    def _permission(self, query: Mapping[str, str]) -> Answer:
        """Only addresses on this machine are configured as callbacks."""
        back = urlsplit(query.get("redirect_uri", ""))
        if query.get("app_id") != accounts.APP_ID:
            return oauth_error(-14002, "Invalid app id.")
        if back.scheme not in ("http", "https") or back.hostname not in LOOPBACK:
            return oauth_error(-14003, "Invalid redirect uri.")
        code = self.code(query.get("code_challenge", ""))
        given = {"code": code, "oa_id": accounts.OA_ID, "state": query.get("state", "")}
        joint = "&" if back.query else "?"
        agree = back.geturl() + joint + urlencode(given)
        return as_html(PAGE.format(app=accounts.APP_ID, oa=html.escape(accounts.OA_NAME), agree=html.escape(agree)))

    def code(self, challenge: str = "") -> str:
        """A code as the consent page hands it back."""
        code = secrets.token_urlsafe(24)
        self._store.insert("code", code=code, challenge=challenge, created=self._store.clock(), used=0)
        return code

    def _from_code(self, form: Mapping[str, str]) -> Answer:
        with self._store.transaction():
            oldest = self._store.clock() - CODE_SECONDS
            sql = "SELECT * FROM code WHERE code = ? AND used = 0 AND created > ?"
            row = self._store.row(sql, (form.get("code", ""), oldest))
            if row is None or row["challenge"] not in ("", challenge_of(form.get("code_verifier", ""))):
                return oauth_error(-14005, "Invalid code.")
            self._store.write("UPDATE code SET used = 1 WHERE code = ?", (row["code"],))
            self._store.write("UPDATE pair SET alive = 0")
            return self._answer(self._put(*_new(), self._store.clock()))

    def _from_refresh(self, form: Mapping[str, str]) -> Answer:
        with self._store.transaction():
            oldest = self._store.clock() - DAY * self._store.switch("refresh_days")
            sql = "SELECT * FROM pair WHERE refresh = ? AND fresh = 1 AND created > ?"
            row = self._store.row(sql, (form.get("refresh_token", ""), oldest))
            if row is None:
                return oauth_error(-14014, "Invalid refresh token.")
            self._store.write("UPDATE pair SET alive = 0, fresh = 0 WHERE number = ?", (row["number"],))
            since = self._store.clock() if self._store.switch("refresh_restarts") else row["created"]
            return self._answer(self._put(*_new(), since))

    def _answer(self, pair: tuple[str, str]) -> Answer:
        life = str(DAY * self._store.switch("refresh_days"))
        told = {"access_token": pair[0], "refresh_token": pair[1], "expires_in": str(TOKEN_SECONDS)}
        return as_json({**told, "refresh_token_expires_in": life})

    def consent(self) -> None:
        """As if the OA's administrator had just consented: the first pair of tokens is good again, all others dead."""
        with self._store.transaction():
            self._store.write("DELETE FROM pair")
            self._put(accounts.OA_TOKEN, accounts.OA_REFRESH_TOKEN, self._store.clock())

    def _put(self, access: str, refresh: str, since: float) -> tuple[str, str]:
        values = {"access": access, "refresh": refresh, "alive": 1, "fresh": 1, "created": since}
        self._store.insert("pair", **values, minted=self._store.clock())
        return access, refresh

    def lives(self, access: str) -> bool:
        oldest = self._store.clock() - TOKEN_SECONDS
        return bool(
            self._store.rows("SELECT 1 FROM pair WHERE access = ? AND alive = 1 AND minted > ?", (access, oldest))
        )


def _new() -> tuple[str, str]:
    return f"sandbox-oa-{secrets.token_hex(16)}", f"sandbox-refresh-{secrets.token_hex(16)}"


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
