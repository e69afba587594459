"""Renewing the token pair of an OA.

OAuth v4 for OA: https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new
The refresh token is single use and rotates; the old access token dies at once. Whoever loses the answer loses the
account: so the new pair is stored before it is used, one refresh runs at a time, and a lost one calls a person.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from channels.contract import Account
from channels.errors import OutcomeUnknown, Unauthorized
from channels.remote import Call, ask
from channels.zalo import facts

LOST = (
    "Mất câu trả lời khi gia hạn mã truy cập Zalo OA, mã cũ không dùng lại được. "
    "Người quản trị OA cần cấp quyền lại cho ứng dụng ngay."
)
REFUSED = "Zalo không gia hạn mã truy cập của OA. Người quản trị OA cần cấp quyền lại cho ứng dụng ngay."


@dataclass(frozen=True, slots=True)
class Pair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(slots=True)
class _Renewal:
    spent: str = field(repr=False)
    pair: Pair
    at: float  # monotonic seconds
    stored: bool = False

    def follows(self, refresh: str) -> bool:
        return self.spent == refresh and time.monotonic() - self.at <= MEMORY_SECONDS


# The last renewal of each account: another thread that still holds the spent pair goes on with the new one.
MEMORY_SECONDS = 600.0  # longer than any delivery may take
_lock = threading.Lock()
_locks: dict[str, threading.Lock] = {}
_renewals: dict[str, _Renewal] = {}


def renew(
    account: Account,
    spent: Pair,
    keep: Callable[[Mapping[str, str]], None],
    timeout: tuple[float, float],
    dead: str = "",
) -> tuple[Pair, bool]:
    """The pair after `spent`, stored through `keep`, and whether it was only remembered.

    `dead` is an access token known not to work: a remembered pair that holds it is not given again. Raises
    `Unauthorized` when a person must consent again.
    """
    place = f"{_address(account)}|{account.ref}"
    with _lock:
        lock = _locks.setdefault(place, threading.Lock())
    with lock:
        known = _renewals.get(place)
        remembered = known is not None and known.follows(spent.refresh) and known.pair.access != dead
        if known is None or not remembered:
            known = _renewals[place] = _Renewal(spent.refresh, _ask(account, spent, timeout), time.monotonic())
        if not known.stored:
            keep({"access_token": known.pair.access, "refresh_token": known.pair.refresh})
            known.stored = True
        return known.pair, remembered


def _address(account: Account) -> str:
    return str(account.settings.get("oauth_url") or facts.OAUTH_ADDRESS).rstrip("/")


def _ask(account: Account, spent: Pair, timeout: tuple[float, float]) -> Pair:
    call = Call(
        "POST",
        f"{_address(account)}/{facts.OAUTH_VERSION}/oa/access_token",
        form={
            "refresh_token": spent.refresh,
            "app_id": str(account.settings["app_id"]),
            "grant_type": "refresh_token",
        },
        headers={"secret_key": account.secrets["secret_key"]},
    )
    try:
        reply = ask(call, timeout)
        record = reply.record()
    except OutcomeUnknown:
        raise Unauthorized(LOST, code="refresh-lost") from None
    access, refresh = record.get("access_token"), record.get("refresh_token")
    if access and refresh:
        return Pair(str(access), str(refresh))
    if reply.status >= 500:
        raise Unauthorized(LOST, code="refresh-lost")
    code = str(record.get("error", ""))
    raise Unauthorized(f"{REFUSED} (mã {code or 'không có'})", code=code)
