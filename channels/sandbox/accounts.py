"""The invented accounts of `accounts.toml`, and how to configure the publisher's accounts to reach them."""

from __future__ import annotations

import tomllib
from pathlib import Path

_GIVEN: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("accounts.toml").read_text("utf-8"))
_PAGE, _OA = _GIVEN["page"], _GIVEN["oa"]

PAGE_ID = _PAGE["id"]
PAGE_NAME = _PAGE["name"]
PAGE_TOKEN = _PAGE["page_token"]
USER_TOKEN = _PAGE["user_token"]
APP_SECRET = _PAGE["app_secret"]
OA_ID = _OA["id"]
OA_NAME = _OA["name"]
APP_ID = _OA["app_id"]
OA_TOKEN = _OA["access_token"]
OA_REFRESH_TOKEN = _OA["refresh_token"]
OA_SECRET_KEY = _OA["secret_key"]


def credentials(url: str) -> dict[str, dict[str, dict[str, str]]]:
    """What to put into accounts that speak to the sandbox at `url`: settings and secrets by kind of channel."""
    base = url.rstrip("/")
    return {
        "facebook": {
            "settings": {"page_id": PAGE_ID, "api_url": f"{base}/facebook"},
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
    }
