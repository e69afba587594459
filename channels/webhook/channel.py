"""A webhook: the post as JSON, signed by HMAC-SHA256, posted to the account's address.

The receiver drops what it has had, by the id in `X-Tincoso-Delivery`, which is the same in every attempt. Nothing can
be read back, so a publication whose answer was lost is asked about by sending it again: a repeat has the effect of
once. Until the receiver answers it may have it (`OutcomeUnknown`). A lost answer to anything else is `Unavailable`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, ClassVar

from channels import signature
from channels.contract import (
    Account,
    Channel,
    Checkup,
    Content,
    Desk,
    Finding,
    Outcome,
    Payload,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
    Sign,
)
from channels.errors import ChannelError, Rejected, Throttled, Unauthorized
from channels.remote import Call, Reply, address_problem, ask, host, mask
from channels.webhook import shaping

FACTS: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "webhook.toml").read_text("utf-8"))
MEDIA_TYPE = "application/json; charset=utf-8"
QUOTED = 200  # characters of the receiver's own words in a message
ID_LIMIT = 200  # characters
ADDRESS_LIMIT = 500


class Webhook(Channel):
    kind: ClassVar[str] = shaping.KIND
    label: ClassVar[str] = "Webhook"
    follows_page: ClassVar[bool] = True  # whoever receives it may follow the link and fetch the pictures at once
    listing_lag: ClassVar[float] = 0.0
    looks_by_sending: ClassVar[bool] = True
    asked_settings: ClassVar[tuple[Setting, ...]] = (
        Setting("url", "Địa chỉ nhận", hint="Ví dụ: https://cong-thong-tin.example/tin-co-so"),
        Setting("secret", "Khóa ký", secret=True, hint="Ít nhất 16 ký tự, bên nhận giữ cùng khóa này."),
        Setting(
            "old_secret",
            "Khóa ký cũ",
            required=False,
            secret=True,
            hint="Chỉ khi đang đổi khóa: tin được ký bằng cả hai khóa cho tới khi bên nhận đổi xong.",
        ),
    )

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        url, secret = str(account.settings.get("url", "")), account.secrets.get("secret", "")
        if url and (wrong := address_problem(url, "Địa chỉ nhận")):
            found.append(wrong)
        if secret and len(secret) < FACTS["least_secret"]:
            found.append(f"Khóa ký phải có ít nhất {FACTS['least_secret']} ký tự.")
        return found

    def check(self, account: Account, desk: Desk) -> Checkup:
        """Posts a signed `ping`, which every receiver answers with 2xx and forgets."""
        try:
            _post(account, desk, {"id": f"ping-{int(desk.now.timestamp())}", "action": "ping", "at": _iso(desk.now)})
        except (Rejected, Unauthorized) as refusal:
            return Checkup((Finding("Gửi thử", Sign.MISSING, refusal.message),))
        where = host(str(account.settings["url"]))
        return Checkup((Finding("Gửi thử", Sign.GOOD, f"{where} đã nhận tin thử có chữ ký."),), where)

    def shape(self, content: Content, account: Account) -> Payload:
        return shaping.shape(content)

    def preview(self, payload: Payload, account: Account) -> Preview:
        return shaping.preview(payload)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Raises `OutcomeUnknown` where the receiver may have it: until that is settled nobody may call it off."""
        return _publish(payload, account, desk, certain=False)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """The same id sent again has the effect of once, and is answered. Raises whatever leaves it open."""
        return _publish(payload, account, desk, certain=True)

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        message = {**_about(remote, desk, "correct"), **payload.body}
        return _delivered(_post(account, desk, message), remote.remote_id, remote.permalink)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        message = {**_about(remote, desk, "withdraw"), "url": remote.permalink}
        return _delivered(_post(account, desk, message), remote.remote_id, remote.permalink)


def _publish(payload: Payload, account: Account, desk: Desk, *, certain: bool) -> Outcome:
    """`certain`: that it may be there is known already, so a lost answer is `Unavailable`: it is asked again."""
    message = {"id": desk.delivery_ref, "action": "publish", "published_at": _iso(desk.due_at), **payload.body}
    reply = _post(account, desk, message, repeatable=certain)
    return _delivered(reply, desk.delivery_ref, str(payload.body["url"]))


