"""Web addresses, e-mail addresses and telephones."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, before, step
from channels.loudspeaker.spoken.lexicon import Lexicon
from channels.loudspeaker.spoken.numbers import digits

# The lengths are those of RFC 1035 §2.3.4 and RFC 5321 §4.5.3.1.1; without them a row of hyphens costs its square.
_LABEL = r"[a-z0-9-]{1,63}"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*\.(?:vn|com|net|org|info|edu)"
_PHONE_LEAD = re.compile(r"(?:điện thoại|số máy|đường dây nóng|hotline|tổng đài|gọi|liên hệ|trực ban)[\s\w:]{0,14}$")
_AREA_OF_THREE = ("024", "028")


def _label(label: str, lexicon: Lexicon) -> str | None:
    """One label of an address: a known word, a run of known words, or letters one by one when it is short."""
    if label in lexicon.web:
        return lexicon.web[label]
    if label.upper() in lexicon.abbreviations or len(label) <= 2:
        return " ".join(lexicon.spelled.get(one) or lexicon.letter(one) for one in label if one.isalpha())
    return _run(label, lexicon)


def _run(label: str, lexicon: Lexicon) -> str | None:
    if not label:
        return ""
    if label[0].isdigit():
        number = re.match(r"\d+", label)
        head, spoken = (number.group(), digits(number.group())) if number else ("", "")
        rest = _run(label[len(head) :], lexicon)
        return None if rest is None else f"{spoken} {rest}".strip()
    for size in range(len(label), 1, -1):
        if label[:size] in lexicon.web:
            rest = _run(label[size:].lstrip("-"), lexicon)
            if rest is not None:
                return f"{lexicon.web[label[:size]]} {rest}".strip()
    return None


def _labels(text: str, lexicon: Lexicon) -> str | None:
    spoken = [_label(label, lexicon) for label in text.lower().split(".")]
    return None if None in spoken else " chấm ".join(one for one in spoken if one is not None)


@step("e-mail", rf"(?<![\w.])([\w.-]{{1,64}})@({_HOST})(?!\w)", re.IGNORECASE | re.ASCII)
def _mail(match: re.Match[str], voice: Voice) -> str | None:
    user, host = _labels(match[1], voice.lexicon), _labels(match[2], voice.lexicon)
    return None if user is None or host is None else f"{user} a còng {host}"


@step("address", rf"(?<![\w@.])(?:https?://)?(?:www\.)?({_HOST})(?P<path>/[^\s()]*)?(?!\w)", re.IGNORECASE)
def _web(match: re.Match[str], voice: Voice) -> str | None:
    path = (match["path"] or "").strip("/")
    return None if path else _labels(match[1], voice.lexicon)


def _groups(number: str) -> list[str]:
    """An unbroken number in the groups people say: 4-3-3 for a mobile, area and the rest for a landline."""
    if number.startswith(_AREA_OF_THREE) and len(number) == 11:
        return [number[:3], number[3:7], number[7:]]
    if len(number) == 8:
        return [number[:4], number[4:]]
    return [number[:4], number[4:7], number[7:]]


def _said(groups: list[str]) -> str:
    return ", ".join(digits(group) for group in groups)


@step("phone", r"(?<![\w.,/+-])(?:\(?\+84\)?|\(0\d{1,3}\)|0\d{1,10}|1[89]00)(?:[ .-]?\d{2,10}){0,4}(?!\w|[.,/-]\d)")
def _phone(match: re.Match[str], voice: Voice) -> str | None:
    abroad = "+84" in match[0]
    groups = re.findall(r"\d+", match[0])
    number = "".join(groups)
    if abroad:
        local = number.removeprefix("84")
        rest = groups[1:] if groups[0] == "84" else _groups(local)
        return f"cộng tám bốn, {_said(rest)}" if len(local) in (9, 10) else None
    if len(number) not in ({8, 10} if number.startswith("1") else {10, 11}):
        return None
    if number.startswith("1") and groups[0] not in (number, number[:4]):
        return None
    return _said(groups if len(groups) > 1 else _groups(number))


@step("local phone", r"(?<![\w.,/-])\d{3,4}[ .]\d{3,4}(?!\w|[ .,/-]\d)")
def _local(match: re.Match[str], voice: Voice) -> str | None:
    return _said(re.findall(r"\d+", match[0])) if _PHONE_LEAD.search(before(match)) else None


@step("short code", r"(?<![\w.,/-])1\d{2,3}(?!\w|[.,/-]\d|\s+(?:nghìn|triệu|tỷ|đồng|hộ|người))")
def _short(match: re.Match[str], voice: Voice) -> str | None:
    if match[0] not in voice.lexicon.short_codes:
        return None
    lead = re.sub(r"(?:1\d{2,3}(?:\s*[,;]\s*|\s+(?:và|hoặc|hay)\s+))+$", "", before(match))
    called = _PHONE_LEAD.search(lead) or re.search(r"\bsố\s*$", lead)
    return digits(match[0]) if called else None


STEPS: tuple[Step, ...] = (_mail, _web, _phone, _local, _short)
