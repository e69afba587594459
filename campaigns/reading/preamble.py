"""What stands before the first section: letterhead, number, date, title."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.reading.dates import blank_date, long_date, short_date
from campaigns.reading.document import Document, Line
from campaigns.reading.folding import fold, is_upper, one_line, squeeze, words
from campaigns.reading.bodies import level_of
from campaigns.reading.issuers import HeadLine, from_letterhead, from_sentence
from campaigns.reading.kinds import KINDS
from campaigns.reading.outline import Outline
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.places import place_names, restore_body
from campaigns.reading.schema import Issuer, PlanWarning, Source
from campaigns.reading.symbols import kind_symbol, organ_symbol

Warn = Callable[[PlanWarning], None]
_NUMBER = re.compile(
    r"(?:^|\s)(?:S[ốOoôòóơ06Ố]|SỐ|s[ốoô06])\s*[:.;]?\s*(?P<no>[\d\s.…_]{0,24}?[a-zA-Z]?)\s*"
    r"(?P<sep>[/\[|\\]|-|(?<=\d)\s(?=KH\s?/))\s*(?P<kind>KHLT|KHPH|KHCM|KHTT|KH|QĐ|QD|QB|CTr|PA|HD|BC|TTr|TB|NQ|"
    r"CT)\s*(?P<then>[-–/\s]\s*)(?P<organ>[A-ZĐ][\wÀ-ỹ&.]*(?:[-/][A-ZĐ][\wÀ-ỹ&]*)*)"
)
_OWN = re.compile(r"kem theo\s+(?:ke hoach|quyet dinh|van ban)\s+(?:so)?")
_INTRO = re.compile(
    r"^(?:can cu|c[a-z]n c[a-z]{1,3} |thuc hien (?:ke hoach|quyet dinh|nghi quyet|chi thi|cong van|chuong trinh|"
    r"van ban|huong dan|so|nghi dinh|luat|thong tu|"
    r"thong bao|ket luan|y kien)|trien khai (?:ke hoach|quyet dinh|nghi quyet|chi thi|cong van|thuc hien (?:ke hoach|"
    r"nghi quyet|quyet dinh|"
    r"chi thi|luat))|de (?:trien khai|thuc hien|tiep tuc|nang cao|bao dam|dam bao|day manh|kip thoi|phat huy)|nham |"
    r"tren co so|theo (?:ke hoach|chi dao|de nghi)|"
    r"thuc hien chi dao|tiep tuc thuc hien|(?:uy ban nhan dan|ubnd|so|trung tam|phong|hoi|doan|dang uy|ban|van phong|"
    r"bo|truong)\b.{2,90}\b(?:ban hanh|xay dung)\s)"
)
_ASIDE = re.compile(r"^\((?:ban hanh )?kem theo|^[-_*=~.\s]+$|^\W{0,3}$|^noi nhan|^kinh gui")
_LEADS_ON = re.compile(
    r"(?:va|tren dia ban|giai doan|cua|tai|theo|huong toi|den nam|nam \d{4}|nhiem ky|nam hoc|thuoc|cho)\b"
)
_ISSUING = re.compile(
    r"^(?:(?:v/v|về việc)\s+)?(?:ban hành|phê duyệt)\s+(?:kèm theo\s+\S+\s+\S+\s+)?kế hoạch\s+", re.IGNORECASE
)
_AUTHORITY = re.compile(
    r"^(?:bo truong|thu truong|chu tich|giam doc|uy ban nhan dan|thu tuong|tong giam doc|cuc truong)\b"
)
_COMMITTEE = re.compile(r"uy ban nhan dan (?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran|dac khu) \w")
_NUMBER_BEHIND = re.compile(r"(?<=[^\W\d_])\s+(?=S[ốố]\s?:)")
_STAMP = re.compile(r"\d{1,2}:\d{2}")
_WIDE = re.compile(r"\s{4,}(?=[A-ZĐÀ-Ỹ])|\t+")


@dataclass(slots=True)
class Preamble:
    issuer: Issuer | None = None
    number: str | None = None
    symbol: str | None = None
    date: dt.date | None = None
    title: str | None = None
    year: int | None = None
    sources: dict[str, Source] = field(default_factory=dict)


def read_preamble(document: Document, outline: Outline, ocr: bool, warn: Warn) -> Preamble:
    """Everything the letterhead and title state. Missing values stay None, each with its warning."""
    found = Preamble()
    at = outline.type_at
    before = outline.head[:at] if at is not None else []
    after = outline.head[at + 1 :] if at is not None else outline.head
    if at is None:
        before = list(itertools.takewhile(lambda p: not _INTRO.match(fold(p.text)), outline.head[:6]))
    lines = _columns(before, document.file)
    _title(found, outline, after, warn)
    _number(found, lines, outline, warn)
    _date(found, lines, outline, warn)
    _issuer(found, lines, outline, document, ocr, warn)
    _year(found, outline)
    return found


def _columns(paragraphs: list[Paragraph], file: str) -> list[HeadLine]:
    """Letterhead lines, left column before right where the format keeps them apart."""
    result: list[HeadLine] = []
    for line in (line for paragraph in paragraphs for line in paragraph.lines):
        texts = [t for cell in line.cells for t in cell.split("\n")] if line.cells else _WIDE.split(line.text.strip())
        texts = [part for text in texts for part in _NUMBER_BEHIND.split(text)]
        result += [HeadLine(text.strip(), _source(file, line, text)) for text in texts if text.strip()]
    return result


def _source(file: str, line: Line, raw: str, confidence: float = 1.0) -> Source:
    return Source(file, line.page, (line.no, line.no), raw.strip(), confidence)


def _number(found: Preamble, lines: list[HeadLine], outline: Outline, warn: Warn) -> None:
    text = "\n".join(line.text for line in lines)
    best = _best_number(text)
    if best:
        value, symbol, raw = best
        found.symbol = symbol
        source = next((ln.source for ln in lines if raw.split("\n")[0].strip()[:6] in ln.text), lines[0].source)
        found.sources["number"] = Source(source.file, source.page, source.lines, raw.strip(), source.confidence)
        found.number = value
        if not symbol.startswith("KH"):
            warn(
                PlanWarning(
                    "issued_by_decision",
                    f"Kế hoạch ban hành kèm theo văn bản {value or symbol}; số và ngày là của văn bản đó.",
                    found.sources["number"],
                )
            )
    annex = _annex_number(outline)
    if annex:
        value, symbol, source = annex
        found.symbol = found.symbol or symbol
        if found.number is None and value:
            found.number, found.sources["number"] = value, source
        elif value and value != found.number:
            warn(
                PlanWarning(
                    "conflicting_number",
                    f"Phụ lục ghi kế hoạch số {value}, đầu văn bản ghi {found.number}; giữ số ở đầu văn bản.",
                    source,
                )
            )
        found.sources.setdefault("number", source)
    if found.number is None:
        warn(
            PlanWarning(
                "missing_number",
                "Văn bản không ghi số kế hoạch (để trống hoặc thiếu phần đầu); cần người điền.",
                found.sources.get("number"),
            )
        )


def _best_number(text: str) -> tuple[str | None, str, str] | None:
    """The first number form of a letterhead; a plan's own before that of a decision it hangs on."""
    forms = [f for f in (_own_number(m) for m in _NUMBER.finditer(text)) if f]
    plans = [f for f in forms if f[1].startswith("KH")]
    return next(iter(plans or forms), None)


