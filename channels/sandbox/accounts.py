"""The invented accounts of `accounts.toml`, and how to configure the publisher's accounts to reach them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_GIVEN: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("accounts.toml").read_text("utf-8"))
_PAGE, _OA, _WEBHOOK, _EMAIL = (_GIVEN[name] for name in ("page", "oa", "webhook", "email"))

PAGE_ID = _PAGE["id"]
PAGE_NAME = _PAGE["name"]
PAGE_TOKEN = _PAGE["page_token"]
USER_TOKEN = _PAGE["user_token"]
USER_ID = _PAGE["user_id"]
USER_NAME = _PAGE["user_name"]
PAGE_APP_ID = _PAGE["app_id"]
APP_SECRET = _PAGE["app_secret"]
OA_ID = _OA["id"]
OA_NAME = _OA["name"]
APP_ID = _OA["app_id"]
OA_TOKEN = _OA["access_token"]
OA_REFRESH_TOKEN = _OA["refresh_token"]
OA_SECRET_KEY = _OA["secret_key"]
ACCOUNT_OF = {"facebook": PAGE_ID, "zalo": OA_ID}  # in the record, where an act names none


def credentials(url: str, mail_port: int = 0) -> dict[str, dict[str, dict[str, Any]]]:
    """What to put into accounts that speak to the sandbox at `url`: settings and secrets by kind of channel.

    "email" is there once `mail_port`, where it takes mail, is known.
    """
    base = url.rstrip("/")
    reached = {"host": "127.0.0.1", "port": str(mail_port), "security": "none"}
    mail = {"settings": {**reached, "sender": _EMAIL["sender"]}, "secrets": {}}
    return {
        "facebook": {
            "settings": {"page_id": PAGE_ID, "app_id": PAGE_APP_ID, "api_url": f"{base}/facebook"},
            "secrets": {"access_token": PAGE_TOKEN, "app_secret": APP_SECRET},
        },
        "zalo": {
            "settings": {
                "oa_id": OA_ID,
                "app_id": APP_ID,
                "api_url": f"{base}/zalo",
                "oauth_url": f"{base}/zalo-oauth",
            },
            "secrets": {"access_token": OA_TOKEN, "refresh_token": OA_REFRESH_TOKEN, "secret_key": OA_SECRET_KEY},
        },
        "webhook": {
            "settings": {"url": f"{base}/webhook/{_WEBHOOK['name']}"},
            "secrets": {"secret": _WEBHOOK["signing_secret"]},
        },
        **({"email": mail} if mail_port else {}),
    }
