"""How the steps work together: each claims stretches of the written text and says how they are spoken.

A step sees the whole written text, so it can look at the neighbours of what it reads; what an earlier step has claimed
is left alone. What nobody claimed is ordinary words. So every spoken word keeps its place in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from channels.loudspeaker.spoken.lexicon import Lexicon
from channels.loudspeaker.spoken.region import Region


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the region's habits and the station's words."""

    region: Region
    lexicon: Lexicon
    scanned: bool = False  # the text is known to come from a scanner


Read: TypeAlias = Callable[[re.Match[str], Voice], str | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """Characters `start` to `end` of the source are spoken as `spoken`; "" means they are not read."""

    start: int
    end: int
    spoken: str
    step: str


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of writing. `read` answers None for a match it cannot be sure of, which leaves it unclaimed."""

    name: str
    pattern: Callable[[Lexicon], re.Pattern[str]]
    read: Read

    def claims(self, text: str, voice: Voice) -> Iterator[Claim]:
        for match in self.pattern(voice.lexicon).finditer(text):
            spoken = self.read(match, voice)
            if spoken is not None:
                yield Claim(*_span(match), spoken, self.name)


def step(name: str, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[Read], Step]:
    """A step with a fixed pattern. A group called `said` narrows the claim; the rest of the match is only context."""
    compiled = re.compile(pattern, flags)
    return lambda read: Step(name, lambda lexicon: compiled, read)


def before(match: re.Match[str], length: int = 40) -> str:
    """The written text just before what is claimed, in lower case."""
    start = _span(match)[0]
    return match.string[max(0, start - length) : start].lower()


def after(match: re.Match[str], length: int = 40) -> str:
    """The written text just after what is claimed."""
    end = _span(match)[1]
    return match.string[end : end + length]


def led(match: re.Match[str], voice: Voice, words: str) -> bool:
    """Whether one of the lexicon's list `words` stands just before what is claimed."""
    return bool(voice.lexicon.lists_pattern[words].search(before(match)))


def claim_all(text: str, voice: Voice, steps: tuple[Step, ...]) -> list[Claim]:
    """Claims of all steps in the order of the text; none overlaps another."""
    taken = bytearray(len(text))
    claims: list[Claim] = []
    for one in steps:
        for claim in one.claims(text, voice):
            if claim.end > claim.start and not any(taken[claim.start : claim.end]):
                taken[claim.start : claim.end] = b"\1" * (claim.end - claim.start)
                claims.append(claim)
    return sorted(claims, key=lambda claim: claim.start)


_JOINABLE = ("date", "dates", "day", "month", "quarter", "time", "measure")


def spans(text: str, claims: list[Claim]) -> list[Claim]:
    """A dash between two days, times or measures means "đến"."""
    joined: list[Claim] = []
    for claim in claims:
        last = joined[-1] if joined else None
        if last and last.step == claim.step and last.step in _JOINABLE:
            between = text[last.end : claim.start]
            if re.fullmatch(r"\s*[-–—]\s*", between):
                joined.append(Claim(last.end, claim.start, " đến ", "span"))
        joined.append(claim)
    return joined


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.span("said") if "said" in match.re.groupindex else match.span()