def _own_number(match: re.Match[str]) -> tuple[str | None, str, str] | None:
    digits = re.sub(r"[\s.…_]", "", match["no"])
    kind, organ = kind_symbol(match["kind"]) or match["kind"], organ_symbol(match["organ"])
    party = match["sep"] == "-" or (match["then"].strip() == "/" and match["sep"] in "-")
    symbol = f"{kind}/{organ}" if match["then"].strip() == "/" else f"{kind}-{organ}"
    value = f"{digits}-{symbol}" if party else f"{digits}/{symbol}"
    return (value if digits[:1].isdigit() else None), symbol, match[0]


def _annex_number(outline: Outline) -> tuple[str | None, str, Source] | None:
    """What an appendix says of the plan it belongs to: "(Kèm theo Kế hoạch số 44/KH-UBND ngày …)"."""
    for paragraph in _annexes(outline):
        match = re.search(r"[Kk]ế hoạch (số.*)", paragraph.text)
        form = _best_number(match[1]) if match else None
        if form:
            return form[0], form[1], paragraph.source(0.9)
    return None


def _annexes(outline: Outline) -> list[Paragraph]:
    found = [p for part in outline.parts if part.appendix for p in part.paragraphs[:3]]
    return [p for p in found if _OWN.search(fold(p.text))]


def _date(found: Preamble, lines: list[HeadLine], outline: Outline, warn: Warn) -> None:
    blank: Source | None = None
    whole = any(long_date(line.text) for line in _unbroken(lines)) or any(blank_date(line.text) for line in lines)
    for line in _unbroken(lines):
        dated = long_date(line.text) or (None if whole else _slashed(line.text))
        if dated:
            raw = line.text[: dated[1].end()].strip()
            found.sources["date"] = Source(
                line.source.file, line.source.page, line.source.lines, raw, line.source.confidence
            )
            found.date = dated[0]
            if found.date is None:
                warn(
                    PlanWarning(
                        "invalid_date",
                        f"Ngày ban hành ghi «{raw}» không có trong lịch; cần người kiểm tra.",
                        found.sources["date"],
                    )
                )
                return
            break
        blank = line.source if blank is None and blank_date(line.text) else blank
    _annex_date(found, outline, warn)
    if found.date is None:
        if blank:
            found.sources["date"] = blank
        warn(PlanWarning("missing_date", "Văn bản không ghi đủ ngày ban hành; cần người điền.", blank))


