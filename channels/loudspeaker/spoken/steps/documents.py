"""Numbers of documents: "Nghị định số 61/2018/NĐ-CP" is said with its issuer instead of its symbol.

Forms of the symbol: Nghị định 30/2020/NĐ-CP, Phụ lục III; of laws: Luật Ban hành văn bản quy phạm pháp luật.
"""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.numbers import integer, roman
from channels.loudspeaker.spoken.steps.days import FULL_DATE, full_date

_PART = r"[A-ZĐƯ][A-ZĐƯa-z&]*\d*"
_PATTERN = (
    r"(?<![\w/.,-])(?P<number>\d{1,5})(?P<letter>[a-zA-ZĐđ]?)(?:\*\*)?(?:\s?/\s?(?P<year>(?:19|20)\d{2}))?\s?(?P<mark>[/-])\s?"
    rf"(?P<code>{_PART}(?:\s?[-–/.]\s?{_PART})*)(?P<cut>\s?[-–/](?=\s*$))?(?![\w/]|-\w)"
    rf"(?P<dated>,?\s+(?P<day_lead>ngày)\s+{FULL_DATE})?(?P<by>,?\s+của(?=\s))?"
)
_BODY = re.compile(
    r"(?:ủy ban|ban|bộ|sở|phòng|hội|đoàn|trung tâm|công an|văn phòng|đảng|tòa|viện|trường|trạm|hợp tác xã|mặt trận|liên"
    r"|cục|chi cục|tổng|kho bạc|ngân hàng|bảo hiểm|công ty|tổ|ban|quân|thanh tra)\s",
    re.IGNORECASE,
)
_ASSEMBLY = {"QH": "Quốc hội", "UBTVQH": "Ủy ban Thường vụ Quốc hội", "HĐND": "Hội đồng nhân dân"}
_LAW = re.compile(r"(?:luật|bộ luật|pháp lệnh|hiến pháp)[^.;\n]{0,38}$")
_NUMBER_OF = re.compile(r"(?:\b[Ss]ố|\bs6|\bs[oóôốO0]|5[O0])\s*[:.]?\s*$", re.IGNORECASE)


def _issuer(part: str, voice: Voice, written: str) -> str | None:
    """Spoken name of the body in a symbol, None when unknown. QH15 is the fifteenth National Assembly."""
    assembly = re.fullmatch(r"(QH|UBTVQH|HĐND)(\d+)", part)
    if assembly:
        return f"{_ASSEMBLY[assembly[1]]} khóa {integer(int(assembly[2]), voice.region)}"
    if part == "TU" and re.search(r"tỉnh", written):
        return "Tỉnh ủy"
    full = voice.lexicon.abbreviations.get(part, "")
    return voice.lexicon.issuers.get(part) or (full if _BODY.match(full) else None)


def _of(match: re.Match[str], voice: Voice) -> str | None:
    """The issuers of a symbol such as "NĐ-CP", "NQ/TW", "TTLT-BTC-BNV" or "VPCP-KGVX"; "" when it holds only a kind."""
    first, *rest = re.split(r"\s?[-–/.]\s?", match["code"])
    near = before(match, 60) + after(match, 60).lower()
    if re.sub(r"\d+$", "", first) not in voice.lexicon.document_kinds or (not rest and first in _ASSEMBLY):
        if first == "CP" and not match["year"] and match["mark"] == "/":
            return "Chính phủ"
        return _issuer(first, voice, near)
    if not rest:
        return ""
    if not first.endswith("LT"):
        return _issuer(rest[0], voice, near) or ""  # the symbol is dropped, what it says of the issuer is unknown
    bodies = [_issuer(part, voice, near) for part in rest]
    known = [body for body in bodies if body]
    return None if len(known) < len(bodies) else _listed(known)


