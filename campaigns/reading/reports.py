"""Report duties: who reports to whom, how often; and the indices a plan wants to raise."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.folding import fold, one_line
from campaigns.reading.places import restore_body
from campaigns.reading.schema import Report
from campaigns.reading.sentences import Sentence, body_name, names_body

_REPORTS = re.compile(r"\bb[a-z]o c[a-z]o\b")
_AFTER = re.compile(r"b[a-z]o c[a-z]o(?!\s(?:chi|vien))")
_TROUBLE = re.compile(r"kh\wn,? v\S+ng m\Sc|kho khan|vuong mac|phat sinh")
_STANDING = re.compile(r"\b(?:don vi|co quan) thuong truc")
_ADDRESSEE = (
    r"(?:don vi thuong truc|co quan thuong truc|ubnd|uy ban|so |van phong|phong |ban |cap tren|thanh uy|dang uy|"
    r"tinh uy|huyen uy|quan uy|trung tam|hoi |chu tich|bo |bo truong|lanh dao|giam doc|nha truong|hieu truong|"
    r"thuong truc|hdnd|"
    r"mat tran|lien doan|cong doan|cong an|cap co tham quyen|chi cuc|cuc |vu |thanh tra|thu tuong|chinh phu|doan |"
    r"ban giam hieu|phong giao duc)"
)
_TO = re.compile(
    rf"b[a-z]o c[a-z]o[^.;]{{0,70}}?\s(?:ve|voi|cho|gui|gui ve|len|toi|den)\s(?P<to>{_ADDRESSEE}[^.;,]{{0,110}})"
    rf"|b[a-z]o c[a-z]o\s(?P<direct>{_ADDRESSEE}[^.;,]{{0,110}})"
    r"|gui b[a-z]o c[a-z]o[^.;]{0,40}?\sve\s(?P<sent>[^.;,]{3,80})"
)
_HELPS = re.compile(r"\bgiup ((?:ubnd|uy ban nhan dan) (?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran))\b")
_STOP = re.compile(r"\s(?:theo|truoc|de |ket qua|qua |dinh ky|bang|vao|khi|hang|tinh hinh|\(?qua |moi |trong|ngay )")
_PERIODS: tuple[tuple[str, str], ...] = (
    ("week", r"hang tuan|moi tuan"),
    ("month", r"hang thang|moi thang|dinh ky thang"),
    ("quarter", r"hang quy|moi quy|dinh ky quy|bao cao quy|\bquy (?:i|ii|iii|iv|[1-4])\b|\bquy(?=,)"),
    ("half", r"\b0?6 thang\b|sau thang"),
    ("nine_months", r"\b0?9 thang\b"),
    ("year", r"hang nam|cuoi nam|ca nam|tong ket nam|\bnam\b(?= \d{4}\b.{0,20}truoc)|\bva nam\b|, nam\b"),
)
_DUE = re.compile(r"\b(?:truoc|chậm nhat|cham nhat)\s(?:ngay\s)?(\d{1,2}(?:/\d{1,2})?(?:/\d{4})?[^.;,]{0,30})")
_INDICES: tuple[tuple[str, str], ...] = (
    ("SIPAS", r"\bsipas\b"),
    ("PAPI", r"\bpap[il]\b"),
    ("PAR Index", r"\bpar[\s-]?index\b"),
    ("PCI", r"\bpci\b"),
    ("DTI", r"\bdti\b"),
    ("DDCI", r"\bddci\b"),
)


def find_reports(said: Iterable[Sentence]) -> tuple[Report, ...]:
    """Duties to report; passing on difficulties ("nếu có khó khăn, vướng mắc … báo cáo") is none."""
    found: list[Report] = []
    for sentence in said:
        if sentence.role not in ("organisation", "requirements", "other", "tasks") or not _REPORTS.search(
            sentence.folded
        ):
            continue
        if _TROUBLE.search(sentence.folded) or not _is_duty(sentence):
            continue
        due = _DUE.search(sentence.folded)
        for period in _periods(sentence.folded) or [None]:
            found.append(
                Report(
                    text=sentence.text,
                    who=sentence.owner or _subject(sentence),
                    to=_to(sentence),
                    period=period,
                    source=sentence.source,
                    due=one_line(sentence.text[due.start(1) : due.end(1)]) if due else None,
                )
            )
    return tuple(found)


def _subject(sentence: Sentence) -> str | None:
    """The body that opens the sentence ("Các chi đoàn gửi báo cáo …")."""
    name = body_name(sentence.text)
    return name if names_body(sentence.text) and len(name.split()) <= 12 else None


def _is_duty(sentence: Sentence) -> bool:
    """ "báo cáo" as something to do: not "Báo cáo số …" and not a mere heading."""
    return (
        bool(_AFTER.search(sentence.folded))
        and not re.search(r"b[a-z]o c[a-z]o so \d", sentence.folded)
        and len(sentence.text.split()) > 4
    )


def _periods(folded: str) -> list[str | None]:
    found: list[str | None] = [period for period, pattern in _PERIODS if re.search(pattern, folded)]
    return found


def _to(sentence: Sentence) -> str | None:
    match = _TO.search(sentence.folded)
    if not match:
        helped = _HELPS.search(sentence.folded)
        return restore_body(sentence.text[helped.start(1) : helped.end(1)]) if helped else None
    name = next(n for n in ("to", "direct", "sent") if match[n])
    raw = sentence.text[match.start(name) : match.end(name)]
    inner = re.search(r"\(([^)]{4,60})\)?", raw)
    if inner:
        through = re.match(r"(?:thong )?qua |de |b/c", fold(inner[1])) or not _STANDING.search(
            fold(raw[: inner.start()])
        )
        raw = raw[: inner.start()] if through else inner[1]
    stop = _STOP.search(fold(raw))
    return restore_body(one_line(raw[: stop.start()] if stop else raw)).strip(" ,.") or None


def find_indices(text: str) -> tuple[str, ...]:
    folded = fold(text)
    return tuple(name for name, pattern in _INDICES if re.search(pattern, folded))
