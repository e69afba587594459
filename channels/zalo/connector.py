"""A Zalo Official Account: articles.

OA Open API, articles v2.0: https://developers.zalo.me/docs/official-account/bai-viet/tao-bai-viet
Creating answers with a token, not an article: asking with the token tells the id once the vendor has fetched the
pictures. There is no idempotency key: the token is noted before it is asked with, and an article whose answer was lost
is looked for by title and time. Zalo has no scheduling: our clock decides.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from channels.contract import (
    Account,
    Channel,
    Checkup,
    Content,
    Desk,
    Outcome,
    Payload,
    PictureNeeds,
    Preview,
    Remote,
    Result,
    Setting,
)
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Unavailable
from channels.remote import address_problem
from channels.zalo import articles, checking, facts, oauth, shaping, videos
from channels.zalo.openapi import OpenApi, other_oa, refuse_other_oa
from channels.zalo.videos import Notes

QUICK_LOOKS = 2  # right after creating; a worker does not wait longer, the engine asks again
REMOVE, HIDE = "remove", "hide"


class Zalo(Channel):
    kind: ClassVar[str] = "zalo"
    label: ClassVar[str] = "Zalo OA"
    follows_page: ClassVar[bool] = True  # the vendor fetches the pictures from the public page
    listing_lag: ClassVar[float] = facts.LISTING_LAG
    picture_needs: ClassVar[PictureNeeds] = PictureNeeds(tuple(facts.MEDIA_TYPES), facts.PICTURE_LIMIT)
    asked_settings: ClassVar[tuple[Setting, ...]] = (
        Setting("oa_id", "Mã OA"),
        Setting("app_id", "Mã ứng dụng"),
        Setting("access_token", "Mã truy cập", secret=True),
        Setting("refresh_token", "Mã gia hạn", secret=True, hint="Dùng một lần, hệ thống tự thay khi gia hạn."),
        Setting("secret_key", "Khóa bí mật của ứng dụng", secret=True),
        Setting(
            "withdraw_by",
            "Cách gỡ bài",
            required=False,
            default=REMOVE,
            hint="remove: xóa hẳn bài trên OA; hide: chỉ ẩn bài, số lượt xem và bình luận còn giữ.",
        ),
        Setting(
            "send_proof",
            "Gửi kèm appsecret_proof",
            required=False,
            hint="Ghi “có” khi ứng dụng Zalo bật yêu cầu này; để trống nếu không.",
        ),
        Setting("api_url", "Địa chỉ OA Open API", required=False, default=facts.ADDRESS, takes_secrets=True),
        Setting("oauth_url", "Địa chỉ gia hạn mã", required=False, default=facts.OAUTH_ADDRESS, takes_secrets=True),
    )

    def __init__(self, pause: float = 0.5) -> None:
        """`pause`: seconds between the quick looks."""
        self.pause = pause

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        if account.settings.get("withdraw_by", REMOVE) not in ("", REMOVE, HIDE):
            found.append("Cách gỡ bài chỉ nhận “remove” (xóa bài) hoặc “hide” (ẩn bài).")
        for name, address, label in (
            ("api_url", facts.ADDRESS, "Địa chỉ OA Open API"),
            ("oauth_url", facts.OAUTH_ADDRESS, "Địa chỉ gia hạn mã"),
        ):
            if wrong := address_problem(str(account.settings.get(name) or address), label):
                found.append(wrong)
        return found

    def check(self, account: Account, desk: Desk) -> Checkup:
        if self.problems(account):
            return super().check(account, desk)
        return checking.check(OpenApi(account, desk), account, desk)

    def shape(self, content: Content, account: Account) -> Payload:
        return shaping.shape(content, str(account.settings.get("oa_id", "")))

    def preview(self, payload: Payload, account: Account) -> Preview:
        return shaping.preview(payload)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        refuse_other_oa(payload, account)
        return self._put(OpenApi(account, desk), payload, desk)

    def poll(self, token: str, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Processing as long as Zalo answers -214: pace and end of asking are the engine's.

        An article that waits for its video is created here, so `OutcomeUnknown` may come too.
        """
        _doubt_other_oa(payload, account)
        api = OpenApi(account, desk)
        if token.startswith(videos.MARK):
            return self._after_video(api, token, payload, desk)
        return articles.look(api, token, payload.body["article"])

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """First by the noted token (which may say: still processing), then by title, time and text."""
        _doubt_other_oa(payload, account)
        api, article = OpenApi(account, desk), payload.body["article"]
        try:
            told = _noted(api, Notes(desk), article)
            return told or articles.find(api, article, since)
        except (Unavailable, Rejected) as error:
            raise OutcomeUnknown(f"Chưa đọc lại được OA: {error.message}", code=error.code) from None

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Replaces the whole article: the API takes no part of one."""
        refuse_other_oa(payload, account)
        return self._put(OpenApi(account, desk), payload, desk, replacing=remote.remote_id)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        api = OpenApi(account, desk)
        if account.settings.get("withdraw_by") == HIDE:
            return self._hide(api, remote, desk)
        try:
            api.post("article/remove", {"id": remote.remote_id}, repeatable=True)
        except Rejected:
            if articles.visible(articles.detail(api, remote.remote_id)):
                raise
        return articles.outcome(remote.remote_id, remote.permalink)

    def _put(self, api: OpenApi, payload: Payload, desk: Desk, replacing: str = "") -> Outcome:
        """Creates or replaces, unless an earlier attempt of this delivery did: that one is followed instead."""
        notes, article = Notes(desk), payload.body["article"]
        if told := _noted(api, notes, article):
            return told
        if "video" in payload.body:
            video_id = videos.ready(api, payload, desk, notes)
            if not video_id:
                return Outcome(Result.PROCESSING, token=videos.waiting(replacing, notes))
            article = {**article, "video_id": video_id}
        return self._make(api, article, notes, replacing)

    def _after_video(self, api: OpenApi, token: str, payload: Payload, desk: Desk) -> Outcome:
        """Goes on with an article that waited for its video; a creation that was begun is never begun again here."""
        notes, article, replacing = Notes(desk), payload.body["article"], videos.replaced(token)
        if told := _noted(api, notes, article):
            return told
        begun = oauth.moment(notes.read("creating"))
        if begun is not None and not replacing:
            if found := articles.find(api, article, begun):
                return found
            raise OutcomeUnknown("Chưa biết bài video đã lên OA hay chưa: hệ thống sẽ đọc lại để kiểm tra.")
        video_id = videos.look(api, videos.uploaded(token))
        if not video_id:
            return Outcome(Result.PROCESSING, token=token)
        notes.keep(creating=desk.now.isoformat())
        try:
            return self._make(api, {**article, "video_id": video_id}, notes, replacing)
        except OutcomeUnknown:
            raise
        except ChannelError:  # nothing was made: the next look may try
            notes.keep(creating="")
            raise

    def _make(self, api: OpenApi, article: Mapping[str, Any], notes: Notes, replacing: str) -> Outcome:
        with articles.naming_pictures(article):
            if replacing:
                made = api.post("article/update", {**article, "id": replacing}, repeatable=True)
            else:
                made = api.post("article/create", article, repeatable=False)
        token = str(made.get("token", ""))
        if not token:
            raise OutcomeUnknown("Zalo nhận bài nhưng không trả mã theo dõi: hệ thống sẽ đọc lại để kiểm tra.")
        notes.keep(token=token)  # before anything else can go wrong: nobody may create again while this one is pending
        return self._follow(api, token, article)

    def _follow(self, api: OpenApi, token: str, article: Mapping[str, Any]) -> Outcome:
        """Follows a token for a moment. From here on the token must not be lost: only a refusal is an error."""
        for look in range(QUICK_LOOKS):
            if look:
                time.sleep(self.pause)
            try:
                outcome = articles.look(api, token, article)
            except Rejected:
                raise
            except ChannelError:
                break
            if outcome.result is Result.DELIVERED:
                return outcome
        return Outcome(Result.PROCESSING, token=token)

    def _hide(self, api: OpenApi, remote: Remote, desk: Desk) -> Outcome:
        standing = articles.detail(api, remote.remote_id)
        if standing is None or not articles.visible(standing):
            return articles.outcome(remote.remote_id, remote.permalink)
        return self._make(api, articles.hidden(standing, remote.remote_id), Notes(desk), remote.remote_id)


def _noted(api: OpenApi, notes: Notes, article: Mapping[str, Any]) -> Outcome | None:
    """What became of the article that an earlier attempt made; None when there was none, or when it failed."""
    token = notes.read("token")
    if not token:
        return None
    try:
        return articles.look(api, token, article)
    except Rejected:
        return None


def _doubt_other_oa(payload: Payload, account: Account) -> None:
    """What was sent to one OA cannot be looked up at another: neither found nor absent."""
    if words := other_oa(payload, account):
        raise OutcomeUnknown(words, code="other-oa")
