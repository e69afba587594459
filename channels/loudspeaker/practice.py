"""What a station's account says about its work: sessions, length, speed, way of speaking."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from channels.contract import Account
from channels.errors import Unsupported
from channels.loudspeaker.spoken import Voice, builtin, is_region, region, regions

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
    cluster: str = ""  # which loudspeakers
    jingle: float = 15.0  # seconds
    wording: tuple[tuple[str, str], ...] = ()  # the account's own words, see [wording]
    dialect: str = "north"
    dictionary: str = ""  # the station's, as the account gives it

    @classmethod
    def of(cls, account: Account) -> Practice:
        """Raises `Unsupported` when the account is not filled in rightly."""
        troubles = problems(account)
        if troubles:
            raise Unsupported(f"Tài khoản loa “{account.name}” chưa dùng được: {' '.join(troubles)}", code="settings")
        return cls(
            station=given(account, "station"),
            sessions=tuple(_sessions(given(account, "sessions"))),
            minutes=int(given(account, "minutes")),
            rate=int(given(account, "rate")),
            voice=voice_of(given(account, "region"), given(account, "dictionary")),
            approver=given(account, "approver"),
            cluster=given(account, "cluster") or account.name,
            jingle=float(given(account, "jingle")),
            wording=tuple(_own_wording(given(account, "wording")).items()),
            dialect=given(account, "region"),
            dictionary=given(account, "dictionary"),
        )

    @property
    def settings(self) -> dict[str, str]:
        """What an account has to be given to work like this."""
        wording = "\n".join(f"{name} = {words}" for name, words in self.wording)
        return {
            "station": self.station,
            "sessions": ",".join(f"{one:%H:%M}" for one in self.sessions),
            "minutes": str(self.minutes),
            "rate": str(self.rate),
            "approver": self.approver,
            "cluster": self.cluster,
            "jingle": f"{self.jingle:.0f}",
            "wording": wording,
            "region": self.dialect,
            "dictionary": self.dictionary,
        }

    def words(self, name: str, **given: str) -> str:
        """The station's words for one place of the bulletin, filled in. Only plain names are replaced."""
        text = dict(self.wording).get(name) or str(table("wording")[name])
        for key, value in given.items():
            text = text.replace(f"{{{key}}}", value)
        return text

    def sessions_after(self, moment: datetime) -> Iterator[datetime]:
        """The station's sessions later than `moment`, day after day, without end."""
        for day in count():
            date = moment.date() + timedelta(days=day)
            for clock in self.sessions:
                at = datetime.combine(date, clock, tzinfo=moment.tzinfo)
                if at > moment:
                    yield at

    def named(self, names: Iterable[str]) -> Voice:
        """The voice, able to read addresses of the web made of these names."""
        return Voice(self.voice.region, self.voice.lexicon.with_names(names))


@lru_cache(maxsize=64)
def voice_of(dialect: str, dictionary: str) -> Voice:
    return Voice(region(dialect), builtin().with_words(_words(dictionary)))


def problems(account: Account) -> list[str]:
    """What is wrong with the values that are given."""
    found = []
    try:
        _sessions(given(account, "sessions"))
    except ValueError:
        found.append("Giờ phát phải viết như 07:30,16:30.")
    if not given(account, "minutes").isdecimal() or not 1 <= int(given(account, "minutes")) <= 120:
        found.append("Số phút mỗi buổi phải là số từ 1 đến 120.")
    timing = table("timing")
    rate = given(account, "rate")
    if not rate.isdecimal() or not timing["slowest"] <= int(rate) <= timing["fastest"]:
        found.append(f"Tốc độ đọc phải là số từ {timing['slowest']} đến {timing['fastest']} âm tiết mỗi phút.")
    if not is_region(given(account, "region")):
        found.append(f"Giọng vùng phải là một trong: {', '.join(regions())}.")
    jingle = given(account, "jingle")
    if not jingle.isdecimal() or not timing["jingle_least"] <= int(jingle) <= timing["jingle_most"]:
        found.append(f"Nhạc hiệu phải dài từ {timing['jingle_least']} đến {timing['jingle_most']} giây.")
    try:
        _own_wording(given(account, "wording"))
    except ValueError as error:
        known = ", ".join(table("wording"))
        found.append(
            f"Lời xướng của đài: dòng “{error}” phải viết như greeting = lời chào. Các tên dùng được: {known}."
        )
    try:
        _words(given(account, "dictionary"))
    except ValueError as error:
        found.append(f"Từ điển của đài: dòng “{error}” phải viết như CLB = câu lạc bộ.")
    return found


def given(account: Account, name: str) -> str:
    """A setting of the account, or what holds until somebody sets it."""
    timing = table("timing")
    defaults = {
        **table("defaults"),
        "rate": timing["rate"],
        "jingle": timing["jingle"],
        "region": "north",
        "voice": "espeak",
    }
    value = account.settings.get(name)
    return str(defaults.get(name, "") if value in (None, "") else value).strip()


def _sessions(text: str) -> list[time]:
    return sorted(time.fromisoformat(one.strip().zfill(5)) for one in text.split(","))


def _own_wording(text: str) -> dict[str, str]:
    """`greeting = …`, parted by line ends or ";". Raises `ValueError` with the entry that names nothing."""
    own = {}
    for line in filter(str.strip, re.split(r"[\n;]", text)):
        name, _, words = (part.strip() for part in line.partition("="))
        if name not in table("wording") or not words:
            raise ValueError(line.strip())
        own[name] = words
    return own


def _words(text: str) -> dict[str, str]:
    words = {}
    for entry in filter(str.strip, re.split(r"[\n;]", text)):
        written, _, spoken = (part.strip() for part in entry.partition("="))
        if not written or not spoken:
            raise ValueError(entry.strip())
        words[written] = spoken
    return words
