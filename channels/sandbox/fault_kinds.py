"""Every kind of fault: what it does to an honest answer, or what it makes the vendor do otherwise.

"after commit" means that the act was done and only its answer suffers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from channels.sandbox.exchange import Answer, as_json
from channels.sandbox.facebook import words as graph
from channels.sandbox.facebook.api import usage
from channels.sandbox.zalo.words import error as oa_error

HTTP = ("facebook", "zalo", "webhook", "hub")
EVERYBODY = (*HTTP, "email")
GATEWAY = Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html; charset=utf-8")
SILENT = Answer(200, b"")
FOR_EVER = float("inf")


@dataclass(frozen=True, slots=True)
class Order:
    """One fault that strikes now. `detail`: code, subcode, message, status, percent, as far as the kind takes them."""

    vendor: str
    fault: str
    seconds: float = 3.0
    when: str = ""  # "before" or "after" the commit; "" as the kind has it
    detail: Mapping[str, Any] = field(default_factory=dict)


Change = Callable[[Answer, Order], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """`label` for people. `commits`: the act is done first. `change` makes the answer from the honest one, which it
    needs when it `reads` it. With a `hint` the vendor itself does otherwise and answers honestly."""

    label: str
    commits: bool
    change: Change
    vendors: tuple[str, ...] = HTTP
    hint: str = ""
    reads: bool = False

    def done_first(self, order: Order) -> bool:
        return {"before": False, "after": True}.get(order.when, self.commits)


def _instead(answer: Answer) -> Change:
    return lambda real, order: answer


def _late(real: Answer, order: Order) -> Answer:
    return replace(real, delay=order.seconds)


def _late_and_dead(real: Answer, order: Order) -> Answer:
    return replace(SILENT, delay=order.seconds, broken="reset")


def _never(real: Answer, order: Order) -> Answer:
    return replace(SILENT, delay=FOR_EVER, broken="reset")


def _reset(real: Answer, order: Order) -> Answer:
    return replace(real, broken="reset")


def _half(real: Answer, order: Order) -> Answer:
    return replace(real, broken="half")


def _cut_json(real: Answer, order: Order) -> Answer:
    return replace(real, body=real.body[: len(real.body) // 2])


def _empty(real: Answer, order: Order) -> Answer:
    """A good answer that tells nothing."""
    told = json.loads(real.body or b"{}")
    return as_json({**told, "data": {}} if told.get("error") == 0 else {})


def _status(real: Answer, order: Order) -> Answer:
    headers = {"Retry-After": str(order.detail["retry_after"])} if "retry_after" in order.detail else {}
    return replace(as_json({"error": "fault"}, int(order.detail.get("status", 500)), headers), delay=0.0)


def _error(real: Answer, order: Order) -> Answer:
    """Any refusal of a vendor, by its code."""
    detail = order.detail
    code, message = int(detail.get("code", 1)), str(detail.get("message", "An unknown error occurred"))
    if order.vendor == "zalo":
        return oa_error(code, message)
    more: dict[str, Any] = {"is_transient": bool(detail["transient"])} if "transient" in detail else {}
    return graph.refusal(
        code, message, subcode=int(detail.get("subcode", 0)), status=int(detail.get("status", 400)), **more
    )


def _graph(code: int, message: str, **more: Any) -> Change:
    return lambda real, order: graph.refusal(code, message, **more)


def _oa(code: int, message: str) -> Change:
    return _instead(oa_error(code, message))


def _smtp(code: int, words: str) -> Change:
    return _instead(Answer(code, words.encode()))


def _busy(real: Answer, order: Order) -> Answer:
    text = "(#80001) There have been too many calls to this Page account. Wait a bit and try again."
    return graph.refusal(80001, text, headers=usage(100, max(1, round(order.seconds / 60))))


def _usage(real: Answer, order: Order) -> Answer:
    return replace(real, headers={**real.headers, **usage(int(order.detail.get("percent", 85)))})


def _text_code(real: Answer, order: Order) -> Answer:
    return as_json({"error": {"message": "(#100) Invalid parameter", "type": "OAuthException", "code": "100"}}, 400)


def _empty_page(real: Answer, order: Order) -> Answer:
    """What was found comes on the next page only."""
    listing = json.loads(real.body)
    if not listing.get("data"):
        return real
    paging = {"cursors": {"after": "MA=="}, "next": "https://graph.facebook.com/?after=MA%3D%3D"}
    return as_json({"data": [], "paging": paging})


def _lagging(real: Answer, order: Order) -> Answer:
    """The listing does not know the newest yet."""
    listing = json.loads(real.body)
    return as_json({**listing, "data": listing.get("data", [])[1:]})


def _bare(real: Answer, order: Order) -> Answer:
    """Fields the vendor holds to be empty are left out: here all but the id."""
    told = json.loads(real.body)
    return as_json({"id": told["id"]}) if "id" in told else real


def _of(vendor: str, label: str, change: Change, *, commits: bool = False, reads: bool = False) -> Fault:
    return Fault(label, commits, change, (vendor,), reads=reads)


def _hint(hint: str, label: str, *vendors: str) -> Fault:
    return Fault(label, True, lambda real, order: real, vendors, hint=hint)


_TRANSPORT = {
    "hang_before_commit": Fault("Treo, không làm gì", False, _late_and_dead, EVERYBODY),
    "hang_after_commit": Fault("Làm xong rồi treo, trả lời muộn", True, _late, EVERYBODY),
    "never": Fault("Làm xong, không bao giờ trả lời", True, _never, EVERYBODY),
    "reset_before_commit": Fault("Ngắt đường truyền, không làm gì", False, _reset, EVERYBODY),
    "reset_after_commit": Fault("Làm xong rồi ngắt đường truyền", True, _reset, EVERYBODY),
    "half_answer": Fault("Làm xong, câu trả lời bị cắt giữa chừng", True, _half),
    "truncated_json": Fault("Làm xong, JSON trả về bị cụt", True, _cut_json),
    "empty_answer": Fault("Làm xong, câu trả lời rỗng", True, _empty),
    "html_502": Fault("Lỗi 502 của cổng, không làm gì", False, _instead(GATEWAY)),
    "html_502_after_commit": Fault("Làm xong rồi lỗi 502 của cổng", True, _instead(GATEWAY)),
    "status": Fault("Mã HTTP khác 200 (500 nếu không nói rõ)", False, _status, ("webhook", "hub")),
    "status_after_commit": Fault("Nhận rồi nhưng trả mã HTTP khác 200", True, _status, ("webhook", "hub")),
    "error": Fault("Từ chối với mã tự chọn", False, _error, ("facebook", "zalo")),
    "lag": _hint("lag", "Danh sách chậm mấy giây", "facebook", "zalo"),
    "video_error": _hint("video_error", "Nhận video rồi xử lý không được", "facebook", "zalo"),
}
_FACEBOOK = {
    "error_500_after_commit": _of(
        "facebook",
        "Làm xong rồi báo lỗi 500 mã 2",
        _graph(2, "An unexpected error has occurred. Please retry your request later.", status=500, is_transient=True),
        commits=True,
    ),
    "code_1_99_after_commit": _of(
        "facebook", "Làm xong rồi báo mã 1/99", _graph(1, "An unknown error occurred", subcode=99), commits=True
    ),
    "throttle_4": _of("facebook", "Quá hạn mức ứng dụng (4)", _graph(4, "(#4) Application request limit reached")),
    "throttle_32": _of("facebook", "Quá hạn mức Trang (32)", _graph(32, "(#32) Page request limit reached")),
    "throttle_80001": _of("facebook", "Quá hạn mức Trang (80001, có giờ chờ)", _busy),
    "code_190_460": _of(
        "facebook",
        "Mật khẩu đã đổi (190/460)",
        _graph(190, "Error validating access token: The session has been invalidated", subcode=460),
    ),
    "code_190_463": _of(
        "facebook",
        "Mã truy cập hết hạn (190/463)",
        _graph(190, "Error validating access token: Session has expired", subcode=463),
    ),
    "code_368": _of(
        "facebook",
        "Trang bị tạm chặn (368)",
        _graph(368, "The action attempted has been deemed abusive or is otherwise disallowed", subcode=1390008),
    ),
    "code_506": _of("facebook", "Trùng bài vừa đăng (506)", _graph(506, "(#506) Duplicate status message")),
    "code_200": _of("facebook", "Thiếu quyền (200)", _graph(200, "(#200) Permissions error")),
    "code_100_33": _of("facebook", "Không có đối tượng (100/33)", lambda real, order: graph.gone("GET", "0")),
    "code_text": _of("facebook", "Mã lỗi là chữ thay vì số", _text_code),
    "success_false": _of("facebook", "HTTP 200 nhưng success:false", _instead(as_json({"success": False}))),
    "empty_page": _of("facebook", "Trang danh sách rỗng nhưng còn trang sau", _empty_page, commits=True, reads=True),
    "lagging_listing": _of("facebook", "Danh sách chưa có bài mới nhất", _lagging, commits=True, reads=True),
    "bare_answer": _of("facebook", "Làm xong, chỉ trả về mã bài", _bare, commits=True, reads=True),
    "usage": _of("facebook", "Trả lời đúng, báo đã dùng bao nhiêu % hạn mức", _usage, commits=True, reads=True),
    "offset_back": _hint("back", "Bắt gửi lại một đoạn video", "facebook"),
    "half_upload": _hint("half_upload", "Nhận nửa tệp rồi ngắt đường truyền", "facebook"),
    "video_expired": _hint("video_expired", "Nhận video rồi để quá hạn xử lý", "facebook"),
}
_ZALO = {
    "code_-216": _of("zalo", "Mã truy cập không hợp lệ (-216)", _oa(-216, "Access token is invalid")),
    "code_-32": _of("zalo", "Gọi quá nhiều (-32)", _oa(-32, "Your application reached limit call api")),
    "code_-214": _of("zalo", "Bài đang xử lý (-214)", _oa(-214, "Article is being processed")),
    "code_-200": _of("zalo", "Không lấy được ảnh (-200)", _oa(-200, "Upload media failed")),
    "code_-211": _of("zalo", "Hết hạn mức (-211)", _oa(-211, "Out of quota")),
    "code_-223": _of("zalo", "Chưa được OA cho phép (-223)", _oa(-223, "OA has not authorized this API")),
    "code_-223_quota": _of(
        "zalo", "Hết hạn mức tạo bài (-223)", _oa(-223, "Your OA has reach the limit quota create article")
    ),
    "code_-234": _of("zalo", "Ban đêm (-234)", _oa(-234, "This message cannot be sent at night (10:00PM - 6:00AM)")),
    "code_-248": _of("zalo", "Vi phạm tiêu chuẩn (-248)", _oa(-248, "Violates our platform standards")),
    "media_fails": _hint("media_fails", "Nhận bài rồi không lấy được ảnh", "zalo"),
    "media_fails_often": _hint("media_fails_often", "Nhận bài rồi không lấy được ảnh nhiều lần", "zalo"),
    "slow_article": _hint("looks", "Nhận bài rồi xử lý lâu (hỏi bấy nhiêu lần mới xong)", "zalo"),
    "media_not_made": _hint("media_not_made", "Nhận bài rồi “create media fail”", "zalo"),
}
_EMAIL = {
    "smtp_451": _of("email", "Máy thư bận (451)", _smtp(451, "4.3.0 Try again later")),
    "smtp_550": _of("email", "Không có hộp thư này (550)", _smtp(550, "5.1.1 No such mailbox")),
    "smtp_552": _of("email", "Thư quá lớn (552)", _smtp(552, "5.3.4 Message too big")),
}
FAULTS: dict[str, Fault] = {**_TRANSPORT, **_FACEBOOK, **_ZALO, **_EMAIL}
CALLS = {
    "facebook": (
        *("*", "feed", "photos", "videos", "edit", "delete", "read", "object", "uploads", "upload"),
        *("token", "me", "accounts", "oauth"),
    ),
    "zalo": (
        *("*", "create", "verify", "getslice", "getdetail", "update", "remove", "refresh", "code"),
        *("message", "quota", "preparevideo", "video_verify", "getoa"),
    ),
    "webhook": ("*", "post"),
    "hub": ("*", "ping"),
    "email": ("*", "data", "mail", "rcpt"),
}
CREATING = {
    "facebook": ("feed", "photos", "videos"),
    "zalo": ("create", "message"),
    "webhook": ("post",),
    "hub": ("ping",),
    "email": ("data",),
}
