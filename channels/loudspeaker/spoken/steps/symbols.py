"""What is left of signs: strokes between words, bullets, arrows, emoji, equations, leaders of dots."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, before, step
from channels.loudspeaker.spoken.numbers import digits
from channels.loudspeaker.spoken.syllable import LOWER


def _says(name: str, pattern: str, spoken: str, flags: re.RegexFlag = re.NOFLAG) -> Step:
    return step(name, pattern, flags)(lambda match, voice: spoken)


@step("stroke", rf"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])|(?<=\d)\s?/\s?(?=\w?{LOWER})|(?<=[^\W_])\s?\\\s?(?=[^\W\d_])")
def _stroke(match: re.Match[str], voice: Voice) -> str:
    """ "cán bộ/công chức": one or the other; a pause says no more than is written."""
    return ", "


@step("alone", r"(?<=\s)/(?=\s)")
def _alone(match: re.Match[str], voice: Voice) -> str:
    return ","


@step("equals", r"(?<=[\w%)])\s?=\s?(?=[\w(])")
def _equals(match: re.Match[str], voice: Voice) -> str:
    return " bằng "


@step("plus", r"(?<=[\w%)²³])\s?\+\s?(?=[\w(])")
def _plus(match: re.Match[str], voice: Voice) -> str:
    return " cộng " if re.search(r"\d[\w%)]*$", before(match)) else " và "


_EMOJI = "[\U0001f000-\U0001faff☀-➿⬀-⯿️⃣\u200d®©™●○■□▪▫◆◇►▶‣⁃✓✔✗☐☑★☆※\ufffd\uf000-\uf0ff]"

_KEYS = {"#": "thăng", "*": "sao"}
_KIND = r"mùng|mồng|ngày|thứ|tháng|quý|lớp|tuần|cấp|đợt|khóa|tổ|điều|khoản|tầng|trang|năm|hạng|nhóm|câu|bài"


@step("key", r"\b(?:[Pp]hím|[Nn]hấn|[Bb]ấm|[Dd]ấu)\s+(?P<said>[#*])")
def _key(match: re.Match[str], voice: Voice) -> str:
    return _KEYS[match["said"]]


@step("dial", r"(?<![\w*#])\*\d{2,4}(?:[*#]\d{0,4}){0,3}#(?!\w)")
def _dialled(match: re.Match[str], voice: Voice) -> str:
    """ "*101#": what a telephone's keys are pressed for."""
    return " ".join(_KEYS.get(one) or digits(one) for one in match[0])


_CONTROL = "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
_UNSEEN = "[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]"

EARLY: tuple[Step, ...] = (_says("unseen", rf"{_CONTROL}+", " "), _says("unseen", rf"{_UNSEEN}+", ""), _key, _dialled)
STEPS: tuple[Step, ...] = (
    _says(
        "span", rf"(?<!\w)(?:(?:{_KIND})\s+\S{{1,12}})(?P<said>\s*[-–—]\s*)(?=(?:{_KIND})\s)", " đến ", re.IGNORECASE
    ),
    _says("bullet", r"^[ \t]*(?:[-–—+*•·]+(?=\s|[^\W\d_]))", "", re.MULTILINE),
    _says("leaders", r"[.…_]{4,}|(?<=\s)[_]{2,}|_{2,}", " "),
    _says("mark", r"\*{1,3}(?=[^\W\d])|(?<=[^\W\d])\*{1,3}|(?<![\d\s])\*{1,3}|\*{2,3}|(?<!\w)#+(?=\s)|`+", ""),
    _says("emoji", rf"{_EMOJI}+", ""),
    _says("arrow", r"\s?(?:->|=>|→|⇒|>>|»>)\s?", ", "),
    _says("and", r"\s?&\s?", " và "),
    _equals,
    _plus,
    _says("plus", r"(?<![\w+])\+(?=\d)", "cộng "),
    _says("plus", r"(?<=\d)\+(?=\s|$|[,.;])", " trở lên"),
    _stroke,
    _alone,
    _says("number sign", r"№\s?", "số "),
    _says("paragraph sign", r"§\s?", "mục "),
    _says("bar", r"\s?\|\s?", ", "),
    _says("mention", r"(?<!\w)@(?=[^\W\d])", ""),
    _says("stray", r"(?<=\s)[~^°]+(?=\s|$)|^[ \t]*[~^°]+(?=\s|$)", "", re.MULTILINE),
)
