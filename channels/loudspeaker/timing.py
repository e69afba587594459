"""How long a reading takes: syllables at the station's rate, and pauses. Figures: `practice.toml`, [timing]."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from channels.loudspeaker.practice import table


def syllables(sentence: str) -> int:
    """A spoken Vietnamese syllable is one written word."""
    return len(re.findall(r"\w+", sentence))


def reading_seconds(sentences: Iterable[str], rate: int) -> int:
    """Whole seconds, rounded up, for sentences read at `rate` syllables a minute."""
    lines = list(sentences)
    spoken = sum(map(syllables, lines)) * 60 / rate
    return math.ceil(spoken + len(lines) * _seconds("sentence_pause"))


def session_seconds(frame: Iterable[str], items: Iterable[int], rate: int) -> int:
    """A whole session: jingles, the announcer's own sentences, the items' seconds and the pauses between them."""
    each = list(items)
    around = 2 * _seconds("jingle") + len(each) * _seconds("item_pause")
    return math.ceil(around + reading_seconds(frame, rate) + sum(each))


def _seconds(name: str) -> float:
    return float(table("timing")[name])


def clock(seconds: int) -> str:
    """ "3 phút 20 giây"."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} phút" if minutes else "", f"{rest} giây" if rest or not minutes else ""]
    return " ".join(filter(None, parts))
