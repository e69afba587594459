"""The end of the document: who signed, by what authority, and who receives it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from campaigns.reading.document import Line
from campaigns.reading.folding import fold, is_upper, near, one_line
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import PlanWarning, Signer, Source

Warn = Callable[[PlanWarning], None]
_AUTHORITY = re.compile(
    r"(?<!\w)(?:(?:T/?M|KT|TL|TUQ|Q|K/T|T/L)\s?[.]\s?[A-ZĐÂĂÊÔƠƯÀ-Ỹ]|(?:T/M|K/T|T/L)\s+[A-ZĐÂĂÊÔƠƯÀ-Ỹ]{2}).*$"
)
_OFFICES = (
    "chủ tịch", "phó chủ tịch", "giám đốc", "phó giám đốc", "trưởng ban", "phó trưởng ban", "trưởng phòng",
    "phó trưởng phòng", "bí thư", "phó bí thư", "phó bí thư thường trực", "hiệu trưởng", "phó hiệu trưởng",
    "chánh văn phòng", "phó chánh văn phòng", "cục trưởng", "phó cục trưởng", "bộ trưởng", "thứ trưởng", "trạm trưởng",
    "thủ trưởng", "tổng giám đốc", "trưởng đài", "trưởng công an", "phó trưởng công an", "viện trưởng", "chi cục "
    "trưởng",
    "chánh thanh tra", "chủ nhiệm", "phó chủ nhiệm", "tổng biên tập", "quyền chủ tịch", "phó chủ tịch thường trực",
)  # fmt: skip
_OFFICE_BEHIND = re.compile(
    r"[;.,:)\s]\s*((?:(?:pho|quyen|\S{2,4}\s\.)\s)?(?:ch\S tich|giam doc|truong \w+|bi thu|hieu truong))\s*$"
)
_BREAKS = re.compile(
    r"\b(?:KT|TL|TUQ)\s?\.|(?<!KT\.)(?<!TL\.)(?<!KT\.\s)(?<!TL\.\s)(?<!PHÓ\s)(?<!\w)(?:PHÓ\s)?(?:CHỦ TỊCH|GIÁM ĐỐC|"
    r"TRƯỞNG BAN|HIỆU TRƯỞNG|BÍ THƯ|TRƯỞNG PHÒNG|THỨ TRƯỞNG|BỘ TRƯỞNG|CHÁNH VĂN PHÒNG)"
)
_NAME = re.compile(r"^(?:[A-ZĐ][\w’'-]*\.?\s+)?[^\W\d_]+(?:\s+[^\W\d_]+){1,4}$")
_PREFIX = re.compile(
    r"^(?:(?:ThS|TS|BS|BSCK\s?I{1,2}|CN|KS|PGS|GS|Ths|Bs|CKI{1,2}|TTND|TTƯT|NGND|NGƯT|DS|Ds|LS)\b\.?\s*)+"
    r"|^(?:Đại|Thượng|Trung|Thiếu)\s(?:tá|úy|tướng)\s+"
)
_MARKS = re.compile(r"^\W*(?:đã ký|da ky|ký tên|đóng dấu|đã kí).*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tail:
    signer: Signer | None
    source: Source | None
    recipients: tuple[str, ...]


def read_tail(paragraphs: list[Paragraph], warn: Warn) -> Tail:
    """Signer and recipients of the signature block; an unreadable name is None, with a warning."""
    pieces = [piece for paragraph in paragraphs for line in paragraph.lines for piece in _pieces(line, paragraph.file)]
    authority: list[tuple[str, Source]] = []
    name: tuple[str, Source] | None = None
    for text, source in pieces:
        office = _authority(text)
        if office and name is None:
            authority.append((office, source))
        elif authority and name is None and _is_broken_authority(authority[-1][0], text):
            authority[-1] = (f"{authority[-1][0]} {one_line(text)}", source)
        elif authority and name is None and _is_name(text):
            name = (_PREFIX.sub("", one_line(text)) or text, source)
    recipients = tuple(t for t in (_recipient(p) for p, _ in pieces) if t)
    if not authority:
        warn(PlanWarning("missing_signer", "Không đọc được khối chữ ký; cần người điền người ký và chức vụ."))
        return Tail(None, None, recipients)
    if name is None:
        warn(PlanWarning("missing_signer", "Không đọc được tên người ký; cần người điền.", authority[-1][1]))
    lines = tuple(text for text, _ in authority)
    first, last = authority[0][1], (name or authority[-1])[1]
    source = Source(
        first.file,
        first.page,
        (first.lines[0], max(first.lines[0], last.lines[1])),
        "\n".join([*lines, *([name[0]] if name else [])]),
    )
    return Tail(Signer(name[0] if name else None, lines[-1], lines), source, recipients)


def _is_broken_authority(before: str, text: str) -> bool:
    """ "TM. ỦY" / "BAN NHÂN DÂN": an authority that the narrow column of a web page broke in two."""
    whole = fold(f"{before} {one_line(text)}")
    return bool(re.match(r"^t/?m\s?\.\s?u\S?\s?(?:ban\s?)?(?:nhan\s?)?(?:dan)?", whole)) and (
        fold(one_line(text)) in ("uy ban nhan dan", "ban nhan dan", "nhan dan", "dan")
    )


def _pieces(line: Line, file: str) -> list[tuple[str, Source]]:
    """The texts of a line, columns apart: table cells, or parts divided by wide space, or a merged authority."""
    texts = [t for cell in line.cells for t in cell.split("\n")] if line.cells else re.split(r"\s{4,}", line.text)
    result: list[str] = []
    for text in texts:
        match = _AUTHORITY.search(text)
        at = match.start() if match else _office_at(text)
        result += [text[:at], *_stacked(text[at:])] if at else _stacked(text)
    return [(t.strip(), Source(file, line.page, (line.no, line.no), t.strip())) for t in result if t.strip()]


def _stacked(text: str) -> list[str]:
    """A signature block that lost its line breaks ("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Võ Văn Ví") in its
    lines again; anything else as it is."""
    text = text.strip(" |")
    tokens = text.split()
    capitals = next((i for i, t in enumerate(tokens) if not t.isupper()), len(tokens))
    head, name = " ".join(tokens[:capitals]), tokens[capitals:]
    if "\n" in text or not 2 <= len(name) <= 5 or not all(t[:1].isupper() and t.isalpha() for t in name):
        return [text]
    offices = [m.start() for m in _BREAKS.finditer(head)]
    if not offices or not _authority(head[offices[-1] :]):
        return [text]
    lines = [head[a:b].strip() for a, b in itertools.pairwise([*dict.fromkeys([0, *offices]), len(head)])]
    return [*lines, " ".join(name)]


def _office_at(text: str) -> int:
    """Where an office in capitals begins behind other text ("…(để b/cáo); PHÓ CHỦ TỊCH"), 0 when nowhere."""
    match = _OFFICE_BEHIND.search(fold(text))
    behind = match and len(text[: match.start(1)].strip()) > 8 and is_upper(text[match.start(1) :])
    return match.start(1) if match and behind else 0


def _authority(text: str) -> str | None:
    """The text as a line of authority, known offices spelled right where OCR took their marks; None if it is none."""
    text = one_line(text).strip(" *_.,;")
    if not is_upper(text) or len(text) > 120:
        return None
    if _AUTHORITY.match(text):
        return _restore(text)
    for office in _OFFICES:
        if near(text, office) and len(text) < len(office) + 4:
            return office.upper()
    garbled = re.match(r"^\S{2,4}\s\.?\s?(CHU TICH|CHỦ TỊCH)$", text)
    return "PHÓ CHỦ TỊCH" if garbled else None


def _restore(text: str) -> str:
    head, _, rest = text.partition(".")
    for known in ("ủy ban nhân dân", *_OFFICES):
        if text.isascii() and near(rest, known):
            return f"{head}. {known.upper()}"
    return f"{head.strip()}. {rest.strip()}" if rest else text


def _is_name(text: str) -> bool:
    text = _PREFIX.sub("", one_line(text)).strip(" *_.")
    words = text.split()
    if not 2 <= len(words) <= 6 or _MARKS.match(text) or not _NAME.match(text) or text.startswith("-"):
        return False
    return (all(w[:1].isupper() for w in words) and not text.isascii()) or (
        len(words) >= 3 and all(w[:1].isupper() for w in words)
    )


def _recipient(text: str) -> str | None:
    match = re.match(r"^[-–—•+]\s*(.{3,200})$", text)
    return one_line(match[1]).rstrip(" ;.,✓") if match else None
