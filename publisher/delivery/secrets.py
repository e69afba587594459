"""Account secrets at rest: MultiFernet, newest key first, so that keys can be changed without losing an account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from publisher.config import MissingSecret, config


class UnreadableSecret(RuntimeError):
    """The keys in use do not open this secret."""


class BadKeys(UnreadableSecret, MissingSecret):
    """What was given as keys is none."""


@cache
def cipher() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key.strip()) for key in config.secret("account_keys").split(",")])
    except ValueError as error:
        raise BadKeys(
            "Khóa mã hóa tài khoản (PUBLISHER_ACCOUNT_KEYS) không đúng dạng: mỗi khóa là 44 ký tự base64, "
            "cách nhau bằng dấu phẩy. Đặt lại đúng khóa rồi chạy lại."
        ) from error


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
