"""Report duties: who reports to whom, how often; and the indices a plan wants to raise."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from campaigns.reading.dates import make
from campaigns.reading.folding import fold, one_line
from campaigns.reading.likeness import likeness
from campaigns.reading.places import restore_body
from campaigns.reading.schema import Report, Source
from campaigns.reading.sentences import Sentence, body_name, names_body

_REPORTS = re.compile(r"\bb[a-z]o c[a-z]o\b")
_AFTER = re.compile(r"b[a-z]o c[a-z]o(?!\s(?:chi|vien))")
_TROUBLE = re.compile(r"kh\wn,? v\S+ng m\Sc|kho khan|vuong mac|phat sinh")
_STANDING = re.compile(r"\b(?:don vi|co quan) thu\W?ong tr\wc")
_PASSES_ON = re.compile(
    r"\bve\s(?P<who>[^.;,]{4,80}?)\s(?:de|tong hop|xem xet)\b[^.;]{0,40}?\bb[a-z]o c[a-z]o,?\s"
    r"(?P<to>(?:ubnd|uy ban|so |chu tich|hdnd|dang uy|thanh uy|tinh uy|lanh dao|giam doc|bo )[^.;,]{0,80})"
)
_ADDRESSEE = (
    r"(?:don vi thu\W?ong tr\wc|co quan thuong truc|ubnd|uy ban|so |van phong|phong |ban |cap tren|thanh uy|dang uy|"
    r"tinh uy|huyen uy|quan uy|trung tam|hoi |chu tich|bo |bo truong|lanh dao|giam doc|nha truong|hieu truong|"
    r"thuong truc|hdnd|"
    r"mat tran|lien doan|cong doan|cong an|cap co tham quyen|chi cuc|cuc |vu |thanh tra|thu tuong|chinh phu|doan |"
    r"ban giam hieu|phong giao duc)"
)
_TO = re.compile(
    rf"b[a-z]o c[a-z]o[^.;]{{0,70}}?\s(?:ve|voi|cho|gui|gui ve|len|toi|den)\s(?P<to>{_ADDRESSEE}[^.;,]{{0,110}})"
    rf"|b[a-z]o c[a-z]o\s(?P<direct>{_ADDRESSEE}[^.;,]{{0,110}})"
    rf"|\btrinh (?P<shown>{_ADDRESSEE}[^.;,]{{0,60}}?)\sb[a-z]o c[a-z]o\b"
    r"|gui b[a-z]o c[a-z]o[^.;]{0,40}?\sve\s(?P<sent>[^.;,]{3,80})"
)
_HELPS = re.compile(r"\bgiup ((?:ubnd|uy ban nhan dan) (?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran))\b")
_STOP = re.compile(
    r"\s(?:theo|(?<!thuong )tru\w{0,2}c\b|de |ket qua|qua |dinh ky|bang|vao|khi|hang|tinh hinh|\(?qua |moi (?!truong)|"
    r"trong|ngay |[0-9]|ca nam|nam )"
)
_PERIODS: tuple[tuple[str, str], ...] = (
    ("week", r"hang tuan|moi tuan"),
    ("month", r"hang thang|moi thang|dinh ky thang"),
    (
        "quarter",
        r"hang quy|moi quy|dinh ky quy|bao cao quy|\bquy (?:i|ii|iii|iv|[1-4])\b|th\wng cu\wi (?:cua )?quy|"
        r"\bquy(?=,)",
    ),
    ("half", r"\b0?6 thang\b|sau thang"),
    ("nine_months", r"\b0?9 thang\b"),
    (
        "year",
        r"hang nam|cuoi nam|ca nam|tong ket nam|bao cao nam|\bnam\b(?= [0-9]{4}\b.{0,20}truoc)|\bva nam\b|, nam\b",
    ),
)
_DUE = re.compile(
    r"\b(?:truoc|cham nhat(?: la)?|vao)\s(?:ngay\s)([0-9]{1,2}(?:/[0-9]{1,2})?(?:/[0-9]{4})?[^.;,()]{0,30})"
    r"|\b(?:truoc|cham nhat)\s([0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?[^.;,()]{0,30})"
)
_DUE_DAY = re.compile(
    r"^([0-9]{1,2})(?:\s?/\s?([0-9]{1,2})|\s+thang\s+([0-9]{1,2}))?(?:(?:\s?/\s?|\s+nam\s+)((?:19|20)[0-9][0-9]))?\b"
)
# A body of several fields has commas in its name: "Sở Văn hóa, Thể thao và Du lịch".
_FIELDS = re.compile(
    r",\s(?!Sở|Phòng|UBND|Ủy|Ban|Văn phòng|Hội|Đảng|Công an)[A-ZĐ]\w+(?:\s\w+){0,2}\svà\s[A-ZĐ]\w+(?:\s\w+)?"
)
_DUE_END = re.compile(r"\s(?:va(?: (?!\d|ngay)|$)|bao cao|gui|de |ve |theo )")
_SEVERAL = re.compile(r"[0-9]\D+[0-9]{1,2}\s?/|[0-9]\s*,|\bva\b")
_INDICES: tuple[tuple[str, str], ...] = (
    ("SIPAS", r"\bsipas\b"),
    ("PAPI", r"\bpap[il]\b"),
    ("PAR Index", r"\bpar[\s-]?index\b"),
    ("PCI", r"\bpci\b"),
    ("DTI", r"\bdti\b"),
    ("DDCI", r"\bddci\b"),
)


_REPORTER = re.compile(
    r"(?P<who>[a-z][a-z ,-]{3,50}?)\s(?:dinh ky )?(?:tong hop,? )?bao cao\s"
    r"(?:so|ubnd|uy ban|giam doc|dang uy|chu tich|bo)\b"
)
_ROLES = ("organisation", "requirements", "other", "tasks")
_SAME_BODY = 0.88


def find_reports(said: Iterable[Sentence]) -> tuple[Report, ...]:
    """Duties to report; passing on difficulties ("nếu có khó khăn, vướng mắc … báo cáo") is none, but tells to whom the
    body they go to reports, where its own duty does not say."""
    found: list[Report] = []
    passed_on: list[tuple[str, str, Source]] = []
    for sentence in said:
        if sentence.role not in _ROLES or not _REPORTS.search(sentence.folded):
            continue
        passes = _PASSES_ON.search(sentence.folded)
        if passes:
            who, to = (sentence.text[passes.start(k) : passes.end(k)] for k in ("who", "to"))
            passed_on.append((one_line(who), _addressee(to), sentence.source))
        if not _TROUBLE.search(sentence.folded) and _is_duty(sentence):
            found += _reports(sentence)
    return tuple(_with_addressee(report, passed_on) for report in found)


def _reports(sentence: Sentence) -> Iterator[Report]:
    """One duty for each period the sentence names, with the day that belongs to it."""
    periods = _periods(sentence.folded)
    for at, (start, period) in enumerate(periods or [(0, None)]):
        end = periods[at + 1][0] if at + 1 < len(periods) else len(sentence.folded)
        due = _due(sentence, start, end) or (_due(sentence, 0, len(sentence.folded)) if len(periods) < 2 else None)
        day, month, date = _day(due) if due else (None, None, None)
        to = _to(sentence)
        if sentence.row and not (to or period):
            continue  # "Báo cáo đo lường" in a table of work is a product
        yield Report(
            text=sentence.text,
            who=_speaker(sentence) or sentence.owner or _subject(sentence),
            to=to,
            period=period,
            source=sentence.source,
            due=due,
            due_day=day,
            due_month=month,
            due_date=date,
        )


def _due(sentence: Sentence, start: int, end: int) -> str | None:
    match = _DUE.search(sentence.folded[start:end])
    if not match:
        return None
    group = 1 if match[1] else 2
    due = one_line(sentence.text[start + match.start(group) : start + match.end(group)])
    cut = _DUE_END.search(fold(due))
    return due[: cut.start()] if cut else due


def _day(due: str) -> tuple[int | None, int | None, dt.date | None]:
    """Day, month and date of "10/6", "25 hằng tháng", "15/6/2026"; nothing where several days are named."""
    folded = fold(due)
    match = _DUE_DAY.match(folded)
    if not match or _SEVERAL.search(folded[match.end() :]) or not 1 <= int(match[1]) <= 31:
        return None, None, None
    month = match[2] or match[3]
    if month and not 1 <= int(month) <= 12:
        return None, None, None
    date = make(match[4], month, match[1]) if month and match[4] else None
    return int(match[1]), int(month) if month else None, date


def _with_addressee(report: Report, passed_on: list[tuple[str, str, Source]]) -> Report:
    """The report with the addressee that another sentence names for its body, and where that stands."""
    if report.to or not report.who:
        return report
    told = next(((to, place) for who, to, place in passed_on if likeness(who, report.who) >= _SAME_BODY), None)
    return replace(report, to=told[0], to_source=told[1]) if told else report


def _speaker(sentence: Sentence) -> str | None:
    """The body that says in its own words that it reports ("Trung tâm báo cáo Sở Tư pháp …")."""
    match = _REPORTER.match(sentence.folded)
    return one_line(sentence.text[: match.end("who")]) if match and names_body(sentence.text) else None


def _subject(sentence: Sentence) -> str | None:
    """The body that opens the sentence ("Các chi đoàn gửi báo cáo …")."""
    name = body_name(sentence.text)
    return name if names_body(sentence.text) and len(name.split()) <= 12 else None


def _is_duty(sentence: Sentence) -> bool:
    """ "báo cáo" as something to do: not "Báo cáo số …" and not a mere heading."""
    return (
        bool(_AFTER.search(sentence.folded))
        and not re.search(r"b[a-z]o c[a-z]o so [0-9]", sentence.folded)
        and len(sentence.text.split()) > 4
    )


def _periods(folded: str) -> list[tuple[int, str | None]]:
    """Where each period is first named, in order of place."""
    found: list[tuple[int, str | None]] = []
    for period, pattern in _PERIODS:
        match = re.search(pattern, folded)
        if match:
            found.append((match.start(), period))
    return sorted(found, key=lambda hit: hit[0])


def _to(sentence: Sentence) -> str | None:
    match = _TO.search(sentence.folded)
    if not match:
        helped = _HELPS.search(sentence.folded)
        return restore_body(sentence.text[helped.start(1) : helped.end(1)]) if helped else None
    name = next(n for n in ("to", "direct", "shown", "sent") if match[n])
    more = _FIELDS.match(sentence.text, match.end(name))
    return _addressee(sentence.text[match.start(name) : more.end() if more else match.end(name)]) or None


def _addressee(raw: str) -> str:
    """The body alone: the one in the parenthesis behind "đơn vị thường trực", without what is reported and when."""
    inner = re.search(r"\(([^)]{4,60})\)?", raw)
    if inner:
        through = re.match(r"(?:thong )?qua |de |b/c", fold(inner[1])) or not _STANDING.search(
            fold(raw[: inner.start()])
        )
        raw = raw[: inner.start()] if through else inner[1]
    stop = _STOP.search(fold(raw))
    return restore_body(one_line(raw[: stop.start()] if stop else raw)).strip(" ,.")


def find_indices(text: str) -> tuple[str, ...]:
    folded = fold(text)
    return tuple(name for name, pattern in _INDICES if re.search(pattern, folded))
