"""Telephones and codes: digit by digit, with a pause between the groups."""

from __future__ import annotations

import re
from functools import lru_cache

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, led, step
from channels.loudspeaker.spoken.numbers import digits

_CALLED = re.compile(
    r"(?:điện thoại|số máy|đường dây nóng|hotline|hot line|tổng đài|gọi|liên hệ|trực ban|cấp cứu|cứu hỏa"
    r"|báo cháy|sđt|đt|tel|fax"
    r"|khẩn cấp|máy lẻ|số lẻ|nhánh|phím|đầu số|bấm|nhắn tin)[\s\w:.]{0,14}$"
)
_LINE = re.compile(r"(?:tổng đài|đường dây nóng|hotline|điện thoại)[^.;\d]{0,45}$")
_MESSAGED = re.compile(
    r"(?:nhắn|gửi|tổng đài|hotline|đầu số|đường dây nóng|gọi)(?:\s+(?:tin|tin nhắn|tới|đến|số|về|đầu số))*\s*:?\s*$"
)
_AREA_OF_THREE = ("024", "028")
_EDGE = r"(?<![\w.,/+-])"


def _groups(number: str) -> list[str]:
    """An unbroken number in the groups people say: 4-3-3 for a mobile, area and the rest for a landline."""
    if number.startswith(_AREA_OF_THREE) and len(number) == 11:
        return [number[:3], number[3:7], number[7:]]
    if len(number) == 8:
        return [number[:4], number[4:]]
    return [number[:4], number[4:7], number[7:]]


def _said(groups: list[str]) -> str:
    return ", ".join(digits(group) for group in groups if group)


_PHONE = r"(?:\(?\+84\)?|\(0\d{1,3}\)|0\d{1,10}|1[89]00)(?:[ .-]?(?:\(0\)\s?)?\d{2,10}|\.\d(?=\.)){0,4}"


@step("phone", rf"{_EDGE}{_PHONE}(?!\w|[.,/-]\d)")
def _phone(match: re.Match[str], voice: Voice) -> str | None:
    return spoken_phone(match[0])


def spoken_phone(written: str) -> str | None:
    """None for digits that are no telephone of Vietnam."""
    groups = re.findall(r"\d+", written.replace("(0)", ""))
    number = "".join(groups)
    if "+84" in written:
        local = number.removeprefix("84")
        rest = groups[1:] if groups[0] == "84" else _groups("0" + local)
        if groups[0] != "84":
            rest = [rest[0][1:], *rest[1:]]
        return f"cộng tám bốn, {_said(rest)}" if len(local) in (9, 10) else None
    if len(number) not in ({8, 10} if number.startswith("1") else {10, 11}):
        return None
    if number.startswith("1") and groups[0] not in (number, number[:4]):
        return None
    return _said(groups if len(groups) > 1 else _groups(number))


@step("phones", rf"{_EDGE}(?P<one>{_PHONE})(?P<link>\s?/\s?|\s[-–]\s)(?P<two>{_PHONE})(?!\w|[.,/-]\d)")
def _two(match: re.Match[str], voice: Voice) -> str | None:
    first, second = spoken_phone(match["one"]), spoken_phone(match["two"])
    return f"{first} hoặc {second}" if first and second else None


_ONE = r"(?:0\d{9,10}|0\d{2,3}[ .-]\d{3,4}[ .-]\d{3,4})"


@step("phones", rf"{_EDGE}{_ONE}(?:\s+{_ONE})+(?!\w|[.,/-]\d|[ ]\d)")
def _side_by_side(match: re.Match[str], voice: Voice) -> str | None:
    said = [spoken_phone(one) for one in re.findall(_ONE, match[0])]
    return ", ".join(one for one in said if one) if all(said) else None


@step("local phone", r"(?<![\w.,/-])\d{3,4}[ .-]\d{3,4}(?:[ .]\d{2,4})?(?!\w|[ .,/-]\d)")
def _local(match: re.Match[str], voice: Voice) -> str | None:
    return _said(re.findall(r"\d+", match[0])) if _CALLED.search(before(match)) else None


_BETWEEN = r"(?:\s*[,;/]\s*|\s+(?:và|hoặc|hay)\s+)"
_COUNTED = r"\s*(?:%|(?:hộ|người|đồng|nghìn|triệu|tỷ|phố|đường|m2|thửa|trường hợp|ca)(?!\w))"
_CELL = 60  # letters: a text as short as a cell of a table


@lru_cache(maxsize=8)
def _all_codes(text: str, codes: tuple[str, ...]) -> bool:
    """Whether a text holds nothing but codes: "113, 114, 115"."""
    return all(one in codes for one in re.split(_BETWEEN, text.strip(" .;,()")))


