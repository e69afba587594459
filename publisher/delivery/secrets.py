"""Account secrets at rest: MultiFernet, newest key first, so that keys can be changed without losing an account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import Model

from publisher.config import MissingSecret, config

COLUMN = "secret"  # of whatever model: a column of this name holds what `lock` returned, and nothing else
SAMPLE = 50  # rows looked at when a role starts


class UnreadableSecret(RuntimeError):
    """The keys in use do not open this secret."""


class BadKeys(UnreadableSecret, MissingSecret):
    """What was given as keys is none, or opens nothing of what is stored."""


@cache
def keys() -> tuple[Fernet, ...]:
    """The keys in use, newest first. Raises `BadKeys`."""
    try:
        return tuple(Fernet(key.strip()) for key in config.secret("account_keys").split(","))
    except ValueError as error:
        raise BadKeys(
            "Khóa mã hóa tài khoản (PUBLISHER_ACCOUNT_KEYS) không đúng dạng: mỗi khóa là 44 ký tự base64, "
            "cách nhau bằng dấu phẩy. Đặt lại đúng khóa rồi chạy lại."
        ) from error


@cache
def cipher() -> MultiFernet:
    return MultiFernet(keys())


def lock(secrets: Mapping[str, str]) -> str:
    return cipher().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unlock(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        return dict(json.loads(cipher().decrypt(text.encode())))
    except InvalidToken as error:
        raise UnreadableSecret(
            "Không mở được bí mật của tài khoản: khóa mã hóa đã thay đổi. Khôi phục khóa cũ (PUBLISHER_ACCOUNT_KEYS) "
            "hoặc nhập lại thông tin kết nối."
        ) from error


@dataclass(frozen=True, slots=True)
class LockedRow:
    """Where a secret lies. `key`: which key opens it, 0 the newest, None none."""

    model: str
    pk: int
    name: str
    text: str = field(repr=False)

    @property
    def key(self) -> int | None:
        return next((place for place, key in enumerate(keys()) if opens(key, self.text)), None)


def opens(key: Fernet, text: str) -> bool:
    try:
        key.decrypt(text.encode())
    except InvalidToken:
        return False
    return True


def locked_rows() -> Iterator[LockedRow]:
    """Everything that is locked, in a stable order."""
    for model in locking_models():
        for row in model._default_manager.exclude(**{COLUMN: ""}).order_by("pk").iterator():
            yield LockedRow(model._meta.label, row.pk, str(row), getattr(row, COLUMN))


def locking_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if any(field.name == COLUMN for field in model._meta.get_fields())]


def lock_anew(row: LockedRow) -> bool:
    """Locks what stands there now with the newest key, in a transaction of its own; False when it is already.

    Raises `UnreadableSecret`; then the row is as it was.
    """
    rows = apps.get_model(row.model)._default_manager.filter(pk=row.pk)
    with transaction.atomic():
        text = rows.select_for_update().values_list(COLUMN, flat=True).get()
        if not text or opens(keys()[0], text):
            return False
        rows.update(**{COLUMN: lock(unlock(text))})
    return True


def prove_keys() -> None:
    """Asked when a role starts. Raises `BadKeys` with a sentence when the keys open nothing of what is stored.

    A single row they do not open stops nothing: its account is held, and everybody sees why. Without tables there is
    nothing to prove.
    """
    keys()
    try:
        found = [row.key is not None for row, _ in zip(locked_rows(), range(SAMPLE), strict=False)]
    except (OperationalError, ProgrammingError):
        return
    if found and not any(found):
        raise BadKeys(
            f"Khóa mã hóa tài khoản (PUBLISHER_ACCOUNT_KEYS) không mở được bí mật nào trong {len(found)} bí mật "
            "đã lưu: đây không phải khóa của cơ sở dữ liệu này. Đặt lại đúng khóa, hoặc thêm khóa cũ vào sau khóa mới, "
            "cách nhau bằng dấu phẩy, rồi chạy lại."
        )
