"""A Facebook Page: text, link, picture and video posts.

Graph API v26.0: https://developers.facebook.com/docs/pages-api/posts
There is no idempotency key: a post whose answer was lost is looked for by our own link or by its exact text. We never
use the vendor's scheduling: our clock decides, and a scheduled post would not be found among the published ones.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

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
    Setting,
)
from channels.errors import OutcomeUnknown, Rejected, Unavailable, Unsupported
from channels.facebook import checking, facts, posting, reading, shaping, videos
from channels.facebook.graph import Graph
from channels.facebook.notes import Notes
from channels.remote import address_problem


class Facebook(Channel):
    kind: ClassVar[str] = "facebook"
    label: ClassVar[str] = "Facebook"
    follows_page: ClassVar[bool] = True  # the link preview is taken from the public page at once
    picture_needs: ClassVar[PictureNeeds] = PictureNeeds(tuple(facts.MEDIA_TYPES), facts.PICTURE_LIMIT)
    asked_settings: ClassVar[tuple[Setting, ...]] = (
        Setting("page_id", "Mã Trang", hint="Dãy số trong phần Giới thiệu của Trang."),
        Setting("access_token", "Mã truy cập Trang", secret=True, hint="Mã của Trang, không phải mã của cá nhân."),
        Setting("app_secret", "Khóa bí mật của ứng dụng", required=False, secret=True),
        Setting(
            "app_id",
            "Mã ứng dụng",
            required=False,
            hint="Cùng với khóa bí mật, để xem được quyền và hạn dùng của mã truy cập.",
        ),
        Setting("api_url", "Địa chỉ Graph API", required=False, default=facts.ADDRESS, takes_secrets=True),
    )

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        for name, label in (("page_id", "Mã Trang"), ("app_id", "Mã ứng dụng")):
            given = str(account.settings.get(name) or "")
            if given and not given.isdecimal():
                found.append(f"{label} chỉ gồm chữ số.")
        if wrong := address_problem(str(account.settings.get("api_url") or facts.ADDRESS), "Địa chỉ Graph API"):
            found.append(wrong)
        return found

    def check(self, account: Account, desk: Desk) -> Checkup:
        if self.problems(account):
            return super().check(account, desk)
        return checking.check(Graph(account, desk), str(account.settings.get("app_id") or ""), desk.now)

    def shape(self, content: Content, account: Account) -> Payload:
        return shaping.shape(content, str(account.settings.get("page_id", "")))

    def preview(self, payload: Payload, account: Account) -> Preview:
        return shaping.preview(payload)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        posting.refuse_other_page(payload, account)
        notes = Notes(desk)
        try:
            return posting.publish(Graph(account, desk), payload.body, desk, notes)
        except OutcomeUnknown as doubt:
            if {doubt.code, doubt.subcode} & facts.DUPLICATE:
                posting.note_duplicate(notes, doubt)
            raise

    def poll(self, token: str, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Asks how far a video is; `token` is its id."""
        graph = Graph(account, desk)
        video = posting.or_gone(graph, "Video không còn trên Facebook.", lambda: videos.look(graph, token))
        if video is None:
            return posting.processing(graph, token)
        return posting.video_delivered(graph, video, payload, videos.asked_at(desk))

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        graph = Graph(account, desk)
        try:
            posting.refuse_other_page(payload, account)
            found = posting.found(graph, payload, since)
            if found is None and payload.body.get("video"):
                return posting.found_video(graph, payload, desk)
        except (Unavailable, Rejected, Unsupported) as error:
            raise OutcomeUnknown(
                f"Chưa đọc lại được Trang: {error.message}", code=error.code, subcode=error.subcode, trace=error.trace
            ) from None
        return found

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Puts the new text. The API cannot change link, pictures or video of a post that stands."""
        posting.refuse_other_page(payload, account)
        graph = Graph(account, desk)
        return posting.or_gone(
            graph,
            "Bài không còn trên Facebook nên không sửa được.",
            lambda: posting.reword(graph, remote, payload.body),
        )

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        graph = Graph(account, desk)
        try:
            graph.delete(remote.remote_id)
        except Rejected as refusal:
            if not reading.is_gone(refusal):
                raise
            graph.prove_page()  # "gone" is also said to a token without rights: this one then fails
            page, _, post = remote.remote_id.partition("_")
            if post and page != graph.page:
                raise Unsupported(
                    f"Bài nằm trên Trang {page}, tài khoản nay là Trang {graph.page}: gỡ bài trên Trang cũ bằng tay."
                ) from None
        return posting.outcome(graph, remote.remote_id, remote.permalink)