def _unbroken(lines: list[HeadLine]) -> list[HeadLine]:
    """The lines with a date broken across two of them ("Hà Nội, ngày 31" / "tháng 12 năm 2024") put together."""
    result: list[HeadLine] = []
    for line in lines:
        before = result[-1] if result else None
        joined = f"{before.text} {line.text}" if before else ""
        if before and "ng" in joined and not long_date(before.text) and not long_date(line.text) and long_date(joined):
            place = before.source
            source = Source(place.file, place.page, (place.lines[0], line.source.lines[1]), joined, place.confidence)
            result[-1] = HeadLine(joined, source)
        else:
            result.append(line)
    return result


def _slashed(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    """A date in figures behind "ngày"; with a clock time it is the stamp of a web page, not of the document."""
    return short_date(text) if re.search(r"ng[aà]y", fold(text)) and not _STAMP.search(text) else None


def _annex_date(found: Preamble, outline: Outline, warn: Warn) -> None:
    for paragraph in _annexes(outline):
        dated = long_date(paragraph.text) or short_date(paragraph.text)
        if not dated or dated[0] is None or "quyet dinh" in fold(paragraph.text):
            continue
        if found.date is None:
            found.date, found.sources["date"] = dated[0], paragraph.source(0.9)
        elif found.date != dated[0]:
            warn(
                PlanWarning(
                    "conflicting_dates",
                    f"Phụ lục ghi kế hoạch ngày {dated[0]:%d/%m/%Y}, đầu văn bản ghi {found.date:%d/%m/%Y}; giữ ngày "
                    f"ở đầu văn bản.",
                    paragraph.source(),
                )
            )


def _title(found: Preamble, outline: Outline, after: list[Paragraph], warn: Warn) -> None:
    taken: list[Paragraph] = []
    inline = _inline_title(outline)
    for paragraph in after[:8]:
        if paragraph.cells is not None or paragraph.label or len(taken) >= 4:
            break
        if _INTRO.match(fold(paragraph.text)) and not _may_be_title(paragraph, bool(taken or inline)):
            break
        if _ASIDE.match(fold(paragraph.text)):
            if taken:
                break
            continue
        last = taken[-1] if taken else outline.head[outline.type_at or 0]
        if (taken or inline) and not _goes_on(last, paragraph, short=not taken and len((inline or "").split()) <= 4):
            break
        taken.append(paragraph)
    if inline and taken and fold(inline) in ("phoi hop", "lien tich"):  # a kind of plan, not its name
        inline = None
    texts = ([inline] if inline else []) + [p.text for p in taken]
    title = _ISSUING.sub("", one_line(" ".join(texts)).strip(" *_.;:"))
    if not title:
        warn(PlanWarning("missing_title", "Không tìm thấy tên (trích yếu) của kế hoạch; cần người điền."))
        return
    first = outline.head[outline.type_at] if inline and outline.type_at is not None else taken[0]
    last = taken[-1] if taken else first
    found.title = title
    found.sources["title"] = Source(first.file, first.first.page, (first.first.no, last.last.no), title, 1.0)


def _may_be_title(paragraph: Paragraph, begun: bool) -> bool:
    """A title may begin like a preamble ("Thực hiện chương trình …"), but it cites no number and leads to nothing."""
    folded = fold(paragraph.text)
    return not (
        begun
        or folded.startswith("can cu")
        or len(paragraph.text) > 260
        or paragraph.text.rstrip().endswith((":", ";"))
        or re.search(r"\bso\s?:?\s?\d|\b(?:ban hanh|xay dung)\s+ke hoach", folded)
    )


def _inline_title(outline: Outline) -> str | None:
    """ "KẾ HOẠCH TUYÊN TRUYỀN …" in one line: what follows the name of the kind."""
    if outline.type_at is None:
        return None
    text = outline.head[outline.type_at].text.strip(" *_#")
    parts = text.split(maxsplit=2)
    if len(words(text)) <= 2 or len(parts) < 3 or " ".join(words(" ".join(parts[:2]))) not in KINDS:
        return None
    return parts[2].strip(" :-–")


def _goes_on(before: Paragraph, paragraph: Paragraph, short: bool) -> bool:
    """Whether a further paragraph still belongs to the title: it leads on, or has the same look and the title is not
    closed by its year. `short`: so far there is only "TUYÊN TRUYỀN" or the like."""
    if len(paragraph.text) > 260 or paragraph.text.endswith((".", ";", ":")):
        return False
    if is_upper(paragraph.text) and _AUTHORITY.match(fold(paragraph.text)):
        return False
    if short or _LEADS_ON.match(fold(paragraph.text)):
        return True
    if re.search(r"n\S{1,2}m\s+20\d\d\W*$", fold(before.text)):
        return False
    return is_upper(before.text) == is_upper(paragraph.text) and paragraph.marked == before.marked


def _year(found: Preamble, outline: Outline) -> None:
    match = re.search(r"(?<!den )(?<!nhin )(?:nam\s+)(20\d\d)\b(?!\s*[-–]\s*20)", fold(found.title or ""))
    spans = re.search(r"20\d\d\s*[-–]\s*20\d\d", found.title or "")
    if (match and not spans) or (
        (match := re.search(r"(?<!den )(?<!nhin )\bn\S{1,2}m\s+(20\d\d)\W*$", fold(found.title or ""))) and not spans
    ):
        found.year, found.sources["year"] = int(match[1]), found.sources["title"]
    if found.year is None and found.date:
        found.year, found.sources["year"] = found.date.year, found.sources["date"]
    elif (
        found.year is None
        and "date" in found.sources
        and (left := re.search(r"nam\s+(20\d\d)\b", fold(found.sources["date"].raw)))
    ):
        found.year, found.sources["year"] = int(left[1]), found.sources["date"]


def _issuer(
    found: Preamble, lines: list[HeadLine], outline: Outline, document: Document, ocr: bool, warn: Warn
) -> None:
    body = "\n".join(line.text for line in document.lines[:400])
    head = from_letterhead(_above_number(lines), body)
    stated = _stated(outline)
    if head and head[0].name == "UBND":  # the place was lost beside the motto of the state
        head = _of_decision(outline, document.file, body) or stated or head
    if head:
        found.issuer, found.sources["issuer"] = _with_place(head[0], found.title or ""), head[1]
    elif stated:
        found.issuer, found.sources["issuer"] = stated
    if found.issuer is None:
        warn(PlanWarning("missing_issuer", "Không đọc được cơ quan ban hành; cần người điền."))
    elif ocr:
        warn(
            PlanWarning(
                "issuer_needs_confirmation",
                f"Tên cơ quan «{found.issuer.name}» lấy từ bản nhận dạng chữ; cần người xác nhận.",
                found.sources["issuer"],
            )
        )


def _of_decision(outline: Outline, file: str, body: str) -> tuple[Issuer, Source] | None:
    """The body that a decision names in capitals between its title and its grounds."""
    named = [p for p in outline.head if is_upper(p.text) and _COMMITTEE.match(fold(p.text))]
    return from_letterhead(_columns(named[:1], file), body) if named else None


def _with_place(issuer: Issuer, title: str) -> Issuer:
    """ "UBND Thành phố" with the place that the plan's title gives the same level word ("… thành phố Hà Nội")."""
    match = re.fullmatch(r"UBND (thành phố|tỉnh|huyện|quận|phường|xã|thị trấn)", issuer.name, re.IGNORECASE)
    place = match and re.search(rf"{fold(match[1])}\s+", fold(title))
    name = _place_at(title[place.end() :]) if place else None
    return (
        Issuer(f"{issuer.name[:5]}{match[1].lower()} {name}", issuer.level, issuer.parent) if match and name else issuer
    )


def _place_at(text: str) -> str | None:
    """The known place name that `text` begins with, longest first."""
    words_ = text.split()
    found = (place_names().get(squeeze(" ".join(words_[:n]))) for n in (4, 3, 2))
    return next((name for name in found if name), None)


def _above_number(lines: list[HeadLine]) -> list[HeadLine]:
    for index, line in enumerate(lines):
        if _NUMBER.search(line.text) or re.match(r"^so\s?:", fold(line.text)):
            return lines[:index]
        if long_date(line.text):
            return lines[:index]
    return lines


def _stated(outline: Outline) -> tuple[Issuer, Source] | None:
    for paragraph in outline.head:
        sentence = from_sentence(paragraph.text)
        if sentence:
            name, start, end = sentence
            return Issuer(name, level_of(name)), paragraph.place(start, end)
    return _annex_issuer(outline)


def _annex_issuer(outline: Outline) -> tuple[Issuer, Source] | None:
    for paragraph in _annexes(outline):
        match = re.search(r"\bcủa\s+((?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s[^).;]{3,60})", paragraph.text)
        if match:
            name = restore_body(match[1])
            return Issuer(name, level_of(name)), paragraph.place(match.start(1), match.end(1), 0.9)
    return None
