"""A broadcast: an article of the OA goes to its followers as a message.

https://developers.zalo.me/docs/official-account/ (POST /v2.0/oa/message, template "media"). Its own delivery, approved
and priced apart from the article, which must stand first. It cannot be recalled, nor read back: a doubt is a person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any, ClassVar

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
from channels.errors import OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable, Unsupported
from channels.zalo import Zalo, articles, checking, facts
from channels.zalo.openapi import OpenApi, refuse_other_oa
from channels.zalo.shaping import cut_title
from channels.zalo_broadcast import rules

NIGHT = "-234"
NO_RECALL = "Tin đã gửi tới người quan tâm Zalo OA không thu hồi và không sửa được."
LOST = (
    "Không rõ tin đã gửi tới người quan tâm hay chưa: Zalo không cho đọc lại. Người quản trị OA xem lịch sử gửi tin "
    "trong trang quản trị OA; chỉ gửi lại khi chắc chắn tin chưa gửi."
)


class ZaloBroadcast(Channel):
    kind: ClassVar[str] = "zalo_broadcast"
    label: ClassVar[str] = "Zalo OA: gửi tới người quan tâm"
    through: ClassVar[str] = "zalo"
    follows: ClassVar[str] = "zalo"
    reads_back: ClassVar[bool] = False
    can_correct: ClassVar[bool] = False
    can_withdraw: ClassVar[bool] = False
    asked_settings: ClassVar[tuple[Setting, ...]] = tuple(
        Setting(target.setting, target.label, required=False, hint=target.hint) for target in rules.TARGETS
    )

    def problems(self, account: Account) -> list[str]:
        """What the OA's own account lacks, and a target that is no list of numbers."""
        wrong = [
            f"{target.label} phải là các mã số cách nhau bằng dấu phẩy, ví dụ 2,3,4."
            for target in rules.TARGETS
            if not _is_numbers(_chosen(account, target))
        ]
        return [*Zalo().problems(account), *wrong]

    def check(self, account: Account, desk: Desk) -> Checkup:
        if self.problems(account):
            return super().check(account, desk)
        api = OpenApi(account, desk)
        found = checking.check(api, account, desk)
        if not found.works:
            return found
        told = api.get("oa/getoa")
        return Checkup((*found.findings, *_rights(told)), found.name, found.expires_at)

    def shape(self, content: Content, account: Account) -> Payload:
        title = cut_title(content.title)
        if not title:
            raise Unsupported("Bài Zalo chưa có tiêu đề: thêm tiêu đề.")
        chosen = {target.field: _chosen(account, target) for target in rules.TARGETS}
        body = {
            "type": "broadcast",
            "title": title,
            "target": {field: numbers for field, numbers in chosen.items() if numbers},
            "oa_id": str(account.settings.get("oa_id", "")),
        }
        return Payload(self.kind, body)

    def preview(self, payload: Payload, account: Account) -> Preview:
        words = (
            f"Gửi bài “{payload.body['title']}” thành tin nhắn tới {_audience(payload.body['target'])} "
            f"Zalo OA {payload.body['oa_id']}.",
            f"{NO_RECALL} Bài sai thì chỉ còn cách gửi tin mới.",
            f"Mỗi lượt gửi tính vào hạn mức của OA: mỗi người nhận không quá {rules.EACH_DAY} tin một ngày, số tin một "
            "tháng tùy gói OA.",
            f"Zalo chỉ nhận trong khoảng {rules.OPENS:%H:%M}–{rules.LAST:%H:%M} và duyệt khoảng "
            f"{rules.MODERATION_MINUTES} phút trước khi gửi đi; ngoài khoảng đó thì tin chờ tới sáng. Chi phí xem ở "
            "phần kinh phí của lượt đăng.",
        )
        html = "".join(f"<p>{escape(line)}</p>" for line in words)
        return Preview(html, "\n\n".join(words), (), (NO_RECALL,))

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        refuse_other_oa(payload, account)
        if desk.after is None or not desk.after.remote_id:
            raise Unavailable("Chưa gửi tới người quan tâm: chờ bài Zalo lên OA trước.", code="waits-for-article")
        if not rules.is_open(desk.now):
            raise _until_morning(desk)
        api = OpenApi(account, desk)
        if not _is_seen(api, desk.after.remote_id):
            raise Rejected(
                "Bài Zalo của tin này đã gỡ hoặc đang ẩn: không gửi tới người quan tâm.", code="article-gone"
            )
        try:
            told = api.post("oa/message", _message(payload, desk.after.remote_id), repeatable=False)
        except Throttled as error:
            raise (_until_morning(desk) if error.code == NIGHT else error) from None
        except Unauthorized as error:
            raise (Rejected(error.message, code=error.code) if error.code in rules.REFUSED else error) from None
        except OutcomeUnknown as error:
            raise OutcomeUnknown(LOST, code=error.code) from None
        return _sent(told)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        raise OutcomeUnknown(LOST)

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        raise Unsupported(NO_RECALL)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        raise Unsupported(NO_RECALL)