def _among_codes(match: re.Match[str], voice: Voice) -> bool:
    """Two or more codes of emergency in a row, which count nothing and number nothing."""
    codes = "|".join(one for one in voice.lexicon.short_codes if len(one) == 3)
    left = re.search(rf"(?:(?<![\w.,/-])(?:{codes}){_BETWEEN}){{0,6}}$", before(match, 60))
    right = re.match(rf"(?:{_BETWEEN}(?:{codes})(?!\w|[.,/-]\d)){{0,6}}", after(match, 60))
    if left is None or right is None or not (left[0] or right[0]) or match[0] not in codes:
        return False
    lead = before(match, 100)
    lead = lead[: len(lead) - len(left[0])]
    return not re.match(_COUNTED, after(match, 100)[right.end() :]) and bool(re.search(r"(?:^|[\n(“\"])\s*$", lead))


@step("short code", r"(?<![\w.,/-])\d{3,5}(?![\w/]|[.,-]\d|\s*%|\s+(?:nghìn|triệu|tỷ|đồng|hộ|người))")
def _short(match: re.Match[str], voice: Voice) -> str | None:
    lead = re.sub(r"(?:1\d{2,3}(?:\s*[,;]\s*|\s+(?:và|hoặc|hay)\s+))+$", "", before(match, 60))
    if match[0] not in voice.lexicon.short_codes:
        ends = re.match(r"\s*(?:$|[.,;!)]|(?:để|và|hoặc|hay)(?!\w))", after(match))
        return digits(match[0]) if ends and _MESSAGED.search(lead) else None
    alone = len(match.string) < _CELL and _all_codes(match.string, voice.lexicon.short_codes)
    alone = alone or _among_codes(match, voice)
    called = _CALLED.search(lead) or _LINE.search(lead) or re.search(r"\b(?:số|tới|đến số)\s*$", lead)
    return digits(match[0]) if called or alone else None


@step(
    "extension",
    r"\b(?:máy lẻ|số lẻ|máy nhánh|nhánh|phím|số nội bộ)\s*:?\s*(?P<said>\d{1,5})(?!\w|[.,]\d)",
    re.IGNORECASE,
)
def _extension(match: re.Match[str], voice: Voice) -> str:
    return digits(match["said"])


def spelled(written: str, voice: Voice) -> str:
    """A code letter by letter and digit by digit, with a pause at every separator."""
    groups = re.findall(r"[^\W\d_]+|\d+", written)
    return ", ".join(digits(one) if one.isdecimal() and one.isascii() else voice.lexicon.spell(one) for one in groups)


@step("plate", r"(?<![\w.,/-])\d{2}\s?-?\s?[A-ZĐ]{1,2}\d?\s?[-. ]\s?(?:\d{3}\.?\d{2}|\d{4})(?!\w|[.,]\d)")
def _plate(match: re.Match[str], voice: Voice) -> str:
    place, series, rest = re.fullmatch(r"(\d{2})\W*([A-ZĐ]{1,2}\d?)\W+(.+)", match[0]).groups()  # type: ignore[union-attr]
    number = re.sub(r"\D", "", rest)
    series = re.sub(r"[A-ZĐ]", lambda one: f" {voice.lexicon.letter(one[0])} ", series)
    series = re.sub(r"\d", lambda one: digits(one[0]), series)
    groups = [number[:3], number[3:]] if len(number) == 5 else [number]
    return re.sub(r"\s+", " ", f"{digits(place)} {series}, {_said(groups)}").replace(" ,", ",")


@step("code", r"(?<![\w.,/-])(?P<said>(?=[A-ZĐ]*\d)[A-ZĐ0-9]+(?:[-./ ]?[A-ZĐ0-9]+)*)(?!\w|[.,/-]\w)")
def _code(match: re.Match[str], voice: Voice) -> str | None:
    """After "mã số", "tài khoản" and their like; a short word of digits after them may be a name ("mã 12")."""
    if not led(match, voice, "code_leads") or (" " in match["said"] and re.search(r"[A-ZĐ]", match["said"])):
        return None
    return spelled(match["said"], voice)


@step("long number", r"(?<![\w.,/-])0?\d{7,}(?!\w|[.,/-]\d|\s*(?:đồng|đ|VNĐ|nghìn|triệu|tỷ|người|hộ|%)(?!\w))")
def _long(match: re.Match[str], voice: Voice) -> str:
    return digits(match[0])


STEPS: tuple[Step, ...] = (_two, _side_by_side, _phone, _local, _extension, _short, _plate, _code)
LATE: tuple[Step, ...] = (_long,)
