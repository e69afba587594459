"""What stands on paper but is not read aloud: signature lines, recipients, footnote marks, "viết tắt là", credits."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, before, step
from channels.loudspeaker.spoken.lexicon import fold
from channels.loudspeaker.spoken.syllable import LOWER, UPPER

_FOR = r"(?:TM|T/M|KT|K/T|TL|TUQ|T\.\s?M|Q(?=\.\s*(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG|BÍ THƯ)))"
_OFFICE = (
    r"(?:Q\. |PHÓ )?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC|TRƯỞNG|CHÁNH VĂN PHÒNG|HIỆU TRƯỞNG|CHỦ NHIỆM|BỘ TRƯỞNG|THỨ TRƯỞNG)"
)
_NAME = rf"(?:\s*\n[ \t]*(?:{UPPER}{LOWER}+ ){{1,4}}{UPPER}{LOWER}+[ \t]*$)?"
_SIGNATURE = rf"^[ \t]*{_FOR}\..*(?:\n[ \t]*(?:{_FOR}\..*|{_OFFICE}.*|\(.*\)|[ \t]*)$)*{_NAME}"
_TITLES = r"(?:ỦY BAN|UBND|CHỦ TỊCH|BAN|GIÁM|TRƯỞNG|UY BAN|CHU TICH|UBMTTQ|ĐẢNG ỦY|BCH|BTV)"
_ABBREVIATED = (
    r"\s?\((?:sau đây\s+|dưới đây\s+)?(?:(?:được\s+)?(?:viết|gọi)(?:\s+tắt|\s+chung)?)\s*(?:là|:|bằng)\s?[^()]*\)"
)
_UNSEEN = (
    r"\s?\((?:[Aa]nh|[Ảả]nh|[Hh]ình|[Nn]guồn|[Đđ]ính kèm|[Ff]ile|[Cc]ó (?:danh sách|phụ lục|biểu|file|mẫu)"
    r"|[Xx]em|[Gg]ửi kèm)(?!\w)[^()]*\)"
)
_IN_WORDS = r"\s?\(\s*(?:[Bb]ằng chữ|[Vv]iết bằng chữ|[Ss]ố tiền bằng chữ)[^()]*\)"
_SUM = r"(?<=[đg])\s\((?:Không|Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười)\s[^()\d]*đồng(?:\s+chẵn)?\.?/?\.?\)"


def _silence(match: re.Match[str], voice: Voice) -> str:
    return ""


def _silent(name: str, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Step:
    return step(name, pattern, flags)(_silence)


@step("restated", r"\s?\((?P<short>[A-ZĐ][A-ZĐa-z&-]{1,14})\)")
def _restated(match: re.Match[str], voice: Voice) -> str | None:
    """ "công nghệ thông tin (CNTT)": what was just said in full is not said again."""
    written = before(match, 120)
    full = voice.lexicon.sense(match["short"], written, "")
    said = fold(full or "")
    initials = fold("".join(word[0] for word in re.findall(r"[^\W\d_]+", written)))
    short = fold(match["short"])
    return "" if (said and fold(written).endswith(said)) or (len(short) > 1 and initials.endswith(short)) else None


STEPS: tuple[Step, ...] = (
    _silent("signature", _SIGNATURE, re.MULTILINE),
    _silent("signature", rf"(?<=[;,.:] ){_FOR}\. ?{_TITLES}[^{LOWER[1:-1]}\n]*$", re.MULTILINE),
    _silent("signature", r"(?<=[;,.:] )\S{2,4} ?\. ?CHU TICH[ \t]*$", re.MULTILINE),
    _silent("signature", r"\(\s*[Đđ]ã ký\s*\)|\(Ký tên[^()]*\)|\(Ký,[^()]*\)"),
    _silent("recipients", r"^[ \t]*(?:\W{2})?N[ơo]i nh[ậâaíi]n\s*:.*(?:\n(?:[ \t]*\n)?[ \t]*[-–+].*)*", re.MULTILINE),
    _silent("recipients", r"^[ \t]*[-–+*]?[ \t]*L[ưu]u\s*:.*$", re.MULTILINE),
    _silent("rule", r"^[ \t]*(?:[-–—_=*.…] ?){3,}[ \t]*$", re.MULTILINE),
    _silent("page", r"^[ \t]*(?:Trang\s+)?\d{1,3}/\d{1,3}[ \t]*$(?=\n)", re.MULTILINE),
    _silent("abbreviated", _ABBREVIATED),
    _silent("unseen", _UNSEEN),
    _silent("in words", _IN_WORDS),
    _silent("in words", _SUM),
    _restated,
    _silent(
        "footnote", r"\[\d{1,3}\]|(?<=[^\W\d_]{2})[¹²³⁴⁵⁶⁷⁸⁹⁰]+(?!\w)|(?<=[^\W\d_])\(\d{1,2}\)(?=[\s.,;]|$)|\(\*{1,3}\)"
    ),
    step("end mark", r"\s?\./\.")(lambda match, voice: "."),
    _silent("link", r"\s?\(\s*(?:https?://|www\.)[^\s()]+\)"),
    _silent("hashtag", r"(?<!\w)#[^\W\d]\w*"),
)
