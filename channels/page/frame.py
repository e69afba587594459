"""What every page of a site shows beside its article: whose it is, how it looks, how to reach them. Pure.

The byline inside an article comes from its approved payload; header, footer and the pages without an article come from
here, so a new hotline reaches every page without a new approval.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from channels.page.address import EXTENSIONS
from channels.text import nfc

ACCENT = "#9c1c1c"

_ACCENT = re.compile(r"#[0-9a-f]{6}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Emblem:
    """The sign of the office, a picture of the library."""

    sha256: str
    media_type: str  # "image/png" or "image/jpeg"
    width: int = 0  # pixels; 0: unknown
    height: int = 0

    @property
    def path(self) -> str:
        return f"anh/{self.sha256[:16]}.{EXTENSIONS[self.media_type]}"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A happening readers are told of."""

    title: str
    starts_at: str  # ISO time with its zone
    ends_at: str = ""  # "" when not known
    place: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    name: str
    short_name: str = ""
    address: str = ""
    hotline: str = ""
    email: str = ""
    accent: str = ACCENT  # "#rrggbb"
    emblem: Emblem | None = None
    feedback_url: str = ""  # the office's own form for letters from people; "" leads to `email`
    letters_url: str = ""  # where a newsletter is subscribed to; "" when there is none
    happenings: Sequence[Upcoming] = field(default=())  # soonest first

    @property
    def mark(self) -> str:
        """Changes when any page may look different; the happenings stand on pages of their own and the front."""
        told = {key: value for key, value in asdict(self).items() if key != "happenings"}
        return _digest(told)

    @property
    def digest(self) -> str:
        """Changes when anything did."""
        return _digest(self.to_json())

    def to_json(self) -> dict[str, Any]:
        made = asdict(self)
        made["happenings"] = [asdict(happening) for happening in self.happenings]
        return made


def from_json(kept: Mapping[str, Any]) -> Frame:
    """Raises `TypeError` or `KeyError` for a record of another form."""
    emblem, happenings = kept.get("emblem"), kept.get("happenings", ())
    rest = {key: value for key, value in kept.items() if key not in ("emblem", "happenings")}
    shown = tuple(Upcoming(**happening) for happening in happenings)
    return Frame(**rest, emblem=Emblem(**emblem) if emblem else None, happenings=shown)


def from_publisher(body: Mapping[str, str]) -> Frame:
    """A plain frame for a site nobody has given a brand."""
    name, short_name, address, hotline, email = (
        nfc(body.get(key, "")).strip() for key in ("name", "short_name", "address", "hotline", "email")
    )
    return Frame(name, short_name, address, hotline, email)


def checked(frame: Frame) -> Frame:
    """The frame without what could break out of a page or a folder: an odd colour, digest or kind of link."""
    emblem = frame.emblem
    sound = emblem and _SHA256.fullmatch(emblem.sha256) and emblem.media_type in EXTENSIONS
    words = {name: nfc(getattr(frame, name)).strip() for name in ("name", "short_name", "address", "hotline", "email")}
    return Frame(
        **words,
        accent=frame.accent.lower() if _ACCENT.fullmatch(frame.accent.lower()) else ACCENT,
        emblem=emblem if sound else None,
        feedback_url=_web(frame.feedback_url),
        letters_url=_web(frame.letters_url),
        happenings=tuple(frame.happenings),
    )


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def _digest(told: Mapping[str, Any]) -> str:
    written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
