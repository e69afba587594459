"""Sentences put together with the station's pauses, levelled and encoded. The same words and voice are the same bytes.

Each sentence is spoken by itself, so it is known to the sample when it begins and ends.
"""

from __future__ import annotations

import math
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from channels.loudspeaker.marks import Mark
from channels.loudspeaker.programs import NoSound, figures, run
from channels.loudspeaker.voice import SAMPLES

_BYTES = 2  # of a sample
_SILENCE = -69.0  # LUFS; the meter's gate: what is below is not sound
_STABLE = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")


@dataclass(frozen=True, slots=True)
class Piece:
    """PCM that follows on what came before, and the sentence it is, if it is one."""

    pcm: bytes
    text: str = ""
    kind: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    mp3: bytes
    opus: bytes
    seconds: float
    marks: tuple[Mark, ...]


def silence(seconds: float) -> bytes:
    return bytes(round(seconds * SAMPLES) * _BYTES)


def seconds_of(pcm: bytes | bytearray) -> float:
    return len(pcm) / _BYTES / SAMPLES


def joined(pieces: Iterable[Piece]) -> tuple[bytes, tuple[Mark, ...]]:
    """One stretch of PCM, and when each sentence is heard in it."""
    out, marks = bytearray(), []
    for piece in pieces:
        start = seconds_of(out)
        out += piece.pcm
        if piece.text:
            marks.append(Mark(round(start, 3), round(seconds_of(out), 3), piece.kind, piece.ref, piece.text))
    return bytes(out), tuple(marks)


def encoded(pcm: bytes, marks: tuple[Mark, ...]) -> Recording:
    """MP3 and Opus of the same sound at the programme loudness of EBU R 128. Raises `NoSound`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw, mp3, opus = folder / "tieng.pcm", folder / "tieng.mp3", folder / "tieng.opus"
        raw.write_bytes(pcm)
        chain = f"{_levelling(raw)},aresample=48000,asplit=2[a][b]"
        table = figures("sound")
        _ffmpeg(
            *_source(raw),
            *("-filter_complex", f"[0:a]{chain}"),
            *("-map", "[a]", "-c:a", "libmp3lame", "-b:a", table["mp3"], *_STABLE, "-id3v2_version", "0", str(mp3)),
            *("-map", "[b]", "-c:a", "libopus", "-b:a", table["opus"], *_STABLE, str(opus)),
        )
        return Recording(mp3.read_bytes(), opus.read_bytes(), round(seconds_of(pcm), 3), marks)


def level(pcm: bytes) -> float:
    """Mean level in dB below full scale; what is silent is very low."""
    samples = array("h", pcm)
    power = sum(value * value for value in samples) / max(1, len(samples))
    return 10 * math.log10(max(power, 1e-9) / 32768**2)


def amplified(pcm: bytes, decibel: float) -> bytes:
    factor = 10 ** (decibel / 20)
    return array("h", (max(-32768, min(32767, round(value * factor))) for value in array("h", pcm))).tobytes()


def _levelling(raw: Path) -> str:
    """The filter that brings the sound to its loudness in one even step, so nothing is shifted in time."""
    table = figures("sound")
    found = _measured(raw)
    if not found > _SILENCE:
        raise NoSound("Bản ghi không có tiếng nào: kiểm tra giọng đọc của đài.")
    ceiling = 10 ** (table["peak"] / 20)
    return f"volume={table['loudness'] - found:.2f}dB,alimiter=limit={ceiling:.4f}:level=0:latency=1"


def _measured(raw: Path) -> float:
    """Integrated loudness in LUFS."""
    said = _ffmpeg(*_source(raw), "-af", "ebur128=framelog=verbose", "-f", "null", "-", loud=True)
    found = re.findall(rb"I:\s+(-?[\d.]+|-?inf) LUFS", said)
    if not found:
        raise NoSound("Không đo được độ to của bản ghi: cập nhật ffmpeg rồi tạo lại.")
    return float(found[-1])


def _source(raw: Path) -> Iterator[str]:
    yield from ("-f", "s16le", "-ar", str(SAMPLES), "-ac", "1", "-i", str(raw))


def _ffmpeg(*words: str, loud: bool = False) -> bytes:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-y", "-loglevel", "info" if loud else "error", *words]
    return run(command, seconds=figures("patience")["session"]).stderr
