"""Looking at a live account: whose token it is, what it may do, how long it lasts. Publishes nothing.

https://developers.facebook.com/docs/graph-api/reference/debug_token tells all of it to whoever has the application's
id and secret; without them the Page itself, `me` and a look at its posts tell whose token it is and whether it works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.contract import Checkup, Finding, Sign
from channels.errors import Rejected, Throttled, Unauthorized, Unavailable
from channels.facebook import facts, posting
from channels.facebook.graph import Graph, number

HOLDER = "Mã truy cập"
PAGE = "Trang"
RIGHTS = "Quyền"
EXPIRY = "Hạn dùng"
READING = "Đọc lại bài"
VERSION = "Phiên bản Graph API"
HOW = (
    "Lấy mã của Trang (không phải mã cá nhân) trong phần kết nối ứng dụng của Facebook, chọn đúng Trang, rồi nhập lại."
)
PURPOSE = {
    "pages_manage_posts": "đăng, sửa và gỡ bài",
    "pages_read_engagement": "đọc lại bài đã đăng",
    "pages_show_list": "thấy Trang",
    "publish_video": "đăng video",
}


def check(graph: Graph, app_id: str, now: datetime) -> Checkup:
    """Raises `Unavailable` when Facebook cannot be reached or wants no calls now."""
    try:
        name, findings = _page(graph)
        expiries: list[datetime] = []
        if all(finding.sign is not Sign.MISSING for finding in findings):
            told = _told(graph, app_id) if app_id and graph.has_secret else None
            if told is None:
                findings += _without_application(graph)
            elif isinstance(told, Finding):
                findings.append(told)
            else:
                findings += [*_token(told, graph.page, app_id), *_rights(told, graph.page), *_times(told, now)]
                expiries = [at for key in ("expires_at", "data_access_expires_at") if (at := _moment(told.get(key)))]
    except Throttled as busy:
        raise Unavailable(busy.message, code=busy.code, subcode=busy.subcode, trace=busy.trace) from None
    return Checkup((*findings, _version(graph)), name, min(expiries, default=None))


def _page(graph: Graph) -> tuple[str, list[Finding]]:
    """The Page's name, and whether the token is its own."""
    try:
        page = graph.get(graph.page, fields="id,name")
        me = graph.get("me", fields="id,name")
    except Unauthorized as refusal:
        return "", [Finding(HOLDER, Sign.MISSING, refusal.message)]
    except Rejected as refusal:
        words = f"Mã truy cập này không thấy Trang {graph.page}: kiểm tra mã Trang. {HOW} ({refusal.message})"
        return "", [Finding(PAGE, Sign.MISSING, words)]
    name = str(page.get("name", ""))
    if str(me.get("id", "")) == graph.page:
        return name, [Finding(PAGE, Sign.GOOD, f"Mã truy cập là của Trang {name or graph.page}.")]
    return name, [_other_owner(graph, me)]


def _other_owner(graph: Graph, me: Mapping[str, Any]) -> Finding:
    """A person's token reads an empty list where there are posts, so it is told apart here: by the Pages it lists."""
    owner = f"{me.get('name') or ''} ({me.get('id') or 'không rõ'})".strip()
    try:
        pages = graph.get("me/accounts", fields="id,name,tasks", limit="100").get("data", [])
    except (Rejected, Unauthorized):
        words = f"Mã truy cập là của {owner}, không phải của Trang {graph.page}. {HOW}"
        return Finding(HOLDER, Sign.MISSING, words)
    ours = next((page for page in pages if str(page.get("id")) == graph.page), None)
    if ours is None:
        more = f"và người này không quản lý Trang {graph.page}: nhờ quản trị Trang cấp vai trò."
    elif facts.TASK not in ours.get("tasks", [facts.TASK]):
        more = f"và người này chưa được giao việc đăng nội dung ({facts.TASK}) trên Trang: nhờ quản trị Trang giao."
    else:
        more = "không phải mã của Trang."
    return Finding(HOLDER, Sign.MISSING, f"Đây là mã cá nhân của {owner}, {more} {HOW}")


def _told(graph: Graph, app_id: str) -> dict[str, Any] | Finding:
    """What `debug_token` says, or why it says nothing."""
    try:
        return graph.about_token(app_id)
    except (Rejected, Unauthorized) as refusal:
        words = f"Không xem được quyền và hạn dùng: mã ứng dụng và khóa bí mật không đi với nhau. {refusal.message}"
        return Finding(RIGHTS, Sign.WARNING, words)


def _without_application(graph: Graph) -> list[Finding]:
    """Without id and secret of the application only trying tells: reading posts, which changes nothing."""
    unseen = Finding(
        RIGHTS,
        Sign.WARNING,
        "Chưa nhập mã ứng dụng và khóa bí mật nên không xem được quyền đăng bài và hạn dùng của mã truy cập.",
    )
    try:
        graph.get(f"{graph.page}/published_posts", fields="id", limit="1")
    except (Rejected, Unauthorized) as refusal:
        words = f"Không đọc lại được bài của Trang: cấp quyền pages_read_engagement rồi kết nối lại. {refusal.message}"
        return [unseen, Finding(READING, Sign.MISSING, words)]
    return [unseen, Finding(READING, Sign.GOOD, "Đọc lại được bài của Trang.")]


