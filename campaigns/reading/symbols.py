"""Numbers of Vietnamese administrative documents ("63/2010/NĐ-CP", "15-KH/ĐU"), read through OCR noise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.reading.folding import fold

KIND_OF_SYMBOL = {
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "NQLT": "Nghị quyết liên tịch",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "KHLT": "Kế hoạch",
    "KHPH": "Kế hoạch",
    "CTPH": "Chương trình",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "TTr": "Tờ trình",
    "HD": "Hướng dẫn",
    "BC": "Báo cáo",
    "TB": "Thông báo",
    "CTr": "Chương trình",
    "CTrHĐ": "Chương trình",
    "CĐ": "Công điện",
    "CV": "Công văn",
    "KL": "Kết luận",
    "ĐA": "Đề án",
    "PA": "Phương án",
    "QC": "Quy chế",
    "L": "Luật",
    "PL": "Pháp lệnh",
}
_SPELLED = {"nd": "NĐ", "ndb": "NĐ", "nb": "NĐ", "np": "NĐ", "qd": "QĐ", "qb": "QĐ", "qp": "QĐ", "da": "ĐA"}
_KINDS = {fold(symbol): symbol for symbol in KIND_OF_SYMBOL} | _SPELLED
ORGANS = {
    "cp": "CP", "ttg": "TTg", "ubnd": "UBND", "hdnd": "HĐND", "hpnd": "HĐND", "ubtvqh": "UBTVQH", "tw": "TW",
    "tu": "TU", "du": "ĐU", "hu": "HU", "qu": "QU", "vpcp": "VPCP", "ctn": "CTN", "vp": "VP", "mttq": "MTTQ",
    "bch": "BCH",
}  # fmt: skip
_LETTERS = "A-ZĐÂƯƠÔÊĂ"
_STATE = re.compile(
    rf"(?<![\w/,.])(?P<no>[0-9]{{1,5}}[a-zA-Z]?)\s?/\s?(?:(?P<year>(?:19|20)[0-9][0-9])\s?/\s?)?"
    rf"(?:(?P<law>(?:UBTV)?QH[0-9]{{1,2}})|(?P<kind>[{_LETTERS}][{_LETTERS}a-z]{{0,9}})"
    rf"(?P<sep>\s?[-–]\s?-?\s?|\s)(?P<organ>[{_LETTERS}][\w&.]*(?:[-/][{_LETTERS}][\w&]*)*))"
)
_PARTY = re.compile(
    r"(?<![\w/,.])(?P<no>[0-9]{1,5}[a-z]?)(?P<sep>\s?-\s?|\s)(?P<kind>NQ|CT|KH|QĐ|KL|HD|BC|TB|CTr|ĐA|QC|"
    r"CV)\s?/\s?(?P<organ>[A-ZĐ][\w-]*)"
)
_LETTER = re.compile(
    rf"(?<=văn số )(?P<no>[0-9]{{1,5}})\s?/\s?(?P<organ>[{_LETTERS}]{{2,}}[a-z]?[{_LETTERS}]*)(?![\w/-])"
)


@dataclass(frozen=True, slots=True)
class Number:
    """`text` normalised; `kind` in Vietnamese; `organ` the issuing part of the symbol ("CP", "UBND-KSTTHC")."""

    text: str
    kind: str
    organ: str
    start: int
    end: int


def find_numbers(text: str) -> Iterator[Number]:
    """Every document number in `text`, in order of place."""
    found = [n for n in (_state(m, text) for m in _STATE.finditer(text)) if n]
    found += [_party(m) for m in _PARTY.finditer(text)]
    found += [
        Number(f"{m['no']}/{m['organ']}", "Công văn", m["organ"], m.start(), m.end()) for m in _LETTER.finditer(text)
    ]
    return iter(sorted(found, key=lambda n: n.start))


def _state(match: re.Match[str], text: str) -> Number | None:
    year = f"{match['year']}/" if match["year"] else ""
    head = f"{match['no']}/{year}"
    if match["law"]:
        resolution = re.search(r"nghi quyet(?: so)?\s?:?\s*$", fold(text[max(0, match.start() - 24) : match.start()]))
        return Number(head + match["law"], "Nghị quyết" if resolution else "Luật", "QH", match.start(), match.end())
    kind, organ = kind_symbol(match["kind"]), organ_symbol(match["organ"])
    dashed = bool(match["sep"].strip())
    if kind is None and dashed and match["kind"].upper() == match["kind"] and len(match["kind"]) >= 2:
        letter = organ_symbol(match["kind"])
        return Number(f"{head}{letter}-{organ}", "Công văn", letter, match.start(), match.end())
    if kind is None or not (dashed or fold(match["organ"]) in ORGANS):
        return None
    return Number(f"{head}{kind}-{organ}", KIND_OF_SYMBOL[kind], organ, match.start(), match.end())


def _party(match: re.Match[str]) -> Number:
    return Number(
        f"{match['no']}{match['sep'].strip() or ' '}{match['kind']}/{match['organ']}",
        KIND_OF_SYMBOL[match["kind"]],
        match["organ"],
        match.start(),
        match.end(),
    )


def kind_symbol(text: str) -> str | None:
    """ "NDb" → "NĐ", "QB" → "QĐ"; None when it is no kind of document."""
    if text in KIND_OF_SYMBOL:
        return text
    if fold(text) == "ctr" or text.lower() == "ttr":
        return {"ctr": "CTr", "ttr": "TTr"}[fold(text)]
    return _KINDS.get(fold(text))


def organ_symbol(text: str) -> str:
    """The issuer's letters with known ones spelled right: "HDND" → "HĐND", "CP." → "CP"."""
    parts = re.split(r"([-/])", text.rstrip("."))
    return "".join(ORGANS.get(fold(p), p) for p in parts)
