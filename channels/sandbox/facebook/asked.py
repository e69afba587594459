"""What a call asks for, read as the Graph API reads it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from channels.sandbox.exchange import Request


def token_of(request: Request) -> str:
    bearer = request.headers.get("authorization", "")
    return request.values.get("access_token") or bearer.removeprefix("Bearer ").removeprefix("OAuth ")


def attached_media(given: Mapping[str, str]) -> list[str]:
    """Photo ids in their order, from `attached_media[n]` of a form or the list of a JSON body."""
    try:
        items = json.loads(given.get("attached_media", "[]"))
        keys = sorted((key for key in given if _place(key) >= 0), key=_place)
        items += [json.loads(given[key]) for key in keys]
        return [str(item["media_fbid"]) for item in items]
    except (ValueError, TypeError, KeyError):
        return [""]  # stands for a photo that does not exist


def _place(key: str) -> int:
    match = re.fullmatch(r"attached_media\[(\d+)]", key)
    return int(match[1]) if match else -1


def truth(given: Mapping[str, str], name: str, *, words: bool = True) -> bool | None:
    """`words`: "true" and "false" are understood beside 1 and 0."""
    known = {"1": True, "0": False, **({"true": True, "false": False} if words else {})}
    return known.get(given.get(name, "").lower())


def seconds(text: str) -> float:
    """A moment given as UNIX seconds or ISO 8601; -1 for anything else."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return -1.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def names(fields: str) -> list[str]:
    """Field names at the top level: `a,b{c,d}` is a and b."""
    flat, before = fields, ""
    while flat != before:
        flat, before = re.sub(r"\{[^{}]*}", "", flat), flat
    return [name for name in flat.replace(" ", "").split(",") if name]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode()


def cursor_offset(after: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(after)) if after else 0
    except ValueError:
        return 0
