"""Looking at a live account: is it connected, may it publish, for how long; and what follows for its hold."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from channels.contract import Checkup, Finding, Sign
from channels.errors import ChannelError, Throttled, Unauthorized, Unavailable
from channels.reach import LOOPBACK
from channels.registry import CHANNELS
from channels.remote import is_loopback
from publisher.config import config
from publisher.delivery.accounts import as_channel_sees, channel_of, hold, lift, note, readable
from publisher.delivery.desks import desk_of_account
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret, lock
from publisher.delivery.wake import wake
from publisher.events.models import Event
from publisher.people.models import Organisation, Person

WARN = timedelta(days=tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["expiry"]["warn_days"])
TIMEOUT = (5.0, 10.0)  # seconds, connect and read: a person waits for the answer
NOT_CONNECTED = "Chưa kết nối xong: vào trang của kênh, điền thông tin rồi bấm “Kiểm tra kết nối”."


class NoSandbox(Exception):
    """This installation has none, or none for this kind of channel."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look gave. `reached` False: nobody answered, so nothing is known anew."""

    checkup: Checkup
    reached: bool = True
    lifted: bool = field(default=False, compare=False)


def check_account(account: Account, by: Person | None) -> Look:
    """Asks the vendor, outside any transaction, and keeps the answer. Raises nothing the vendor may cause.

    What will not work holds the account; what works lifts a hold for credentials. A hold made by a person stays.
    """
    look = look_at(account)
    with transaction.atomic():
        keep(account, look, by)
        if look.reached and not look.checkup.works:
            stop(account, look.checkup)
        lifted = look.reached and look.checkup.works and held_for_trouble(account, by)
        if lifted:
            lift(account, by=by)
    if lifted:
        wake()
    return Look(look.checkup, look.reached, lifted)


def look_at(account: Account) -> Look:
    try:
        if missing := problems(account):
            return Look(Checkup(tuple(Finding("Thông tin kết nối", Sign.MISSING, words) for words in missing)))
        desk = replace(desk_of_account(account), timeout=TIMEOUT)
        return Look(channel_of(account).check(as_channel_sees(account), desk))
    except (Unavailable, Throttled) as error:
        words = f"Chưa kiểm tra được: {error.message} Kiểm tra lại sau ít phút."
        return Look(one("Kết nối", Sign.MISSING, words), reached=False)
    except Unauthorized as error:
        return Look(one("Quyền truy cập", Sign.MISSING, error.message))
    except ChannelError as error:
        return Look(one("Kênh trả lời", Sign.MISSING, error.message))
    except UnreadableSecret as error:
        return Look(one("Mã bí mật", Sign.MISSING, str(error)))


def problems(account: Account) -> list[str]:
    """What keeps it from working, as far as the settings say. Raises `UnreadableSecret`."""
    channel = channel_of(account)
    if channel.through and account.through is None:
        return [f"Chọn tài khoản {CHANNELS[channel.through].label} mà kênh này đăng qua."]
    return channel.problems(as_channel_sees(account))


def one(what: str, sign: Sign, words: str) -> Checkup:
    return Checkup((Finding(what, sign, words),))


def keep(account: Account, look: Look, by: Person | None) -> None:
    """The findings as rows of JSON: what, sign, message. An answer that never came says nothing about expiry."""
    found = [{"what": f.what, "sign": f.sign.value, "message": f.message} for f in look.checkup.findings]
    news = found != account.findings
    account.checked_at, account.findings = timezone.now(), found
    columns = ["checked_at", "findings"]
    if look.reached:
        account.secret_expires_at = look.checkup.expires_at
        columns.append("secret_expires_at")
    account.save(update_fields=columns)
    if news or by is not None:
        bad = " ".join(f.message for f in look.checkup.findings if f.sign is not Sign.GOOD)
        note(account, "checked", by=by, works=look.reached and look.checkup.works, message=bad or "Kết nối tốt.")


def stop(account: Account, checkup: Checkup) -> None:
    """Held once; while it is, the reason follows the latest look."""
    words = " ".join(f.message for f in checkup.findings if f.sign is Sign.MISSING)[:300]
    if not hold(account, reason=words) and held_by_system(account):
        account.held_reason = words
        account.save(update_fields=["held_reason"])


