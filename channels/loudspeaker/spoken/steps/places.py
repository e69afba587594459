"""House numbers, lanes, lots, roads: "số 12A, ngõ 35/4 phố Đội Cấn", "đường 3/2", "quốc lộ 1A", "Km12+300"."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, led, step
from channels.loudspeaker.spoken.numbers import digits, integer, month, ordinal, roman
from channels.loudspeaker.spoken.syllable import LOWER, UPPER

_N = r"\d+[A-ZĐa-zđ]?(?![\w])"
_NUMBER = r"\d{1,4}(?:[A-ZĐa-zđ](?!\w)|(?:bis|Bis|BIS)(?!\w))?"
_STREET = r"(?:phố|đường|ngõ|ngách|tổ|khu|hẻm|kiệt|thôn|ấp|phường|xã|quốc lộ)"


def _part(written: str, voice: Voice) -> str:
    found = re.fullmatch(r"(\D*)(\d+)(\D*)", written)
    if found is None:
        return voice.lexicon.spell(written)
    before_it, number, letter = found.groups()
    words = digits(number) if number.startswith("0") and before_it else integer(int(number), voice.region)
    head = f"{voice.lexicon.spell(before_it)} " if before_it else ""
    tail = " bít" if letter.lower() == "bis" else f" {voice.lexicon.spell(letter)}" if letter else ""
    return head + words + tail


def _pause(match: re.Match[str]) -> str:
    return "," if re.match(r"\s+(?:phố|đường)(?!\w)", after(match)) else ""


def _whole(written: str, voice: Voice) -> str:
    """Parts of a number with slashes, of a span with a dash."""
    over = f" {voice.region.over} "
    spans = re.split(r"\s*[-–]\s*", written)
    return " đến ".join(over.join(_part(one, voice) for one in span.split("/")) for span in spans)


@step(
    "lane",
    r"\b(?:[Nn]gõ|[Nn]gách|[Hh]ẻm|[Kk]iệt|[Ss]ố nhà|[Nn]hà số|[Nn]hà|[Ss]n|SN)\s+(?:số\s+)?"
    rf"(?P<said>{_NUMBER}(?:/{_NUMBER})*(?:\s?[-–]\s?{_NUMBER})?)(?![\w/]|[.,]\d)",
)
def _lane(match: re.Match[str], voice: Voice) -> str:
    return _whole(match["said"], voice) + _pause(match)


@step(
    "house",
    rf"\b[Ss]ố:?\s+(?P<said>{_NUMBER}(?:/{_NUMBER})+)(?=,?\s+(?:{_STREET}(?!\w)|{UPPER}{LOWER}))",
)
def _house(match: re.Match[str], voice: Voice) -> str:
    return _whole(match["said"], voice) + _pause(match)


@step("house", rf"\b[Ss]ố:?\s+(?P<said>{_NUMBER}\s?[-–]\s?{_NUMBER})(?=,?\s+{_STREET}(?!\w))")
def _houses(match: re.Match[str], voice: Voice) -> str:
    return _whole(match["said"], voice) + _pause(match)


@step("house", rf"(?<![\w/.,-])(?P<said>{_NUMBER}(?:/{_NUMBER})+)(?=\s+(?:phố|đường)\s+{UPPER})")
def _house_before_street(match: re.Match[str], voice: Voice) -> str:
    return _whole(match["said"], voice) + _pause(match)


@step(
    "road",
    r"\b(?:[Đđ]ường|[Pp]hố|[Đđ]ại lộ|[Cc]ầu|[Cc]ông viên|[Qq]uảng trường|[Nn]hà máy|[Tt]rường"
    r"|[Bb]ệnh viện)\s+(?P<said>(\d{1,2})\s?[/-]\s?(\d{1,2}))(?!\w|/|[.,-]\d)",
)
def _road_of_a_day(match: re.Match[str], voice: Voice) -> str | None:
    """Streets named after a day: "đường 3/2", "đường 30-4"; nobody says mùng in a name."""
    if not (1 <= int(match[2]) <= 31 and 1 <= int(match[3]) <= 12):
        return None
    return f"{integer(int(match[2]), voice.region)} tháng {month(int(match[3]), voice.region)}"


@step("road", r"\b(?P<kind>QL|TL|HL|ĐT|ĐH|CT)\s?[.-]?\s?(?P<number>\d{1,3})(?P<letter>[A-ZĐa-d]?)(?![\w/]|[.,]\d)")
def _road(match: re.Match[str], voice: Voice) -> str | None:
    kinds = {"QL": "quốc lộ", "TL": "tỉnh lộ", "HL": "hương lộ", "ĐT": "đường tỉnh", "ĐH": "đường huyện"}
    if match["kind"] not in kinds:
        return None
    letter = f" {voice.lexicon.letter(match['letter'])}" if match["letter"] else ""
    return f"{kinds[match['kind']]} {integer(int(match['number']), voice.region)}{letter}"


@step("milestone", r"(?<![\w])[Kk][Mm]\s?(?P<km>\d{1,4})\s?\+\s?(?P<m>\d{1,4})(?!\w)")
def _milestone(match: re.Match[str], voice: Voice) -> str:
    return f"ki lô mét {integer(int(match['km']), voice.region)} cộng {integer(int(match['m']), voice.region)}"


@step("milestone", r"(?<![\w/])(?<!\d\s)(?:[Kk][Mm]\s(?:số\s)?|K[Mm])(?P<km>\d{1,4})(?!\w|[.,]\d)")
def _kilometre(match: re.Match[str], voice: Voice) -> str:
    return f"ki lô mét {integer(int(match['km']), voice.region)}"


@step(
    "lot",
    r"\b(?:[Ll]ô|[Tt]òa|[Tt]oà|[Cc]hung cư|[Nn]hà|[Cc]ăn hộ|[Cc]ăn|[Pp]hòng|[Bb]lock|[Ss]ố|[Kk]ho|[Cc]ổng"
    r"|[Tt]hửa đất|[Tt]hửa|[Tt]ờ bản đồ|[Dd]ãy|[Kk]hu|[Kk]ênh|[Mm]ẫu|[Mm]ẫu số|[Ll]ớp|[Tt]uyến|[Bb]iểu|[Bb]iểu mẫu"
    r"|[Tt]rình độ|[Hh]ạng|[Bb]ằng|[Tt]rang|[Xx]e)\s+(?:số\s+)?"
    r"(?P<said>(?:[A-ZĐ]{1,3}\d{1,4}[A-ZĐ]?|\d{1,3}[A-ZĐ]\d{0,2})(?:[-./]\d{1,4}[A-Z]?)*)(?![\w/]|[.,]\d)",
)
def _lot(match: re.Match[str], voice: Voice) -> str:
    parts = re.split(r"([-./])", match["said"])
    names = {"-": " ", ".": " chấm ", "/": f" {voice.region.over} "}
    said = "".join(names.get(part) or _coded(part, voice) for part in parts)
    return re.sub(r"\s+", " ", said).strip() + _pause(match)


def _coded(written: str, voice: Voice) -> str:
    """Letters by name, a number as a number, one led by a zero digit by digit."""
    groups = re.findall(r"[^\W\d_]+|\d+", written)
    return " ".join(
        (digits(one) if one.startswith("0") else integer(int(one), voice.region))
        if one.isdecimal()
        else voice.lexicon.spell(one)
        for one in groups
    )


@step("lettered", r"(?<![\w/.,-])(?P<said>\d{1,4}(?:[A-ZĐ]|[a-zđ]))(?![\w/]|['’])")
def _lettered(match: re.Match[str], voice: Voice) -> str | None:
    return _part(match["said"], voice) + _pause(match) if led(match, voice, "suffix_leads") else None


@step("coded", r"(?<![\w/.,@-])[A-ZĐ]{1,2}\d{1,3}(?![\w/@]|[.,-]\w)")
def _code(match: re.Match[str], voice: Voice) -> str | None:
    """A letter or two with a number ("F0", "A4", "H1") is spelt: that is never wrong. Weekdays were read before."""
    if voice.scanned or (len(match[0]) == 3 and match[0][:2] in voice.lexicon.abbreviations):
        return None
    return _coded(match[0], voice)


@step(
    "coded", r"(?<![\w.,@-])(?:[A-ZĐ]{1,2}\d{1,3}){2,3}(?![\w/@]|[.,-]\w)|(?<![\w/.,@-])\d{1,2}[A-ZĐ]\d{1,2}(?![\w/@])"
)
def _mixed(match: re.Match[str], voice: Voice) -> str:
    """ "H5N1", "8A3"."""
    return _coded(match[0], voice)


@step("coded", r"(?<![\w/.,@-])(?:RON\s?)?(?P<n>\d{1,3})-(?P<roman>[IVX]{1,4})(?![\w/@])")
def _numbered(match: re.Match[str], voice: Voice) -> str | None:
    """ "95-III", "RON95-III": a petrol and its grade."""
    value = roman(match["roman"])
    name = f"{voice.lexicon.abbreviations['RON']} " if match[0].startswith("R") else ""
    return f"{name}{integer(int(match['n']), voice.region)} {integer(value, voice.region)}" if value else None


@step("coded", r"(?<![\w/.,@-])[2-6]G(?![\w/@]|[.,-]\w)|(?<![\w/.,@-])\d[DKS](?![\w/@])")
def _generation(match: re.Match[str], voice: Voice) -> str:
    return _coded(match[0], voice)


@step(
    "glued", r"(?<![\w/.,@&-])(?P<word>(?!T\d)[A-ZĐ]{1,6})\.?(?P<number>\d{1,3})(?P<letter>[A-ZĐ]?)(?![\w/@]|[.,-]\w)"
)
def _glued(match: re.Match[str], voice: Voice) -> str | None:
    """ "TDP5", "KP3", "P.12", "Q1": an abbreviation that a number follows without a space."""
    short = {"P": "phường", "Q": "quận", "KP": "khu phố", "X": "xã"}
    said = short.get(match["word"]) if "." in match[0] or match["word"] == "KP" else None
    said = said or (
        voice.lexicon.sense(match["word"], before(match), match["number"]) if len(match["word"]) > 1 else None
    )
    if said is None:
        return None
    if match["word"] == "P" and len(match["number"]) > 2:
        said = "phòng"  # no ward has such a number
    letter = f" {voice.lexicon.letter(match['letter'])}" if match["letter"] else ""
    return f"{said} {integer(int(match['number']), voice.region)}{letter}"


@step("glued", r"(?<![\w/.,@&-])(?P<number>\d{1,3})(?P<word>[A-ZĐ]{2,6})(?![\w/@]|[.,-]\w)")
def _glued_after(match: re.Match[str], voice: Voice) -> str | None:
    """ "06TP": a space was forgotten."""
    said = voice.lexicon.sense(match["word"], "", after(match).lower())
    return f"{integer(int(match['number']), voice.region)} {said}" if said else None


@step("crossing", r"\b[Nn]gã\s+(?P<said>[3-9])(?!\w|[.,/-]\d)")
def _crossing(match: re.Match[str], voice: Voice) -> str:
    return ordinal(int(match["said"]), voice.region)


STEPS: tuple[Step, ...] = (
    *(_road_of_a_day, _lane, _house, _houses, _house_before_street, _milestone, _kilometre, _road),
    *(_lot, _lettered, _crossing, _glued, _glued_after, _code, _mixed, _numbered, _generation),
)
EARLY: tuple[Step, ...] = (_road_of_a_day,)
