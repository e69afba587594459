"""The station's signature tune when it has none of its own: bells over a soft ground, composed here. Pure."""

from __future__ import annotations

import math
from array import array
from functools import lru_cache

# Beats from the beginning, semitones above A3, beats it rings. A five-tone mode, rising, answered, and home again.
_TUNE = (
    *((0, 3, 3), (1, 5, 3), (2, 8, 3), (3, 10, 4), (4, 15, 6), (6, 13, 3), (7, 10, 3), (8, 8, 5)),
    *((10, 10, 3), (11, 13, 3), (12, 15, 4), (13, 17, 4), (14, 20, 6), (16, 15, 4), (17, 10, 4), (18, 15, 8)),
)
_BEATS = 24
_PARTIALS = ((1.0, 1.0), (2.0, 0.35), (3.01, 0.12))  # of the fundamental: how high, how strong
_ATTACK = 0.008  # seconds


@lru_cache(maxsize=4)
def compose(seconds: float, rate: int) -> bytes:
    """PCM of exactly that length: signed 16-bit samples, one channel, `rate` a second. Its end fades to silence."""
    count = round(seconds * rate)
    beat = seconds / _BEATS
    sound = [0.0] * count
    for start, tone, length in _TUNE:
        _ring(sound, round(start * beat * rate), 220 * 2 ** (tone / 12), length * beat * 1.4, rate)
    loudest = max(map(abs, sound), default=0) or 1.0
    fade = max(1, round(1.5 * rate))
    return array(
        "h", (round(value / loudest * 20000 * min(1.0, (count - place) / fade)) for place, value in enumerate(sound))
    ).tobytes()


def _ring(sound: list[float], start: int, pitch: float, seconds: float, rate: int) -> None:
    """Adds one bell, ringing out over so many seconds."""
    last = min(len(sound), start + round(seconds * rate))
    turn = 2 * math.pi * pitch / rate
    decay = math.exp(-5 / (seconds * rate))
    strength, attack = 1.0, _ATTACK * rate
    for place in range(start, last):
        at = place - start
        wave = sum(share * math.sin(turn * high * at) for high, share in _PARTIALS)
        sound[place] += wave * strength * min(1.0, at / attack)
        strength *= decay
