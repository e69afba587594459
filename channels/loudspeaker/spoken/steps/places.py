"""House numbers and lanes: "số 12A, ngõ 35/4 phố Đội Cấn"; letters after a number; points of an article."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.numbers import integer


def _part(written: str, voice: Voice) -> str:
    number, letter = re.fullmatch(r"(\d+)([A-ZĐ]?)", written).groups()  # type: ignore[union-attr]
    words = integer(int(number), voice.region)
    return f"{words} {voice.lexicon.letter(letter)}" if letter else words


def _pause(match: re.Match[str]) -> str:
    return "," if re.match(r"\s+(?:phố|đường)(?!\w)", after(match)) else ""


@step(
    "lane", r"\b(?:[Nn]gõ|[Nn]gách|[Hh]ẻm|[Kk]iệt|[Ss]ố nhà|[Nn]hà số)\s+(?P<said>\d+[A-ZĐ]?(?:/\d+[A-ZĐ]?)*)(?![\w/])"
)
def _lane(match: re.Match[str], voice: Voice) -> str:
    over = f" {voice.region.over} "
    return over.join(_part(one, voice) for one in match["said"].split("/")) + _pause(match)


@step("house", r"\b[Ss]ố\s+(?P<said>\d+[A-ZĐ]?(?:/\d+[A-ZĐ]?)+)(?=,?\s+(?:phố|đường|ngõ|tổ|khu)(?!\w))")
def _house(match: re.Match[str], voice: Voice) -> str:
    return _lane.read(match, voice) or ""


@step("lettered", r"(?<![\w/.,-])(?P<said>\d{1,4}[A-ZĐ])(?![\w/])")
def _lettered(match: re.Match[str], voice: Voice) -> str | None:
    led = any(re.search(rf"(?<!\w){lead}\s+$", before(match)) for lead in voice.lexicon.suffix_leads)
    return _part(match["said"], voice) + _pause(match) if led else None


@step("point", r"\b[Đđ]iểm\s+(?P<said>[a-zđ])(?!\w)")
def _point(match: re.Match[str], voice: Voice) -> str:
    return voice.lexicon.letter(match["said"])


STEPS: tuple[Step, ...] = (_lane, _house, _lettered, _point)
