"""Faults on demand. `POST /_faults` with JSON or a form: vendor, call, fault, times (1), seconds (3).

Calls. facebook: feed, photos, edit, delete, read (listings), object. zalo: create, verify, getslice, getdetail, update,
remove, refresh. "*" is any call. "after commit" means that the act was done and only its answer suffers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from channels.sandbox import graph_words, zalo
from channels.sandbox.exchange import Answer, as_json
from channels.sandbox.store import Store

CALLS = {
    "facebook": ("*", "feed", "photos", "edit", "delete", "read", "object"),
    "zalo": ("*", "create", "verify", "getslice", "getdetail", "update", "remove", "refresh"),
}
GATEWAY = Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html; charset=utf-8")
SILENT = Answer(200, b"")


@dataclass(frozen=True, slots=True)
class Fault:
    """`label` for people. `commits`: the act is done first. `change` makes the answer from the honest one."""

    label: str
    commits: bool
    change: Callable[[Answer, float], Answer]
    vendors: tuple[str, ...] = ("facebook", "zalo")


def _instead(answer: Answer) -> Callable[[Answer, float], Answer]:
    return lambda real, seconds: answer


def _late(real: Answer, seconds: float) -> Answer:
    return replace(real, delay=seconds)


def _late_and_dead(real: Answer, seconds: float) -> Answer:
    return replace(SILENT, delay=seconds, broken="reset")


def _reset(real: Answer, seconds: float) -> Answer:
    return replace(real, broken="reset")


def _half(real: Answer, seconds: float) -> Answer:
    return replace(real, broken="half")


def _cut_json(real: Answer, seconds: float) -> Answer:
    return replace(real, body=real.body[: len(real.body) // 2])


def _graph(code: int, message: str, **more: Any) -> Callable[[Answer, float], Answer]:
    return lambda real, seconds: graph_words.refusal(code, message, **more)


def _oa(code: int, message: str) -> Callable[[Answer, float], Answer]:
    return _instead(zalo.error(code, message))


def _busy(real: Answer, seconds: float) -> Answer:
    minutes = max(1, round(seconds / 60))
    use = {"type": "pages", "call_count": 100, "total_cputime": 25, "total_time": 25}
    header = {"100000000000001": [{**use, "estimated_time_to_regain_access": minutes}]}
    text = "(#80001) There have been too many calls to this Page account. Wait a bit and try again."
    return graph_words.refusal(80001, text, headers={"X-Business-Use-Case-Usage": json.dumps(header)})


def _text_code(real: Answer, seconds: float) -> Answer:
    return as_json({"error": {"message": "(#100) Invalid parameter", "type": "OAuthException", "code": "100"}}, 400)


def _empty_page(real: Answer, seconds: float) -> Answer:
    """What was found comes on the next page only."""
    listing = json.loads(real.body)
    if not listing.get("data"):
        return real
    paging = {"cursors": {"after": "MA=="}, "next": "https://graph.facebook.com/?after=MA%3D%3D"}
    return as_json({"data": [], "paging": paging})


def _lagging(real: Answer, seconds: float) -> Answer:
    """The listing does not know the newest yet."""
    listing = json.loads(real.body)
    return as_json({**listing, "data": listing.get("data", [])[1:]})


def _bare(real: Answer, seconds: float) -> Answer:
    """Fields the vendor holds to be empty are left out: here all but the id."""
    told = json.loads(real.body)
    return as_json({"id": told["id"]}) if "id" in told else real


def _empty(real: Answer, seconds: float) -> Answer:
    """A good answer that tells nothing."""
    told = json.loads(real.body)
    return as_json({**told, "data": {}} if told.get("error") == 0 else {})


def _of(vendor: str, label: str, change: Callable[[Answer, float], Answer], *, commits: bool = False) -> Fault:
    return Fault(label, commits, change, (vendor,))


FAULTS: dict[str, Fault] = {
    "hang_before_commit": Fault("Treo, không làm gì", False, _late_and_dead),
    "hang_after_commit": Fault("Làm xong rồi treo, trả lời muộn", True, _late),
    "reset_before_commit": Fault("Ngắt đường truyền, không làm gì", False, _reset),
    "reset_after_commit": Fault("Làm xong rồi ngắt đường truyền", True, _reset),
    "half_answer": Fault("Làm xong, câu trả lời bị cắt giữa chừng", True, _half),
    "truncated_json": Fault("Làm xong, JSON trả về bị cụt", True, _cut_json),
    "empty_answer": Fault("Làm xong, câu trả lời rỗng", True, _empty),
    "html_502": Fault("Lỗi 502 của cổng, không làm gì", False, _instead(GATEWAY)),
    "html_502_after_commit": Fault("Làm xong rồi lỗi 502 của cổng", True, _instead(GATEWAY)),
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
    "code_text": _of("facebook", "Mã lỗi là chữ thay vì số", _text_code),
    "success_false": _of("facebook", "HTTP 200 nhưng success:false", _instead(as_json({"success": False}))),
    "empty_page": _of("facebook", "Trang danh sách rỗng nhưng còn trang sau", _empty_page, commits=True),
    "lagging_listing": _of("facebook", "Danh sách chưa có bài mới nhất", _lagging, commits=True),
    "bare_answer": _of("facebook", "Làm xong, chỉ trả về mã bài", _bare, commits=True),
    "code_-216": _of("zalo", "Mã truy cập không hợp lệ (-216)", _oa(-216, "Access token is invalid")),
    "code_-32": _of("zalo", "Gọi quá nhiều (-32)", _oa(-32, "Your application reached limit call api")),
    "code_-214": _of("zalo", "Bài đang xử lý (-214)", _oa(-214, "Article is being processed")),
    "code_-200": _of("zalo", "Không lấy được ảnh (-200)", _oa(-200, "Upload media failed")),
    "code_-211": _of("zalo", "Hết hạn mức (-211)", _oa(-211, "Out of quota")),
    "code_-223": _of("zalo", "Chưa được OA cho phép (-223)", _oa(-223, "OA has not authorized this API")),
    "code_-223_quota": _of(
        "zalo", "Hết hạn mức tạo bài (-223)", _oa(-223, "Your OA has reach the limit quota create article")
    ),
    "code_-248": _of("zalo", "Vi phạm tiêu chuẩn (-248)", _oa(-248, "Violates our platform standards")),
}


def order(store: Store, given: Mapping[str, Any]) -> str:
    """Sets a fault. Returns what is wrong with the order, "" when it stands."""
    vendor, call, name = (str(given.get(key, "")) for key in ("vendor", "call", "fault"))
    fault = FAULTS.get(name)
    if vendor not in CALLS:
        return f"Không có bên nào tên “{vendor}”: dùng facebook hoặc zalo."
    if call not in CALLS[vendor]:
        return f"Không có lệnh “{call}”: dùng {', '.join(CALLS[vendor])}."
    if fault is None or vendor not in fault.vendors:
        known = ", ".join(key for key, value in FAULTS.items() if vendor in value.vendors)
        return f"Không có lỗi “{name}” cho {vendor}: dùng {known}."
    try:
        times, seconds = int(given.get("times", 1)), float(given.get("seconds", 3))
    except (TypeError, ValueError):
        return "Số lần và số giây phải là số."
    if not (1 <= times <= 100_000 and 0 <= seconds <= 3600):
        return "Số lần từ 1 đến 100000, số giây từ 0 đến 3600."
    sql = "INSERT INTO fault (vendor, call, fault, times, left, seconds) VALUES (?, ?, ?, ?, ?, ?)"
    store.insert(sql, (vendor, call, name, times, times, seconds))
    return ""


def take(store: Store, vendor: str, call: str) -> tuple[Fault, float] | None:
    """The next fault waiting for this call, counted down, and its seconds."""
    sql = (
        "UPDATE fault SET left = left - 1 WHERE id = (SELECT id FROM fault WHERE vendor = ? AND call IN (?, '*')"
        " AND left > 0 ORDER BY id LIMIT 1) RETURNING fault, seconds"
    )
    row = store.row(sql, (vendor, call))
    return (FAULTS[row["fault"]], float(row["seconds"])) if row else None


def listed(store: Store) -> list[dict[str, Any]]:
    return [dict(row) for row in store.rows("SELECT * FROM fault ORDER BY id")]


def clear(store: Store) -> None:
    store.write("DELETE FROM fault")
