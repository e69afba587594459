"""A recording beside its sheet: which bytes, how long, and when each sentence is spoken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from channels import files
from channels.loudspeaker import folder as folders


@dataclass(frozen=True, slots=True)
class Mark:
    """One sentence in the recording."""

    start: float  # seconds from the beginning
    end: float
    kind: str  # of the part: greeting, contents, item, closing
    ref: str  # delivery of an item, else ""
    text: str  # as spoken


@dataclass(frozen=True, slots=True)
class SoundFile:
    path: Path
    media_type: str  # "audio/mpeg"
    seconds: float
    size: int  # bytes
    sha256: str
    marks: tuple[Mark, ...]
    digest: str  # of the bulletin that is spoken
    voice: str  # which voice spoke


def kept_sound(session: Path, digest: str) -> SoundFile | None:
    """The recording of a session, None when there is none of these words."""
    record = files.read_json(session / folders.MARKS) or {}
    path = session / folders.SOUND
    if record.get("digest") != digest or not path.is_file():
        return None
    return SoundFile(
        path=path,
        media_type=str(record["media_type"]),
        seconds=float(record["seconds"]),
        size=int(record["size"]),
        sha256=str(record["sha256"]),
        marks=tuple(Mark(**one) for one in record["marks"]),
        digest=digest,
        voice=str(record["voice"]),
    )


def record_of(sound: SoundFile) -> dict[str, Any]:
    return {
        "digest": sound.digest,
        "voice": sound.voice,
        "media_type": sound.media_type,
        "seconds": sound.seconds,
        "size": sound.size,
        "sha256": sound.sha256,
        "marks": [asdict(one) for one in sound.marks],
    }


def webvtt(marks: Iterable[Mark]) -> str:
    """https://www.w3.org/TR/webvtt1/"""
    cues = [
        f"{place}\n{_clock(one.start)} --> {_clock(one.end)}\n{_escaped(one.text)}\n"
        for place, one in enumerate(marks, 1)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
