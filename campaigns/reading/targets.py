"""What a plan demands in numbers: "12 tin, bài/năm", "mỗi tháng 01 bài", "ít nhất 02 buổi/tuần"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.channels import channel_kind, named_channels
from campaigns.reading.folding import fold, one_line
from campaigns.reading.schema import Target
from campaigns.reading.sentences import Sentence

_UNITS = (
    r"tin nhan|tin,? ?bai viet|tin,? ?/?bai|bai viet|bai tuyen truyen|bai dang|bai|tin|phong su|chuyen muc|chuyen de|"
    r"chuyen trang|"
    r"buoi(?: phat thanh| tuyen truyen| truyen thong| doi thoai| toa dam|sinh hoat(?: chuyen de)?)?|"
    r"cuoc thi|cuoc|hoi nghi(?: bao cao vien)?|hoi thao|hoi thi|"
    r"toa dam|dot|ky|ban tin|"
    r"video(?: clip| ngan)?|clip|infographic|do hoa|pano|pa-no|bang ?-?ron|to roi|to gap|ap phich|khau hieu|lan|luot|"
    r"chuong trinh|"
    r"lop(?: tap huan)?|tac pham|san pham|mo hinh|sach|cuon|"
    r"dien dan|cau lac bo|bo tai lieu|bang thong tin|bien (?:bao|cam lua|canh bao|hieu|chi dan)|dia chi tin cay|"
    r"podcast|trailer|"
    r"so(?=\s?/\s?(?:tuan|thang|quy|nam))|ban(?= to| tai lieu|\s?/)|thong bao|phien"
)
_DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười hai": 12,
}  # fmt: skip
_SPELLED = "|".join(sorted((fold(word) for word in _DIGITS), key=len, reverse=True))
_COUNT = re.compile(
    rf"(?<![\w/.,:%])(?P<count>[0-9]{{1,3}}(?:\.[0-9]{{3}})*|[0-9]+)(?:\s?(?:-|"
    rf"den)\s?(?P<to>[0-9]{{1,4}}))?(?:\s?\([^)]{{2,20}}\))?\s(?P<unit>{_UNITS})\b"
)
_IN_WORDS = re.compile(rf"(?<!\w)(?P<count>{_SPELLED})\s(?P<unit>{_UNITS})\b")
_PERCENT = re.compile(r"(?<![\w/.,])(?P<count>[0-9]{1,3})\s?(?P<unit>%)")
_PERIODS: tuple[tuple[str, str], ...] = (
    ("day", r"/\s?(?:0?1 )?ngay\b|\b(?:moi|hang) ngay\b|\bmot ngay\b"),
    ("week", r"/\s?(?:0?1 )?tuan\b|\b(?:moi|hang) tuan\b|\bmot tuan\b|\btrong tuan\b"),
    ("month", r"/\s?(?:0?1 )?th[a4]ng\b(?!\s?\d)|\b(?:moi|hang) th[a4]ng\b|\bmot thang\b"),
    ("quarter", r"/\s?(?:0?1 )?quy\b|\b(?:moi|hang) quy\b|\bmot quy\b"),
    ("half", r"/\s?0?6 thang\b|\b(?:moi|hang) 0?6 thang\b|\b6 thang (?:mot|1|01) lan\b"),
    ("year", r"/\s?(?:0?1 )?nam\b|\b(?:moi|hang|trong|ca) nam\b|\bmot nam\b"),
)
_LEAST = re.compile(
    r"\bit\s?nh\w{1,2}t\b|toi thi\w{1,2}u|khong it hon|khong duoi|tro len|\btren (?=[0-9]+ ?%)|\btren $"
)
_OF = re.compile(
    r"(?P<of>(?:\s(?!(?:duoc|biet|tham gia|co|treo|to chuc|thuc hien|dung|ky|nam|hieu|tiep can|phat|dat|da|phai|tro|va|"
    r"su dung|dang ky|cam ket|nhan|hoan thanh|tren)\b)[a-z]+){1,7})"
)
_DEMANDS = re.compile(r"it nhat|toi thieu|phan dau|dat |bao dam|dam bao|tren $|khong duoi")
_MORE = re.compile(r"^[^;.]{0,30}\btro len\b|^[^;.,]{0,20}\bla it nhat\b")
_NEAR = 45
_WHO = re.compile(
    r"(?:^|[;,:]\s|\bva )(?P<who>moi (?!ngay|tuan|thang|quy|nam|buoi|lan|dot|ky|video|bai|tin|clip|su kien|chuyen|"
    r"chu de|noi dung|"
    r"chuong|kenh|dip|hinh thuc|cuoc|hoat dong|phien|mua)[a-z][a-z ,]{2,60}?|"
    r"de nghi (?P<asked>[a-z][a-z ,]{3,60}?))\s"
    r"(?:to chuc|dang|viet|gui|phat|thuc hien|xay dung|co|bo tri|bien tap|duy tri|treo|dung)\b"
)
_PART = re.compile(r"[^;.:]{0,20}\btrong do\b[^;.:]{0,12}$")  # "12 bài/tháng, trong đó có 01 video"
_PUBLISHES = re.compile(r"\b(?:phat|dang|loa|tin|bai|tuyen truyen|truyen thong|thong tin|chuyen muc|dua)\b")
_FORMER = re.compile(r"\btu $"), re.compile(r"[^;.,]{0,20}?\s(?:xuong|len|thanh)(?: con)? [0-9]")
_EACH = re.compile(r"\b(?:moi|hang|trong) (?:ngay|tuan|thang|quy|nam|mot ngay)\b[^.;]{0,30}$")
_MOST = re.compile(r"toi da|khong qua|khong vuot qua|nhieu nhat")
_ACTS = re.compile(
    r"\b(?:dua tin|dang tai|dang|phat song|phat thanh|phat lai|phat|to chuc|tuyen truyen|cap nhat|dua|bien tap|"
    r"xay dung|thuc hien)\b"
)
_REGULAR = re.compile(r"\b(?:hang|moi) (ngay|tuan|thang|quy|nam)\b(.{0,40})")
_NOT_TARGET = re.compile(r"\bbao cao\b|ngan sach|du toan|ke hoach cong tac|kinh phi")
_NAMES = {"ngay": "day", "tuan": "week", "thang": "month", "quy": "quarter", "nam": "year"}


def find_targets(said: Iterable[Sentence]) -> tuple[Target, ...]:
    """Every demand with a written number, and regular duties without one (`count` None, `implied_count` 1)."""
    found: list[Target] = []
    for sentence in said:
        if sentence.role != "budget":
            found += _counted(sentence) or _regular(sentence)
    return tuple(found)


def _counted(sentence: Sentence) -> list[Target]:
    result: list[Target] = []
    matches, asked = _numbers(sentence), list(_WHO.finditer(sentence.folded))
    named = named_channels(sentence) if matches else None
    anywhere, led = (channel_kind(text) if matches else None for text in (sentence.folded, fold(sentence.lead)))
    for index, match in enumerate(matches):
        clause_start = matches[index - 1].end() if index else 0
        clause_end = matches[index + 1].start() if index + 1 < len(matches) else len(sentence.folded)
        around = sentence.folded[clause_start:clause_end]
        before, after = sentence.folded[clause_start : match.start()], sentence.folded[match.end() : clause_end]
        led_by = re.split(r"[,;]", before)[-1] if index else before
        period = (
            _period(re.split(r"[,;:]", after)[0]) or _period(led_by) or (_period(after) if len(matches) == 1 else None)
        )
        op = ">=" if match["unit"] == "%" and before.endswith("tren ") else _op(before, after)
        of_last = bool(result and period is None and _PART.match(before))
        if of_last:
            period = result[-1].period
        if result and before.strip(" ,;") in ("", "va", "va co"):  # "03 tin và 01 video": one rhythm for both
            period, op = period or result[-1].period, result[-1].op
        to = match.groupdict().get("to")
        channel = result[-1].channel if of_last else channel_kind(around) or anywhere or led
        result.append(
            Target(
                text=sentence.text,
                count=_value(sentence, match),
                unit=one_line(sentence.text[match.start("unit") : match.end("unit")]),
                period=period,
                op=op,
                channel=channel,
                channel_name=named.before(match.start(), channel) if channel and named else None,
                source=sentence.source,
                owner=_owner(sentence, match, asked) or sentence.owner,
                count_to=int(to) if to else None,
                of=_of(sentence, match),
            )
        )
    return result


def _owner(sentence: Sentence, match: re.Match[str], asked: list[re.Match[str]]) -> str | None:
    """The body the sentence itself asks: "mỗi chi hội tổ chức 01 buổi", "đề nghị UBND cấp xã phát …"."""
    last = next((m for m in reversed(asked) if m.end() <= match.start()), None)
    if last is None:
        return None
    group = "asked" if last["asked"] else "who"
    return one_line(sentence.text[last.start(group) : last.end(group)])


def _numbers(sentence: Sentence) -> list[re.Match[str]]:
    """Counts with a unit, shares that are asked for, and counts in words where the words around ask for a number."""
    shares = [m for m in _PERCENT.finditer(sentence.folded) if _is_demand(sentence, m)]
    spelled = [m for m in _IN_WORDS.finditer(sentence.folded) if _asks_in_words(sentence, m)]
    found = [*_COUNT.finditer(sentence.folded), *spelled, *shares]
    said = (m for m in found if not _in_quotes(sentence.text, m.start()) and not _is_former(sentence, m))
    return sorted((m for m in said if not _is_advice(sentence, m)), key=re.Match.start)


def _is_advice(sentence: Sentence, match: re.Match[str]) -> bool:
    """ "Diệt lăng quăng mỗi tuần một lần": among contents, what people are told to do, not what is to be published."""
    times = match["unit"] == "lan"
    return times and sentence.role == "themes" and not _PUBLISHES.search(sentence.folded)


def _is_former(sentence: Sentence, match: re.Match[str]) -> bool:
    """ "từ 08 tin/tháng xuống 04 tin/tháng": the first number is what is no longer asked."""
    before, behind = _FORMER
    return bool(
        before.search(sentence.folded[max(0, match.start() - 4) : match.start()])
        and behind.match(sentence.folded, match.end())
    )


def _in_quotes(text: str, at: int) -> bool:
    """Whether a place is inside “…”: the name of a column ("Mỗi ngày một kỹ năng") asks for nothing."""
    before = text[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _asks_in_words(sentence: Sentence, match: re.Match[str]) -> bool:
    """ "mỗi quý một bài", "ít nhất hai tin"; not "một bài viết hay" and not "năm" of a year."""
    if sentence.text[match.start("count") : match.end("count")].lower() not in _DIGITS:
        return False
    before = sentence.folded[max(0, match.start() - 40) : match.start()]
    behind = sentence.folded[match.end() : match.end() + 12]
    return bool(_LEAST.search(before) or _MOST.search(before) or re.match(r"\s?/", behind) or _EACH.search(before))


def _value(sentence: Sentence, match: re.Match[str]) -> int:
    written = sentence.text[match.start("count") : match.end("count")].lower()
    return _DIGITS[written] if written in _DIGITS else int(match["count"].replace(".", ""))


def _of(sentence: Sentence, match: re.Match[str]) -> str | None:
    """What a percentage is of: the words behind it up to what they are to do."""
    behind = _OF.match(sentence.folded, match.end()) if match["unit"] == "%" else None
    return one_line(sentence.text[behind.start("of") : behind.end("of")]) or None if behind else None


def _is_demand(sentence: Sentence, share: re.Match[str]) -> bool:
    """Whether a percentage is asked for. Among contents it may be a fact to tell ("giảm 50% lệ phí")."""
    before = sentence.folded[: share.start()]
    return sentence.role != "themes" or not before.strip() or bool(_DEMANDS.search(before))


def _op(before: str, after: str) -> str:
    """By the words right before the number, or "trở lên" right behind it; not by what is said of the length of each."""
    before = re.split(r"[;:.]", before)[-1][-_NEAR:]
    if _LEAST.search(before) or _MORE.search(after[:_NEAR]):
        return ">="
    return "<=" if _MOST.search(before) else "="


def _period(text: str) -> str | None:
    return next((period for period, pattern in _PERIODS if re.search(pattern, text)), None)


def _regular(sentence: Sentence) -> list[Target]:
    """ "hằng tuần đưa tin, bài": a rhythm without a number."""
    match = _REGULAR.search(sentence.folded)
    if (
        not match
        or _in_quotes(sentence.text, match.start())
        or not _ACTS.search(match[2])
        or _NOT_TARGET.search(sentence.folded)
    ):
        return []
    unit = re.search(rf"\b(?:{_UNITS})\b", match[2])
    start = match.start(2)
    return [
        Target(
            text=sentence.text,
            count=None,
            unit=one_line(sentence.text[start + unit.start() : start + unit.end()]) if unit else None,
            period=_NAMES[match[1]],
            op=">=",
            channel=channel_kind(sentence.folded),
            source=sentence.source,
            implied_count=1,
            owner=sentence.owner,
        )
    ]