def _listed(names: list[str]) -> str:
    return " và ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _lead(match: re.Match[str], voice: Voice) -> str:
    """ "Kế hoạch số" where the text itself does not say what the number belongs to."""
    kinds = voice.lexicon.document_kinds
    written = before(match)
    said = {kind.lower() for kind in kinds.values()} | {
        "luật",
        "bộ luật",
        "văn bản",
        "chương trình",
        "quy định",
        "lệnh",
        "sắc lệnh",
    }
    if _NUMBER_OF.search(written) or any(re.search(rf"\b{re.escape(kind)}\s*$", written) for kind in said):
        return ""
    if re.search(rf"\b(?:{'|'.join(map(re.escape, map(str.lower, kinds)))})\s*$", written):  # "QĐ 12/QĐ-UBND"
        return ""
    listed = re.search(r"\d[^\s/]*/[^\s]+(?:\s+ngày\s+[\d/]+)?\s*(?:,|và|;)\s*$", written)
    if listed:  # one of several
        return ""
    kind = kinds.get(re.split(r"\W", match["code"])[0])
    return f"{kind} số " if kind else "số "


def _named_later(match: re.Match[str]) -> bool:
    """Whether the issuer is said further on: "…, số 02/NQ-CP", "năm 2024 của Chính phủ"."""
    rest = after(match, 60)
    code = re.escape(match["code"])
    again = re.match(rf"\s*(?:,|;|và)\s*(?:số\s+)?\d{{1,5}}[a-z]?(?:/\d{{4}})?\s?[/-]\s?{code}(?!\w)", rest)
    return bool(again) or bool(re.match(r"\s+năm\s+\d{4}\s+của\s", rest))


@step("document", _PATTERN)
def _document(match: re.Match[str], voice: Voice) -> str | None:
    issuer = _of(match, voice)
    first = re.split(r"\W", match["code"])[0]
    if (issuer is None and not match["by"] and not match["cut"]) or roman(match["code"]):
        return None
    if match["mark"] == "-" and first not in voice.lexicon.document_kinds:
        return None
    lead = _lead(match, voice)
    spoken = lead + integer(int(match["number"]), voice.region)
    if match["letter"]:
        spoken += f" {voice.lexicon.letter(match['letter'])}"
    if match["year"]:
        spoken += f" năm {integer(int(match['year']), voice.region)}"
    day = full_date(match, voice, led=True) if match["dated"] else None
    if match["dated"] and day is None:
        return None
    if match["by"]:
        return f"{spoken}, ngày {day}, của" if day else f"{spoken} của"
    owner = f" của {issuer}" if issuer and not _named_later(match) else ""
    return f"{spoken}{owner}, ngày {day}" if day else f"{spoken}{owner}"


_KIND = (
    r"(?:Nghị định|Nghị quyết|Quyết định|Thông tư(?: liên tịch)?|Chỉ thị|Luật|Bộ luật|Pháp lệnh|Kế hoạch|Công văn"
    r"|Quy định|Kết luận|NĐ|NQ|QĐ|TT|CT|KH|CV|TTLT)"
)


@step(
    "year of document", rf"\b{_KIND}(?:\s+[Ss]ố)?:?\s+(?P<said>(\d{{1,5}})\s?/\s?((?:19|20)\d{{2}}))(?![\w/]|[.,-]\d)"
)
def _year(match: re.Match[str], voice: Voice) -> str:
    return f"{integer(int(match[2]), voice.region)} năm {integer(int(match[3]), voice.region)}"


@step(
    "standard",
    r"\b(?P<kind>QCVN|TCVN|QCĐP|TCXDVN|TCCS|ISO)[ -]?(?:/IEC\s)?(?P<number>\d{1,5}(?:-\d{1,2})?)"
    r"(?:[:/](?P<year>(?:19|20)\d{2}))?(?:/(?P<body>[A-ZĐ&]+))?(?!\w)",
)
def _standard(match: re.Match[str], voice: Voice) -> str | None:
    """ "QCVN 26:2010/BTNMT": a national technical regulation, its year, its ministry."""
    names = {
        "QCVN": "Quy chuẩn Việt Nam", "TCVN": "Tiêu chuẩn Việt Nam", "QCĐP": "Quy chuẩn địa phương",
        "TCXDVN": "Tiêu chuẩn xây dựng Việt Nam", "TCCS": "Tiêu chuẩn cơ sở", "ISO": "i sô",
    }  # fmt: skip
    number = " ".join(integer(int(one), voice.region) for one in match["number"].split("-"))
    year = f" năm {integer(int(match['year']), voice.region)}" if match["year"] else ""
    body = voice.lexicon.issuer(match["body"]) if match["body"] else ""
    if body is None:
        return None
    return f"{names[match['kind']]} {number}{year}" + (f" của {body}" if body else "")


