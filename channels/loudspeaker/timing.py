"""How long a reading takes: syllables at the station's rate, and pauses. Figures: `practice.toml`, [timing].

The recording (`channels.loudspeaker.sound`) keeps these very pauses, so an estimate differs from it only by the voice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from channels.loudspeaker.practice import table


def syllables(sentence: str) -> int:
    """A spoken Vietnamese syllable is one written word."""
    return len(re.findall(r"\w+", sentence))


def speech_seconds(sentence: str, rate: int) -> float:
    """One sentence read at `rate` syllables a minute, the breath at its commas included."""
    return syllables(sentence) * 60 / rate


def reading_seconds(sentences: Iterable[str], rate: int) -> int:
    """Whole seconds, rounded up, for sentences read one after the other, each with the pause after it."""
    return math.ceil(sum(speech_seconds(one, rate) + pause("sentence_pause") for one in sentences))


def pause(name: str) -> float:
    """Seconds."""
    return float(table("timing")[name])


def clock(seconds: float) -> str:
    """ "3 phút 20 giây"."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    parts = [f"{minutes} phút" if minutes else "", f"{rest} giây" if rest or not minutes else ""]
    return " ".join(filter(None, parts))
