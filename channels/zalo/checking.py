"""A look at the live OA: is the token alive and of this OA, may it write articles, how long will that last.

https://developers.zalo.me/docs/official-account/quan-ly/quan-ly-thong-tin-official-account/lay-thong-tin-zalo-official-account
Publishes nothing; an old pair of tokens is renewed on the way, so a look now and then keeps an idle OA connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels.contract import Account, Checkup, Desk, Finding, Sign
from channels.errors import Rejected, Throttled, Unauthorized, Unavailable
from channels.zalo import articles, facts, oauth
from channels.zalo.openapi import OpenApi

TRUE = (True, 1, "1", "true")  # numbers and truth values come as strings in places
RECONNECT = "Người quản trị OA cấp quyền lại cho ứng dụng, rồi nhập mã truy cập và mã gia hạn mới vào tài khoản kênh."


def check(api: OpenApi, account: Account, desk: Desk) -> Checkup:
    """Raises `Unavailable` when Zalo is not reached or too busy to answer."""
    try:
        told = api.get("oa/getoa")
    except (Unauthorized, Rejected) as error:
        return Checkup((Finding("Mã truy cập", Sign.MISSING, f"{error.message} {RECONNECT}"),))
    except Throttled as error:
        raise Unavailable(error.message, code=error.code) from None
    secrets = api.tokens.secrets
    findings = (_identity(told, account), _verified(told), _articles(api), _token(secrets, desk.now))
    return Checkup(findings, str(told.get("name", "")), oauth.refresh_end(secrets))


def _identity(told: Mapping[str, Any], account: Account) -> Finding:
    name, found, wanted = str(told.get("name", "")), str(told.get("oa_id", "")), str(account.settings["oa_id"])
    if found == wanted:
        return Finding("Zalo OA", Sign.GOOD, f"Mã truy cập mở đúng OA “{name}”.")
    message = (
        f"Mã truy cập này mở OA “{name}” (mã {found or 'không rõ'}), không phải OA {wanted} đã khai. "
        "Sửa mã OA, hoặc cấp quyền lại bằng đúng OA."
    )
    return Finding("Zalo OA", Sign.MISSING, message)


def _verified(told: Mapping[str, Any]) -> Finding:
    package = str(told.get("package_name", "")) or "không rõ"
    if told.get("is_verified") in TRUE:
        return Finding("Xác thực", Sign.GOOD, f"OA đã xác thực, gói: {package}.")
    message = (
        f"OA chưa xác thực (gói: {package}): Zalo có thể từ chối đăng bài qua ứng dụng và không cho gửi tới người quan "
        "tâm. Xác thực OA trong trang quản trị của Zalo."
    )
    return Finding("Xác thực", Sign.WARNING, message)


def _articles(api: OpenApi) -> Finding:
    """The listing needs the same permission as writing: nothing nearer can be tried without publishing."""
    try:
        articles.page(api, "normal", 0)
    except (Unauthorized, Rejected) as error:
        message = f"{error.message} Trong trang quản trị OA, cấp cho ứng dụng quyền “Quản lý bài viết” rồi kết nối lại."
        return Finding("Quyền bài viết", Sign.MISSING, message)
    except Throttled as error:
        raise Unavailable(error.message, code=error.code) from None
    return Finding("Quyền bài viết", Sign.GOOD, "Ứng dụng đọc được danh sách bài của OA.")


def _token(secrets: Mapping[str, str], now: datetime) -> Finding:
    renewed, end = oauth.moment(secrets.get("renewed_at")), oauth.refresh_end(secrets)
    if renewed is None or end is None:
        message = "Mã truy cập dùng được. Thời hạn mã gia hạn sẽ biết sau lần gia hạn đầu tiên, trong vòng 25 giờ."
        return Finding("Mã gia hạn", Sign.GOOD, message)
    days = (end - now).days
    message = f"Gia hạn lần cuối lúc {_spoken(renewed, now)}; mã gia hạn dùng được đến {_spoken(end, now)}"
    if end <= now:
        return Finding("Mã gia hạn", Sign.MISSING, f"{message}: đã hết hạn. {RECONNECT}")
    if end - now <= facts.WARN_BEFORE:
        return Finding("Mã gia hạn", Sign.WARNING, f"{message}, còn {days} ngày. {RECONNECT}")
    return Finding("Mã gia hạn", Sign.GOOD, f"{message}. Hệ thống tự gia hạn mỗi ngày khi có việc.")


def _spoken(moment: datetime, now: datetime) -> str:
    """In the zone in which the engine tells the time, the organisation's."""
    local = moment.astimezone(now.tzinfo)
    return f"{local:%H:%M} ngày {local.day}/{local.month}/{local.year}"