@step("symbol", rf"(?<![\w/.&-])(?P<kind>{_PART})[-/](?P<bodies>{_PART}(?:[-/]{_PART})?)(?![\w/&@]|[.-]\w)")
def _symbol(match: re.Match[str], voice: Voice) -> str | None:
    """ "NĐ-CP", "NQ/TW": a symbol that no number leads, as kind and issuer."""
    kind = voice.lexicon.document_kinds.get(match["kind"])
    if kind is None or match[0] in voice.lexicon.abbreviations:
        return None
    first, *others = re.split(r"[-/]", match["bodies"])
    bodies = [_issuer(one, voice, before(match, 60)) for one in (first, *others)]
    known = [body for body in bodies if body]
    if len(known) < len(bodies) or (others and not kind.endswith("tịch")):
        return None
    said = before(match).rstrip().endswith(kind.lower())
    return f"{'' if said else kind.lower()} của {_listed(known)}".lstrip()


@step("assembly", r"(?<![\w/.&-])(?P<body>QH|UBTVQH)(?P<n>[1-9]\d?)(?![\w/@]|[.,-]\w)")
def _assembly(match: re.Match[str], voice: Voice) -> str | None:
    return _issuer(match[0], voice, "")


@step("blank number", r"(?<=\b[Ss]ố)(?P<said>:?[\s.…_]*/(?P<code>[A-ZĐ]{1,6}(?:-[A-ZĐa-z]{1,8})+))(?!\w)")
def _blank(match: re.Match[str], voice: Voice) -> str | None:
    """A number nobody has filled in yet: only its issuer is said."""
    kind, *rest = match["code"].split("-")
    issuer = voice.lexicon.issuer(rest[0] if kind in voice.lexicon.document_kinds else kind)
    return f" của {issuer}" if issuer else None


_blank_day = step("blank date", r"\b(?P<said>ngày[\s.…_]*tháng[\s.…_]*(?=năm\s+(?:19|20)\d{2}))", re.IGNORECASE)(
    lambda match, voice: ""
)
_LETTERS = r"[a-zđ](?!\w)(?:(?:\s*,\s*|\s+và\s+|\s*[-–]\s*|\s+đến\s+)[a-zđ](?!\w))*"


@step("point", rf"\b(?:[Đđ]iểm|[Tt]iết)\s+(?P<said>{_LETTERS})")
def _point(match: re.Match[str], voice: Voice) -> str:
    said = re.sub(r"\s*[-–]\s*", " đến ", match["said"])
    return re.sub(r"(?<!\w)[a-zđ](?!\w)", lambda one: voice.lexicon.letter(one[0]), said)


@step(
    "section",
    r"\b(?:[Mm]ục|[Tt]iểu mục|[Pp]hần|[Đđ]iểm|[Kk]hoản|[Bb]ảng|[Hh]ình|[Cc]hương|[Bb]iểu|[Pp]hụ lục"
    r"|[Tt]iêu chí|[Bb]ài)\s+(?P<said>(?:\d{1,3}|[IVX]{1,5})(?:\.\d{1,2}){1,3})(?!\w|[.,]\d)",
)
def _section(match: re.Match[str], voice: Voice) -> str | None:
    numbers = [int(one) if one.isdecimal() else roman(one) for one in match["said"].split(".")]
    return None if None in numbers else " chấm ".join(integer(one or 0, voice.region) for one in numbers)


STEPS: tuple[Step, ...] = (_standard, _document, _symbol, _assembly, _blank, _blank_day, _year, _point, _section)
