"""An account as a channel sees it, its secrets, and holding it when it is in trouble."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from channels import contract
from channels.errors import Unauthorized
from channels.registry import CHANNELS
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret, lock, unlock
from publisher.delivery.sites import open_site, site_address, site_root
from publisher.events.log import record
from publisher.people.models import Organisation, Person


def channel_of(account: Account) -> contract.Channel:
    return CHANNELS[account.kind]


def ready(account: Account) -> tuple[contract.Channel, contract.Account]:
    """The channel and the account as it sees it, able to work. Raises `Unauthorized` naming what is missing."""
    channel, seen = channel_of(account), as_channel_sees(account)
    if missing := channel.problems(seen):
        raise Unauthorized(f"Tài khoản chưa dùng được: {' '.join(missing)} Bổ sung trong phần Tài khoản rồi mở lại.")
    return channel, seen


def desk_root(account: Account) -> Path:
    """The folder in which people find the scripts and work orders of this account."""
    return Path(settings.DESK_ROOT) / account.organisation.slug / f"{account.kind}-{account.pk}"


def files_root(account: Account) -> Path:
    """Where this account's channel writes, and where the paths of its evidence begin."""
    return site_root(account.organisation) if channel_of(account).public_files else desk_root(account)


def as_channel_sees(account: Account) -> contract.Account:
    """Settings completed with the places the installation gives, secrets opened. Raises `UnreadableSecret`."""
    places = {
        "root": str(files_root(account)),
        "base_url": site_address(account.organisation),
    }
    lender = account.through or account
    return contract.Account(
        ref=str(lender.pk),
        kind=account.kind,
        name=account.name,
        settings={**lender.settings, **account.settings, **places},  # no setting may point a channel elsewhere
        secrets=dict(opened(lender.secret)),
    )


@lru_cache(maxsize=256)
def opened(text: str) -> Mapping[str, str]:
    """Opening costs as much as a statement and an account sends many posts with the same secrets."""
    return unlock(text)


def problems(account: Account) -> list[str]:
    """What keeps the account from working, in the reader's words; empty when it is ready."""
    try:
        return channel_of(account).problems(as_channel_sees(account))
    except UnreadableSecret as error:
        return [str(error)]


PACE = 30  # posts a minute on a remote account: far below any vendor's limit


class NameTaken(ValueError):
    """The organisation has an account of this kind and name already; nothing was made."""


@transaction.atomic
def new_account(organisation: Organisation, *, kind: str, name: str, by: Person | None, **columns: Any) -> Account:
    """An account that publishes nothing yet: its settings and secrets follow. Raises `NameTaken`."""
    if Account.objects.filter(organisation=organisation, kind=kind, name=name).exists():
        raise NameTaken(f"Đã có kênh {CHANNELS[kind].label} tên “{name}”. Chọn tên khác.")
    pace = PACE if CHANNELS[kind].automatic and not CHANNELS[kind].public_files else 0
    account = Account.objects.create(
        organisation=organisation, kind=kind, name=name, **{"pace_per_minute": pace, **columns}
    )
    note(account, "created", by=by, kind=kind, name=name)
    if CHANNELS[kind].hosts_articles:
        open_site(organisation)
    return account


def set_secrets(account: Account, secrets: Mapping[str, str], *, by: Person | None) -> None:
    """Adds or replaces secrets; those not named stay. The log says which were changed, never their values."""
    with transaction.atomic():
        fresh = Account.objects.select_for_update().get(pk=account.pk)
        account.secret = lock({**readable(fresh.secret), **secrets})
        account.save(update_fields=["secret"])
        note(account, "secrets_changed", by=by, names=sorted(secrets))


def secrets_of(account: Account) -> dict[str, str]:
    """What is stored now, whoever renewed it. Raises `UnreadableSecret`."""
    return unlock(Account.objects.values_list("secret", flat=True).get(pk=account.pk))


def readable(text: str) -> dict[str, str]:
    """What the keys in use open; nothing where they do not, so that a person can enter everything anew."""
    try:
        return unlock(text)
    except UnreadableSecret:
        return {}


def hold(account: Account, *, reason: str, by: Person | None = None, until: datetime | None = None) -> bool:
    """Stops claiming for this account. False when it was held already: trouble is told once."""
    with transaction.atomic():
        held = Account.objects.filter(pk=account.pk, held_at=None).update(
            held_at=timezone.now(), held_reason=reason[:300], held_until=until
        )
        if held:
            note(account, "held", by=by, reason=reason, until=until.isoformat() if until else None)
    account.refresh_from_db(fields=["held_at", "held_reason", "held_until"])
    return bool(held)


def lift(account: Account, *, by: Person | None) -> None:
    with transaction.atomic():
        if (
            Account.objects.filter(pk=account.pk)
            .exclude(held_at=None)
            .update(held_at=None, held_reason="", held_until=None)
        ):
            note(account, "lifted", by=by)
    account.refresh_from_db(fields=["held_at", "held_reason", "held_until"])


def note(account: Account, what: str, *, by: Person | None, **data: object) -> None:
    record(f"account.{what}", f"account:{account.pk}", organisation=account.organisation, actor=by, data=data)
