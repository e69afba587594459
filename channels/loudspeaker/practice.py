"""What a station's account says about its work: sessions, length, speed, way of speaking."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from channels.contract import Account
from channels.errors import Unsupported
from channels.loudspeaker.spoken import Voice, builtin, region, regions

_FILE = Path(__file__).with_name("practice.toml")


@cache
def table(name: str) -> dict[str, Any]:
    """One table of `practice.toml`: defaults, timing or wording."""
    with _FILE.open("rb") as file:
        return dict(tomllib.load(file)[name])


@dataclass(frozen=True, slots=True)
class Practice:
    station: str
    sessions: tuple[time, ...]
    minutes: int  # of one session
    rate: int  # syllables a minute
    voice: Voice
    approver: str = ""

    @classmethod
    def of(cls, account: Account) -> Practice:
        """Raises `Unsupported` when the account is not filled in rightly."""
        troubles = problems(account)
        if troubles:
            raise Unsupported(f"Tài khoản loa “{account.name}” chưa dùng được: {' '.join(troubles)}", code="settings")
        lexicon = builtin().with_words(_words(_given(account, "dictionary")))
        return cls(
            station=_given(account, "station"),
            sessions=tuple(_sessions(_given(account, "sessions"))),
            minutes=int(_given(account, "minutes")),
            rate=int(_given(account, "rate")),
            voice=Voice(region(_given(account, "region")), lexicon),
            approver=_given(account, "approver"),
        )

    def named(self, names: Iterable[str]) -> Voice:
        """The voice, able to read addresses of the web made of these names."""
        return Voice(self.voice.region, self.voice.lexicon.with_names(names))


def problems(account: Account) -> list[str]:
    """What is wrong with the values that are given."""
    found = []
    try:
        _sessions(_given(account, "sessions"))
    except ValueError:
        found.append("Giờ phát phải viết như 07:30,16:30.")
    if not _given(account, "minutes").isdecimal() or not 1 <= int(_given(account, "minutes")) <= 120:
        found.append("Số phút mỗi buổi phải là số từ 1 đến 120.")
    timing = table("timing")
    rate = _given(account, "rate")
    if not rate.isdecimal() or not timing["slowest"] <= int(rate) <= timing["fastest"]:
        found.append(f"Tốc độ đọc phải là số từ {timing['slowest']} đến {timing['fastest']} âm tiết mỗi phút.")
    if _given(account, "region") not in regions():
        found.append(f"Giọng vùng phải là một trong: {', '.join(regions())}.")
    try:
        _words(_given(account, "dictionary"))
    except ValueError as error:
        found.append(f"Từ điển của đài: dòng “{error}” phải viết như CLB = câu lạc bộ.")
    return found


def _given(account: Account, name: str) -> str:
    defaults = {**table("defaults"), "rate": table("timing")["rate"], "region": "north"}
    value = account.settings.get(name)
    return str(defaults.get(name, "") if value in (None, "") else value).strip()


def _sessions(text: str) -> list[time]:
    return sorted(time.fromisoformat(one.strip().zfill(5)) for one in text.split(","))


def _words(text: str) -> dict[str, str]:
    words = {}
    for entry in filter(str.strip, re.split(r"[\n;]", text)):
        written, _, spoken = (part.strip() for part in entry.partition("="))
        if not written or not spoken:
            raise ValueError(entry.strip())
        words[written] = spoken
    return words
