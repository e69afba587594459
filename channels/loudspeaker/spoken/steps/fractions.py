"""Two numbers with a stroke or a colon between: shares, parts of a whole, scores, scales."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, led, step
from channels.loudspeaker.spoken.numbers import WRITTEN, integer, ordinal, written
from channels.loudspeaker.spoken.steps.days import follows_noun

_EDGE = r"(?<![\w/.,:-])"
_DONE = r"(?!\w|[/:]\d|/[A-ZĐ]|[.,]\d)"
_COMMON = {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5), (1, 10), (1, 100), (1, 1000)}
_VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}


def _starts(match: re.Match[str], words: tuple[str, ...]) -> bool:
    rest = after(match).lstrip()
    return any(re.match(rf"{re.escape(word)}(?!\w)", rest) for word in words)


@step("share", rf"{_EDGE}(?P<said>(\d{{1,2}})\s?/\s?(\d{{1,4}})){_DONE}")
def _share(match: re.Match[str], voice: Voice) -> str | None:
    """ "2/3 số hộ": a share where nothing says it counts one by one."""
    part, whole = int(match[2]), int(match[3])
    shared = _starts(match, voice.lexicon.share_nouns) or led(match, voice, "share_leads")
    alone = match.string.strip() == match[0] and f"{part}/{whole}" not in voice.lexicon.known_days
    counted = follows_noun(match, voice)
    if (part, whole) not in _COMMON or not (alone or shared or counted):
        return None
    if counted and not shared and (led(match, voice, "ratio_leads") or not _starts(match, voice.lexicon.part_nouns)):
        return None
    return _shared(part, whole, voice)


def _shared(part: int, whole: int, voice: Voice) -> str:
    parts = ordinal(whole, voice.region) if whole == 4 else integer(whole, voice.region)
    return f"{integer(part, voice.region)} phần {parts}"


_LONGEST = 9  # digits; more are no count


def _slip(match: re.Match[str]) -> bool:
    """ "tháng 13/2026", "ngày 13/15", "00/2026": a date that cannot be."""
    return bool(re.fullmatch(r"(?:19|20)\d{2}", match[3]) or re.search(r"\b(?:ngày|tháng|quý|năm)\s*$", before(match)))


def _all_of_them(match: re.Match[str], voice: Voice) -> bool:
    """ "tổ 8/8", "chỉ tiêu 12/12": all of what the word before counts."""
    nouns = "|".join(re.escape(one) for one in voice.lexicon.ratio_nouns if one not in _TIME)
    return match[2] == match[3] and bool(re.search(rf"(?<!\w)(?:{nouns})\s*:?\s*$", before(match)))


_TIME = ("ngày", "tuần", "tháng", "giờ", "h", "ca")


@step("ratio", rf"{_EDGE}(?P<said>({WRITTEN})\s?/\s?({WRITTEN})(?P<unit>h(?!\w)|\smmHg)?){_DONE}")
def _ratio(match: re.Match[str], voice: Voice) -> str | None:
    """A part of a whole only where the neighbours say so or no date could be meant."""
    part, whole = match[2].replace(".", ""), match[3].replace(".", "")
    no_date = not part.isdecimal() or not whole.isdecimal() or int(part) > 31 or int(whole) > 12
    led_so = led(match, voice, "ratio_leads") or follows_noun(match, voice) or _all_of_them(match, voice)
    if not (led_so or (no_date and not _slip(match))) or not whole.strip("0,"):
        return None
    if max(len(part), len(whole)) > _LONGEST:
        return None
    unit = f" {voice.lexicon.units[match['unit'].strip()]}" if match["unit"] else ""
    return f"{written(match[2], voice.region)} trên {written(match[3], voice.region)}{unit}"


_SCORED = (
    r"(?:tỷ số|tỉ số|thắng|thua|hòa|hoà|kết quả|dẫn|dẫn trước|gỡ hòa)\s+"
    r"(?:chung cuộc\s+|đậm\s+|sát nút\s+|với tỷ số\s+|ngược\s+|là\s+)*"
)


@step("score", rf"\b{_SCORED}(?P<said>(\d{{1,2}})\s?[-–:]\s?(\d{{1,2}}))(?!\w|[.,/-]\d)", re.IGNORECASE)
def _score(match: re.Match[str], voice: Voice) -> str:
    return f"{integer(int(match[2]), voice.region)} {integer(int(match[3]), voice.region)}"


@step(
    "scale", rf"(?P<lead>(?:tỷ lệ|tỉ lệ)\s+)?(?<![\w/.,:-])(?P<said>({WRITTEN})\s?:\s?({WRITTEN}))(?!\w|[:/]\d|[.,]\d)"
)
def _scale(match: re.Match[str], voice: Voice) -> str | None:
    if match["lead"] is None and not re.search(r"(?:tỷ lệ|tỉ lệ|theo)\s*$", before(match)):
        return None
    return f"{written(match[3], voice.region)} trên {written(match[4], voice.region)}"


@step("share", rf"(?<![\w.,])(?:(?P<whole>\d{{1,4}})\s?)?(?P<sign>[{''.join(_VULGAR)}])")
def _vulgar(match: re.Match[str], voice: Voice) -> str:
    part, whole = _VULGAR[match["sign"]]
    joint = f"{integer(int(match['whole']), voice.region)} và " if match["whole"] else ""
    return joint + _shared(part, whole, voice)


EARLY: tuple[Step, ...] = (_score, _scale, _share)
STEPS: tuple[Step, ...] = (_ratio, _vulgar)
