"""The wire of the Graph API: tokens, envelopes, error classes, quotas, the version that answers.

Graph API v26.0: https://developers.facebook.com/docs/graph-api/guides/error-handling
Errors come as HTTP 400 (throttling too), 500 or 503, now and then inside a 200. `type` says nothing, `code` and
`error_subcode` do. The token travels in a header, so that no address holds it; the one exception is `debug_token`,
which takes the token it looks at in no other way.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from channels.contract import Account, Desk
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable
from channels.facebook import facts, usage
from channels.remote import Call, Reply, ask, mask

QUOTED = 200  # characters of the vendor's own words in a message
IN_DOUBT = "Chưa biết bài đã đăng hay chưa: hệ thống sẽ đọc lại để kiểm tra."
Parts = Mapping[str, tuple[str, bytes, str]]  # name → file name, bytes, media type


class Displaced(Unavailable):
    """The vendor wants the bytes of an upload from another place: `start` to `end`."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__("Facebook muốn nhận tiếp tệp từ chỗ khác.")
        self.start = start
        self.end = end


class Graph:
    """One account's view of the Graph API. `served`: the version that answered, "" while it is the one we pinned."""

    def __init__(self, account: Account, desk: Desk) -> None:
        self.page = str(account.settings["page_id"])
        self.served = ""
        base = str(account.settings.get("api_url") or facts.ADDRESS).rstrip("/")
        self._base = f"{base}/{facts.VERSION}"
        self.video_address = f"{facts.VIDEO_ADDRESS if base == facts.ADDRESS else base}/{facts.VERSION}"
        self._token = account.secrets["access_token"]
        self._app_secret = account.secrets.get("app_secret", "")
        self._hidden = _forms(self._token, self._app_secret, self._proof(self._token))
        self._timeout = desk.timeout
        self._slow_down = desk.slow_down

    @property
    def has_secret(self) -> bool:
        return bool(self._app_secret)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._ask(self._call("GET", path, query=query, repeatable=True))

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        *,
        fields: str = "",
        parts: Parts | None = None,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """`fields` asks for those fields of what was written (read after write)."""
        query = {"fields": fields} if fields else {}
        return self._ask(self._call("POST", path, query=query, form=form, parts=parts or {}, repeatable=repeatable))

    def post_video(self, form: Mapping[str, str], *, parts: Parts | None = None, repeatable: bool) -> dict[str, Any]:
        """One phase of an upload: files of videos have a host of their own."""
        return self._ask(
            self._call(
                "POST",
                f"{self.page}/videos",
                base=self.video_address,
                form=form,
                parts=parts or {},
                repeatable=repeatable,
            )
        )

    def delete(self, path: str) -> dict[str, Any]:
        return self._ask(self._call("DELETE", path, repeatable=True))

    def about_token(self, app_id: str) -> dict[str, Any]:
        """What the vendor knows of our token: https://developers.facebook.com/docs/graph-api/reference/debug_token

        Asked in the name of the application; `Unauthorized` or `Rejected`: id and secret do not belong together.
        """
        query = {"input_token": self._token}
        app_token = f"{app_id}|{self._app_secret}"
        told = self._ask(self._call("GET", "debug_token", query=query, token=app_token, repeatable=True))
        data = told.get("data")
        return dict(data) if isinstance(data, Mapping) else {}

    def prove_page(self) -> None:
        """That the token is the Page's own and works: only then does "nothing there" mean that. Else `Unauthorized`."""
        if str(self.get("me", fields="id").get("id", "")) != self.page:
            raise Unauthorized("Mã truy cập không phải mã của Trang này: nhập mã của Trang rồi mở lại tài khoản kênh.")

    def covered(self, value: Any) -> Any:
        """A JSON value without token, secret and proof."""
        return mask(value, self._hidden)

    def _call(
        self,
        method: str,
        path: str,
        *,
        base: str = "",
        token: str = "",
        query: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Call:
        token = token or self._token
        proof = self._proof(token)
        return Call(
            method,
            f"{base or self._base}/{path}",
            query={**(query or {}), **({"appsecret_proof": proof} if proof else {})},
            headers={"Authorization": f"Bearer {token}"},
            **more,
        )

    def _ask(self, call: Call) -> dict[str, Any]:
        reply = ask(call, self._timeout)
        self._look_at(reply.headers)
        return answer(reply, self._hidden, self._slow_down)

    def _look_at(self, headers: Mapping[str, str]) -> None:
        """Good answers and bad ones tell how full the quotas are and which version they come from."""
        if wait := usage.rest(headers):
            self._slow_down(wait)
        version = headers.get("facebook-api-version", facts.VERSION)
        if version != facts.VERSION:
            self.served = version

    def _proof(self, token: str) -> str:
        """Of each token its own; "" without a secret: https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
        if not self._app_secret:
            return ""
        return hmac.new(self._app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def answer(
    reply: Reply, hidden: Iterable[str] = (), slow_down: Callable[[float], None] = lambda seconds: None
) -> dict[str, Any]:
    """The JSON object of a good answer, masked. Raises the class of error that a bad one means."""
    record: dict[str, Any] = mask(reply.record(), list(hidden) or _forms(_bearer(reply)))
    error = record.get("error")
    if isinstance(error, Mapping):
        raise classify(error, reply, slow_down)
    if reply.status >= 500:
        raise reply.call.lost(f"Facebook đang trục trặc (HTTP {reply.status}).")
    if reply.status >= 400:
        raise Rejected(f"Facebook không nhận yêu cầu (HTTP {reply.status}).", code=str(reply.status))
    if record.get("success") is False:
        raise Rejected("Facebook từ chối thay đổi này mà không nêu lý do.", code="success:false")
    return record


def classify(
    error: Mapping[str, Any], reply: Reply, slow_down: Callable[[float], None] = lambda seconds: None
) -> ChannelError:
    """The `error` object of an answer as one of our errors."""
    code, subcode = number(error.get("code")), number(error.get("error_subcode"))
    text = str(error.get("message", ""))
    marks = {
        "code": str(code),
        "subcode": str(subcode) if subcode else "",
        "trace": str(error.get("fbtrace_id", "")),
    }
    if reply.call.form.get("upload_phase") == "transfer" and (place := _place(error)):
        return Displaced(*place)
    transient = error.get("is_transient") is True or reply.status >= 500
    found = facts.verdict(code, subcode, text, transient=transient)
    message = f"{found.message} (mã {code}{f'/{subcode}' if subcode else ''})"
    match found.verdict:
        case "unauthorized":
            if found.wait:
                slow_down(found.wait)
            return Unauthorized(message, **marks)
        case "throttled":
            return Throttled(message, wait=usage.regain(reply.headers) or found.wait, **marks)
        case "unknown":
            return OutcomeUnknown(message, **marks)
        case "transient":
            if reply.call.repeatable:
                return Unavailable(message, **marks)
            return OutcomeUnknown(f"{message}. {IN_DOUBT}", **marks)
    return Rejected(f"{message}: {text[:QUOTED]}", **marks)


def number(value: Any) -> int:
    """A code or an offset as a number, 0 for none; the vendor sometimes sends it as text."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _place(error: Mapping[str, Any]) -> tuple[int, int] | None:
    """The offsets in `error_data` of an upload that has to go on elsewhere."""
    data = error.get("error_data")
    if not isinstance(data, Mapping) or "start_offset" not in data:
        return None
    return number(data["start_offset"]), number(data.get("end_offset"))


def _bearer(reply: Reply) -> str:
    return reply.call.headers.get("Authorization", "").removeprefix("Bearer ")


def _forms(*secrets: str) -> list[str]:
    """Each secret as it is and as an address would quote it."""
    return [form for secret in secrets if secret for form in dict.fromkeys((secret, quote(secret, safe="")))]
