"""The token pair of an OA: one renewal at a time across all workers, stored before it is used.

OAuth v4 for OA: https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new
The refresh token is single use and rotates; the old access token dies at once. Whoever loses the answer loses the
account: so a renewal holds the account's lock (`desk.alone`), looks first whether somebody else has renewed, comes
about five hours before the access token dies, and one whose answer was lost calls a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from channels.contract import Account, Desk
from channels.errors import OutcomeUnknown, Unauthorized, Unavailable
from channels.remote import Call, Reply, ask
from channels.zalo import facts

Secrets = Mapping[str, str]  # access_token, refresh_token, secret_key; renewed_at and refresh_ends_at in ISO text
LOST = (
    "Mất câu trả lời khi gia hạn mã truy cập Zalo OA, mã cũ không dùng lại được. "
    "Người quản trị OA cần cấp quyền lại cho ứng dụng ngay."
)
REFUSED = "Zalo không gia hạn mã truy cập của OA. Người quản trị OA cần cấp quyền lại cho ứng dụng ngay."

# What was minted but could not be stored (database away), by account: the spent refresh token and the new pair. The
# account's lock is held around every use.
_unstored: dict[str, tuple[str, dict[str, str]]] = {}


class Tokens:
    """The pair as one act uses it. `renewed`: this act has asked the vendor for a new one already."""

    def __init__(self, account: Account, desk: Desk) -> None:
        self._account = account
        self._desk = desk
        self._held: Secrets = account.secrets
        self.renewed = False

    @property
    def access(self) -> str:
        return self._held["access_token"]

    @property
    def secrets(self) -> Secrets:
        return self._held

    @property
    def hidden(self) -> tuple[str, ...]:
        """What no message may show."""
        return tuple(self._held.get(name, "") for name in ("access_token", "refresh_token", "secret_key"))

    def freshen(self) -> None:
        """Renews a pair that is old enough. Raises `Unauthorized` when a person must consent again."""
        if due(self._held, self._desk.now):
            with suppress(Unavailable):  # nobody was reached, and the old token lives for hours
                self._replace(lambda secrets: due(secrets, self._desk.now))

    def replace_dead(self) -> None:
        """Another pair than the one that was found dead: somebody else's newer one, else our own renewal."""
        dead = self.access
        self._replace(lambda secrets: secrets["access_token"] == dead)

    def _replace(self, stale: Callable[[Secrets], bool]) -> None:
        with self._desk.alone():
            if self._desk.secrets_now is not None:
                self._held = {**self._account.secrets, **self._desk.secrets_now()}
            if stale(self._held):
                self._held = self._renew()

    def _renew(self) -> Secrets:
        place, spent = f"{_address(self._account)}|{self._account.ref}", self._held["refresh_token"]
        known = _unstored.get(place)
        if known is None or known[0] != spent:
            known = _unstored[place] = (spent, self._ask(spent))
        self.renewed = True
        self._desk.keep_secrets(known[1])
        _unstored.pop(place, None)
        return {**self._held, **known[1]}

    def _ask(self, spent: str) -> dict[str, str]:
        try:
            reply = ask(_call(self._account, spent), self._desk.timeout)
            record = reply.record()
        except OutcomeUnknown:
            raise Unauthorized(LOST, code="refresh-lost") from None
        if access := record.get("access_token"):  # the one sign of success: no `error` comes with it
            now = self._desk.now
            return {
                "access_token": str(access),
                "refresh_token": str(record.get("refresh_token") or spent),
                "renewed_at": now.isoformat(),
                "refresh_ends_at": _moment_after(now, record.get("refresh_token_expires_in")),
            }
        raise _refusal(reply, record)


def due(secrets: Secrets, now: datetime) -> bool:
    """Whether the pair is old enough to be renewed ahead. One whose age nobody knows waits for its -216."""
    renewed = moment(secrets.get("renewed_at"))
    return renewed is not None and now - renewed >= facts.RENEW_AFTER


def refresh_end(secrets: Secrets) -> datetime | None:
    """When the refresh token ends: as the vendor told, else three months after the last renewal. None: not known."""
    renewed = moment(secrets.get("renewed_at"))
    return moment(secrets.get("refresh_ends_at")) or (renewed + facts.REFRESH_LIFE if renewed else None)


def moment(text: str | None) -> datetime | None:
    """An aware moment of ISO text; None for anything else."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read if read.tzinfo else None


def _moment_after(now: datetime, seconds: Any) -> str:
    """ISO text; "" when the vendor did not say. Numbers come as strings."""
    try:
        return (now + timedelta(seconds=int(seconds))).isoformat()
    except (TypeError, ValueError, OverflowError):
        return ""


def _address(account: Account) -> str:
    return str(account.settings.get("oauth_url") or facts.OAUTH_ADDRESS).rstrip("/")


def _call(account: Account, spent: str) -> Call:
    return Call(
        "POST",
        f"{_address(account)}/{facts.OAUTH_VERSION}/oa/access_token",
        form={"refresh_token": spent, "app_id": str(account.settings["app_id"]), "grant_type": "refresh_token"},
        headers={"secret_key": account.secrets["secret_key"]},
    )


def _refusal(reply: Reply, record: Mapping[str, Any]) -> Unauthorized:
    """Without a token in the answer: a refusal in words, or a gateway that ate the answer."""
    if reply.status >= 500:
        return Unauthorized(LOST, code="refresh-lost")
    code = str(record.get("error", ""))
    try:
        words = facts.OAUTH_REFUSALS.get(int(code), REFUSED)
    except ValueError:
        words = REFUSED
    return Unauthorized(f"{words} (mã {code or 'không có'})", code=code)