def _about(remote: Remote, desk: Desk, action: str) -> dict[str, str]:
    """The head of a message about one that went before: `of` is its id, `of_remote` what the receiver called it."""
    return {
        "id": desk.delivery_ref,
        "action": action,
        "of": remote.delivery_ref,
        "of_remote": remote.remote_id,
        "published_at": _iso(remote.due_at),
        "changed_at": _iso(desk.due_at),
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _post(account: Account, desk: Desk, message: Mapping[str, Any], *, repeatable: bool = True) -> Reply:
    """The receiver's good answer. Raises what a bad one means; the receiver drops an id it has had."""
    raw = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    secrets = [key for name in ("secret", "old_secret") if (key := account.secrets.get(name, ""))]
    signed = signature.headers(message["id"], secrets, int(desk.now.timestamp()), raw)
    call = Call(
        "POST",
        str(account.settings["url"]),
        raw=raw,
        headers={"Content-Type": MEDIA_TYPE, **signed},
        repeatable=repeatable,
    )
    reply = ask(call, desk.timeout)
    if not 200 <= reply.status < 300:
        raise _refusal(reply, desk.now, secrets)
    return reply


def _refusal(reply: Reply, now: datetime, secrets: list[str]) -> ChannelError:
    where, code = host(reply.call.url), str(reply.status)
    wait = _wait(reply.headers.get("retry-after", ""), now)
    if reply.status in FACTS["slow_down"] or (wait is not None and _may_wait(reply)):
        seconds = FACTS["wait_seconds"] if wait is None else wait
        return Throttled(f"{where} bảo chờ {round(seconds)} giây (HTTP {code}).", wait=float(seconds), code=code)
    if _passes(reply.status):
        return reply.call.lost(f"{where} đang trục trặc (HTTP {code}).")
    said = _quoted(reply, secrets)
    if reply.status in FACTS["not_trusted"]:
        words = (
            f"{where} không nhận tin từ tài khoản này (HTTP {code}): kiểm tra địa chỉ và khóa ký ở cả hai bên.{said}"
        )
        return Unauthorized(words, code=code)
    return Rejected(f"{where} không nhận tin này (HTTP {code}).{said}", code=code)


def _may_wait(reply: Reply) -> bool:
    """Whether a time to come again may be kept: nothing was taken, or what may have been taken may come twice."""
    return reply.status in FACTS["closed"] or (reply.call.repeatable and _passes(reply.status))


def _passes(status: int) -> bool:
    """Whether the trouble is the receiver's own and likely to pass."""
    return status >= 500 or status in FACTS["again"]


def _wait(header: str, now: datetime) -> float | None:
    """Seconds a `Retry-After` asks for (RFC 9110 10.2.3), within bounds; None when it says nothing."""
    try:
        seconds = float(header) if header.strip().isdecimal() else (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 1.0), float(FACTS["longest_wait_seconds"]))


def _quoted(reply: Reply, secrets: list[str]) -> str:
    words = " ".join(reply.body.decode("utf-8", "replace").split())[:QUOTED]
    return f" Bên nhận trả lời: {mask(words, secrets)}" if words else ""


def _delivered(reply: Reply, known_id: str, known_address: str) -> Outcome:
    """2xx is all a receiver need say; `id` and `url`, where it gives them, are how it calls the post."""
    said = _said(reply)
    remote_id = str(said.get("id") or known_id)[:ID_LIMIT]
    url = str(said.get("url") or "")
    given = url.startswith(("https://", "http://")) and len(url) <= ADDRESS_LIMIT
    permalink = url if given else known_address
    proofs = [Proof("remote_id", "Mã tin bên nhận", remote_id)]
    if permalink:
        proofs.append(Proof("permalink", "Bài ở bên nhận" if given else "Bài trên trang công khai", permalink))
    return Outcome(Result.DELIVERED, remote_id, permalink, proofs=tuple(proofs), detail={"status": reply.status})


def _said(reply: Reply) -> Mapping[str, Any]:
    """The object of the answer; an empty one where it is none, for an answer that arrived is an answer."""
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
