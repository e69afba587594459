"""A file of lines, one reading for each. Lines stand for themselves, except in a block of recipients."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from channels.loudspeaker.spoken.claims import Voice
from channels.loudspeaker.spoken.reading import Piece, Reading, speak
from channels.loudspeaker.spoken.steps.scans import scanned

_RECIPIENTS = re.compile(r"\s*\W{0,2}N[ơo]i nh[ậâaíi]n\s*:", re.IGNORECASE)
_BULLET = re.compile(r"\s*[-–+•]\s*\S")
_NEAR = 2  # lines: a row of recipients broken in two stands at most so far from the next bullet


def speak_lines(lines: Sequence[str], voice: Voice) -> Iterator[Reading]:
    """As many readings as lines. Whether a scanner wrote them is judged by all of them together."""
    by_scanner = replace(voice, scanned=voice.scanned or scanned("\n".join(lines)))
    end = 0
    for place, line in enumerate(lines):
        if _RECIPIENTS.match(line):
            end = _end_of_recipients(lines, place)
        if place < end:
            yield Reading(line, (Piece(0, len(line), "", "recipients"),) if line else ())
        else:
            yield speak(line, by_scanner)


def _end_of_recipients(lines: Sequence[str], start: int) -> int:
    """The line after the last bullet of the block that begins at `start`."""
    end = start + 1
    for place in range(start + 1, len(lines)):
        if _BULLET.match(lines[place]):
            end = place + 1
        elif place - end >= _NEAR or (place > start + 1 and not lines[place].strip()):
            break
    return end