def held_for_trouble(account: Account, by: Person | None) -> bool:
    """A hold with an end (blocked, quota) is no matter of credentials: only a person ends it early."""
    return held_by_system(account) and (by is not None or account.held_until is None)


def held_by_system(account: Account) -> bool:
    """Whether trouble, and not a person, made the hold that stands."""
    if not account.held:
        return False
    held = Event.objects.filter(subject=f"account:{account.pk}", kind="account.held").order_by("-pk").first()
    return held is None or held.actor_id is None


@transaction.atomic
def hold_until_connected(account: Account) -> None:
    hold(account, reason=NOT_CONNECTED)


@transaction.atomic
def connect(
    account: Account,
    *,
    by: Person,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    through: Account | None = None,
    drop: Collection[str] = (),
) -> list[str]:
    """Keeps what was entered; secrets that are not named stay, but for those to `drop`, and unless the address they
    are sent to changed: nobody reads one by pointing the account at a machine of their own.

    Returns the names of the secrets that were forgotten because of the address.
    """
    now_stored = Account.objects.select_for_update().get(pk=account.pk)  # a worker may have renewed them meanwhile
    before, kept = addresses(account), readable(now_stored.secret)
    changed = sorted(
        {name for name in {*settings, *account.settings} if settings.get(name) != account.settings.get(name)}
        | ({"through"} if through != account.through else set())
    )
    account.settings, account.through = dict(settings), through
    moved = addresses(account) != before
    forgotten = sorted(set(kept) - set(secrets)) if moved else []
    dropped = (set(drop) & set(kept)) - set(secrets)
    columns = ["settings", "through"]
    if secrets or forgotten or dropped:
        now = {**({} if moved else {n: v for n, v in kept.items() if n not in dropped}), **secrets}
        account.secret = lock(now) if now else ""
        columns.append("secret")
        note(account, "secrets_changed", by=by, names=sorted({*secrets, *forgotten, *dropped}))
    account.save(update_fields=columns)
    if changed:
        note(account, "settings_changed", by=by, names=changed)
    return forgotten


def addresses(account: Account) -> list[str]:
    """Where the secrets are sent."""
    asked = channel_of(account).asked_settings
    return [str(account.settings.get(s.name) or s.default) for s in asked if s.takes_secrets]


def connect_to_sandbox(account: Account, *, by: Person) -> None:
    """Fills in what the sandbox of this installation takes. Raises `NoSandbox`."""
    given = sandbox_offer(account.kind)
    if given is None:
        raise NoSandbox("Máy này không có máy giả lập cho kênh này. Khởi động bằng `make run` để có.")
    connect(account, by=by, settings={**account.settings, **given["settings"]}, secrets=given["secrets"])


def sandbox_offer(kind: str) -> Mapping[str, Mapping[str, str]] | None:
    """Settings and secrets that reach the sandbox; None where there is none for this kind."""
    url = sandbox_url()
    if not url:
        return None
    from channels.sandbox import credentials  # a whole server comes with it: only where somebody has one

    return credentials(url).get(kind)


def sandbox_url() -> str:
    """Where the sandbox of this installation listens; "" when it was never started."""
    port = config.sandbox_port
    kept = config.var_dir / "sandbox" / "port"
    if not port and kept.exists():
        written = kept.read_text().strip()
        port = int(written) if written.isdecimal() else 0
    return f"http://127.0.0.1:{port}" if port else ""


def on_sandbox(account: Account) -> bool:
    """Whether what it publishes stays on this machine."""
    settings = (account.through or account).settings
    return any(value in LOOPBACK or is_loopback(value) for value in settings.values() if isinstance(value, str))


@transaction.atomic
def open_unchecked(account: Account, *, by: Person, reason: str) -> None:
    """A person lets a held account run without a look at it, and says why."""
    note(account, "opened", by=by, reason=reason)
    lift(account, by=by)


def expires_soon(account: Account, now: datetime) -> bool:
    return account.secret_expires_at is not None and account.secret_expires_at <= now + WARN


def expiring(organisation: Organisation, now: datetime) -> QuerySet[Account]:
    """Accounts in use whose secret runs out within two weeks, or has run out."""
    rows = Account.objects.filter(organisation=organisation, retired_at=None, secret_expires_at__lte=now + WARN)
    return rows.order_by("secret_expires_at", "pk")