def _chosen(account: Account, target: rules.Target) -> str:
    """The numbers of one setting as the vendor takes them: "2,3"."""
    given = str(account.settings.get(target.setting, "") or "")
    return ",".join(part.strip() for part in given.split(",") if part.strip())


def _is_numbers(numbers: str) -> bool:
    return all(part.isascii() and part.isdecimal() for part in numbers.split(",")) if numbers else True


def _audience(target: Mapping[str, str]) -> str:
    if not target:
        return "mọi người quan tâm của"
    labels = {known.field: known.label.lower() for known in rules.TARGETS}
    chosen = "; ".join(f"{labels.get(field, field)} mã {numbers}" for field, numbers in sorted(target.items()))
    return f"những người quan tâm được chọn ({chosen}) của"


def _is_seen(api: OpenApi, article: str) -> bool:
    """Whether the article still stands in public: the last look before what cannot be recalled."""
    try:
        return articles.visible(articles.detail(api, article))
    except Rejected:
        return True  # not told; Zalo itself refuses an article that is not there


def _message(payload: Payload, article: str) -> dict[str, Any]:
    """`attachment_id` is here the id of an article that stands, not of an upload."""
    element = {"media_type": "article", "attachment_id": article}
    attachment = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
    return {"recipient": {"target": dict(payload.body["target"])}, "message": {"attachment": attachment}}


def _sent(told: Mapping[str, Any]) -> Outcome:
    message_id = str(told.get("message_id", ""))
    if not message_id:
        raise OutcomeUnknown(LOST, code="no-message-id")
    proofs = (Proof("remote_id", "Mã tin gửi tới người quan tâm", message_id),)
    detail = {"api": facts.VERSION, "moderation_minutes": rules.MODERATION_MINUTES}
    return Outcome(Result.DELIVERED, message_id, proofs=proofs, detail=detail)


def _until_morning(desk: Desk) -> Throttled:
    wait = rules.next_morning(desk.now, desk.delivery_ref)
    words = (
        f"Zalo chỉ nhận tin gửi tới người quan tâm từ {rules.OPENS:%H:%M} đến {rules.LAST:%H:%M}: hệ thống sẽ gửi sau "
        f"{rules.AGAIN:%H:%M} sáng."
    )
    return Throttled(words, wait=wait.total_seconds(), code=NIGHT)


def _rights(told: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Broadcasts need a verified OA; how many is told by its package, as far as known."""
    if told.get("is_verified") not in checking.TRUE:
        message = (
            "OA chưa xác thực nên Zalo không cho gửi tới người quan tâm. Xác thực OA trong trang quản trị của Zalo."
        )
        return (Finding("Quyền gửi tin", Sign.MISSING, message),)
    package = str(told.get("package_name", ""))
    most = rules.each_month(package)
    known = f"khoảng {most} tin" if most else "số tin chưa rõ"
    message = (
        f"Gói {package or 'chưa rõ'}: {known} một tháng cho mỗi người quan tâm (theo quy định đọc được ngày "
        f"{rules.QUOTA_READ:%d/%m/%Y}, chưa kiểm chứng cho năm nay; Zalo báo khi hết)."
    )
    return (Finding("Hạn mức gửi tin", Sign.GOOD, message),)