def _token(told: Mapping[str, Any], page: str, app_id: str) -> Iterator[Finding]:
    """Valid, a Page's, of this Page, of this application."""
    if told.get("is_valid") is not True:
        said = told.get("error")
        why = str(said.get("message", "")) if isinstance(said, Mapping) else ""
        yield Finding(HOLDER, Sign.MISSING, f"Mã truy cập không còn hiệu lực. {why} {HOW}".replace("  ", " "))
        return
    kind, owner = str(told.get("type", "")), str(told.get("profile_id") or page)
    if kind and kind != "PAGE":
        yield Finding(HOLDER, Sign.MISSING, f"Đây không phải mã của Trang (Facebook ghi loại {kind}). {HOW}")
    elif owner != page:
        yield Finding(HOLDER, Sign.MISSING, f"Mã truy cập là của Trang {owner}, không phải Trang {page}. {HOW}")
    elif (maker := str(told.get("app_id") or app_id)) != app_id:
        words = f"Mã truy cập thuộc ứng dụng {maker}, không phải ứng dụng {app_id}: sửa mã ứng dụng và khóa bí mật."
        yield Finding(HOLDER, Sign.MISSING, words)
    else:
        yield Finding(HOLDER, Sign.GOOD, "Mã của Trang, còn hiệu lực.")


def _rights(told: Mapping[str, Any], page: str) -> Iterator[Finding]:
    scopes = told.get("scopes")
    if not isinstance(scopes, list):
        yield Finding(RIGHTS, Sign.WARNING, "Facebook không cho biết mã truy cập có những quyền nào.")
        return
    missing = [name for name in facts.SCOPES if name not in scopes or _elsewhere(told, name, page)]
    for name in missing:
        words = f"Thiếu quyền {name} ({PURPOSE[name]}) trên Trang này: cấp quyền cho ứng dụng rồi kết nối lại."
        yield Finding(RIGHTS, Sign.MISSING, words)
    for name in facts.SCOPES_FOR_VIDEO:
        if name not in scopes:
            words = f"Thiếu quyền {name} ({PURPOSE[name]}): bài có video có thể bị Facebook từ chối."
            yield Finding(RIGHTS, Sign.WARNING, words)
    if not missing:
        yield Finding(RIGHTS, Sign.GOOD, "Đủ quyền đăng, sửa, gỡ và đọc lại bài.")


def _elsewhere(told: Mapping[str, Any], scope: str, page: str) -> bool:
    """Whether a right was given for other Pages only. A right without targets is for all."""
    rows = told.get("granular_scopes")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and row.get("scope") == scope and row.get("target_ids"):
            return page not in map(str, row["target_ids"])
    return False


def _times(told: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    """`expires_at` 0 is never, absent is unknown; access to data runs out by itself."""
    if "expires_at" not in told:
        yield Finding(EXPIRY, Sign.WARNING, "Facebook không cho biết mã truy cập dùng được đến khi nào.")
    elif (at := _moment(told["expires_at"])) is None:
        yield Finding(
            EXPIRY, Sign.GOOD, "Mã truy cập không có ngày hết hạn (vẫn mất khi đổi mật khẩu hoặc mất vai trò)."
        )
    else:
        yield _time(at, now, "Mã truy cập")
    if at := _moment(told.get("data_access_expires_at")):
        yield _time(at, now, "Quyền đọc dữ liệu")


def _time(at: datetime, now: datetime, what: str) -> Finding:
    day = at.astimezone(now.tzinfo).strftime("%d/%m/%Y")
    if at <= now:
        return Finding(EXPIRY, Sign.MISSING, f"{what} đã hết hạn ngày {day}: kết nối lại.")
    if at - now < timedelta(days=facts.DAYS_BEFORE):
        return Finding(EXPIRY, Sign.WARNING, f"{what} hết hạn ngày {day}: kết nối lại trước ngày đó.")
    return Finding(EXPIRY, Sign.GOOD, f"{what} dùng được đến ngày {day}.")


def _version(graph: Graph) -> Finding:
    if graph.served:
        return Finding(VERSION, Sign.WARNING, posting.other_version(graph))
    return Finding(VERSION, Sign.GOOD, f"Facebook trả lời bằng {facts.VERSION}.")


def _moment(seconds: Any) -> datetime | None:
    """UNIX seconds as a moment; None for 0, for nothing and for what is no time."""
    try:
        return datetime.fromtimestamp(number(seconds), UTC) if number(seconds) > 0 else None
    except (OverflowError, OSError, ValueError):
        return None
