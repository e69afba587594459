"""A Zalo Official Account: articles.

OA Open API, articles v2.0: https://developers.zalo.me/docs/official-account/bai-viet/tao-bai-viet
Creating answers with a token, not an article: asking with the token tells the id once the vendor has fetched the
pictures. There is no idempotency key: an article whose answer was lost is looked for by title and time. Zalo has no
scheduling: our clock decides.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from channels.contract import Account, Channel, Content, Desk, Outcome, Payload, Preview, Proof, Remote, Result, Setting
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Unavailable
from channels.remote import address_problem
from channels.zalo import facts, reading, shaping
from channels.zalo.openapi import OpenApi, Pending

QUICK_LOOKS = 2  # right after creating; a worker does not wait longer, the engine asks again


class Zalo(Channel):
    kind: ClassVar[str] = "zalo"
    label: ClassVar[str] = "Zalo OA"
    follows_page: ClassVar[bool] = True  # the vendor fetches the pictures from the public page
    asked_settings: ClassVar[tuple[Setting, ...]] = (
        Setting("oa_id", "Mã OA"),
        Setting("app_id", "Mã ứng dụng"),
        Setting("access_token", "Mã truy cập", secret=True),
        Setting("refresh_token", "Mã gia hạn", secret=True, hint="Dùng một lần, hệ thống tự thay khi gia hạn."),
        Setting("secret_key", "Khóa bí mật của ứng dụng", secret=True),
        Setting("api_url", "Địa chỉ OA Open API", required=False, default=facts.ADDRESS, takes_secrets=True),
        Setting("oauth_url", "Địa chỉ gia hạn mã", required=False, default=facts.OAUTH_ADDRESS, takes_secrets=True),
    )

    def __init__(self, pause: float = 0.5) -> None:
        """`pause`: seconds between the quick looks."""
        self.pause = pause

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        for name, address, label in (
            ("api_url", facts.ADDRESS, "Địa chỉ OA Open API"),
            ("oauth_url", facts.OAUTH_ADDRESS, "Địa chỉ gia hạn mã"),
        ):
            if wrong := address_problem(str(account.settings.get(name) or address), label):
                found.append(wrong)
        return found

    def shape(self, content: Content, account: Account) -> Payload:
        return shaping.shape(content)

    def preview(self, payload: Payload, account: Account) -> Preview:
        return shaping.preview(payload)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        api = OpenApi(account, desk)
        made = api.post("article/create", payload.body["article"], repeatable=False)
        return self._after(api, made)

    def poll(self, token: str, payload: Payload, account: Account, desk: Desk) -> Outcome:
        return _look(OpenApi(account, desk), token)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        api = OpenApi(account, desk)
        try:
            articles = list(_listed(api, since))
        except (Unavailable, Rejected) as error:
            raise OutcomeUnknown(f"Chưa đọc lại được OA: {error.message}", code=error.code) from None
        found = reading.ours(articles, payload.body["article"]["title"], since)
        return _outcome(str(found["id"]), str(found.get("link_view", ""))) if found else None

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Replaces the whole article: the API takes no part of one."""
        api = OpenApi(account, desk)
        made = api.post("article/update", {**payload.body["article"], "id": remote.remote_id}, repeatable=True)
        return self._after(api, made)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        api = OpenApi(account, desk)
        try:
            api.post("article/remove", {"id": remote.remote_id}, repeatable=True)
        except Rejected:
            if _stands(api, remote.remote_id):
                raise
        return _outcome(remote.remote_id, remote.permalink)

    def _after(self, api: OpenApi, made: Mapping[str, Any]) -> Outcome:
        """Follows a token for a moment. From here on the token must not be lost: only a refusal is an error."""
        token = str(made.get("token", ""))
        if not token:
            raise OutcomeUnknown("Zalo nhận bài nhưng không trả mã theo dõi: hệ thống sẽ đọc lại để kiểm tra.")
        for look in range(QUICK_LOOKS):
            if look:
                time.sleep(self.pause)
            try:
                outcome = _look(api, token)
            except Rejected:
                raise
            except ChannelError:
                break
            if outcome.result is Result.DELIVERED:
                return outcome
        return Outcome(Result.PROCESSING, token=token)


def _look(api: OpenApi, token: str) -> Outcome:
    try:
        told = api.post("article/verify", {"token": token}, repeatable=True)
    except Pending:
        return Outcome(Result.PROCESSING, token=token)
    remote_id = str(told.get("id", ""))
    if not remote_id:
        raise Unavailable("Zalo chưa cho biết mã bài. Hệ thống sẽ tự hỏi lại.")
    return _outcome(remote_id, _public_link(api, remote_id))


def _public_link(api: OpenApi, remote_id: str) -> str:
    """The article's public address; "" when it cannot be read now. Nothing here may unsay that the article stands."""
    with suppress(ChannelError):
        listed = next((item for item in _page(api, 0) if str(item.get("id")) == remote_id), None)
        found = listed or api.get("article/getdetail", id=remote_id)
        return str(found.get("link_view", ""))
    return ""


def _page(api: OpenApi, number: int) -> list[dict[str, Any]]:
    size = facts.LISTING_PAGE
    told = api.get("article/getslice", offset=str(number * size), limit=str(size), type="normal")
    return list(told.get("medias") or [])


def _listed(api: OpenApi, since: datetime) -> Iterator[dict[str, Any]]:
    """Articles, newest first, until they are older than what we look for."""
    for number in range(facts.LISTING_PAGES):
        articles = _page(api, number)
        yield from articles
        if len(articles) < facts.LISTING_PAGE or reading.moment(articles[-1]) < reading.earliest(since):
            return
    raise Rejected("danh sách bài quá dài để đọc hết.")


def _stands(api: OpenApi, remote_id: str) -> bool:
    try:
        return bool(api.get("article/getdetail", id=remote_id))
    except Rejected:
        return False


def _outcome(remote_id: str, permalink: str) -> Outcome:
    proofs = [Proof("remote_id", "Mã bài trên Zalo", remote_id)]
    if permalink:
        proofs.append(Proof("permalink", "Bài trên Zalo", permalink))
    return Outcome(Result.DELIVERED, remote_id, permalink, proofs=tuple(proofs), detail={"api": facts.VERSION})
