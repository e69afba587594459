"""Which format a file really has, by its first bytes; its name decides nothing."""

from __future__ import annotations

from campaigns.reading.document import Document, Progress, check_lines
from campaigns.reading.legacy_fonts import refuse_legacy_fonts
from campaigns.reading.limits import Limits
from campaigns.reading.markdown import strip_marks
from campaigns.reading.office import needs_libreoffice, office_format, refuse_unconvertible
from campaigns.reading.pdf import read_pdf
from campaigns.reading.plain_text import read_text
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.word import read_docx

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")


def load(data: bytes, name: str, limits: Limits, progress: Progress | None = None) -> Document:
    """The document as lines; `progress` is told pages of a PDF, parts of a .docx.

    Raises PlanRefused for what is empty, too large, of an unknown format or harmful."""
    if len(data) > limits.file_bytes:
        raise PlanRefused(
            "too_large",
            f"Tệp nặng {len(data) // 1_000_000} MB, quá giới hạn {limits.file_bytes // 1_000_000} MB. "
            "Hãy bỏ ảnh thừa hoặc tách riêng phần kế hoạch.",
        )
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf\xff\xfe"):
        raise PlanRefused("empty_file", "Tệp trống, không có chữ nào để đọc. Hãy kiểm tra lại tệp rồi nạp lại.")
    document = _by_content(data, name, limits, progress)
    check_lines(document.lines, limits)
    refuse_legacy_fonts(document.lines)
    document.notes = [line for line in document.lines if line.note and line.text.strip()]
    document.lines = [line for line in document.lines if not line.note]
    if not any(line.text.strip() for line in document.lines):
        raise PlanRefused("empty_file", "Tệp không chứa chữ nào để đọc. Hãy kiểm tra lại tệp rồi nạp lại.")
    return document


def _by_content(data: bytes, name: str, limits: Limits, progress: Progress | None) -> Document:
    if old := office_format(data):
        refuse_unconvertible(data, old, limits)
        raise needs_libreoffice(old)
    if data.startswith(b"PK\x03\x04"):
        return strip_marks(read_docx(data, name, limits, progress))
    if b"%PDF-" in data[:1024]:
        return strip_marks(read_pdf(data, name, limits, progress))
    if data.startswith(_IMAGES):
        raise PlanRefused(
            "image_file",
            "Tệp là ảnh chụp, không có lớp chữ. Hãy nhận dạng chữ (OCR) rồi nạp tệp .docx, .pdf hoặc .txt.",
        )
    if data.lstrip()[:5].lower() == b"{\\rtf":
        raise PlanRefused("rtf_file", "Tệp ở định dạng RTF. Hãy lưu lại thành .docx rồi nạp lại.")
    return strip_marks(read_text(data, name))
