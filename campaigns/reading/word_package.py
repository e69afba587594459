"""A packed document (.docx, .odt) looked over before anything opens it: what would harm is refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from campaigns.reading.limits import Limits
from campaigns.reading.refusal import PlanRefused

_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_package(data: bytes, limits: Limits, content: str = "word/document.xml") -> None:
    """Refuse a harmful package before anything opens it, and one without `content`.

    PlanRefused: `broken_docx`, `not_word`, `zip_bomb`, `unsafe_xml`, `encrypted`, `has_macros`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_entries(entries, limits)
            _check_contents(package, entries, limits)
            names = {entry.filename for entry in entries}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise PlanRefused(
            "broken_docx", "Tệp .docx bị hỏng, không mở được. Hãy mở bằng Word, lưu lại rồi nạp lại."
        ) from error
    if content not in names:
        raise PlanRefused(
            "not_word",
            "Tệp nén này không phải văn bản Word. Hãy nạp kế hoạch ở dạng .docx, .pdf có lớp chữ, .md hoặc .txt.",
        )
    if any(_is_program(n) for n in names):
        raise has_macros()


def _is_program(name: str) -> bool:
    return name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/"))


def has_macros() -> PlanRefused:
    return PlanRefused(
        "has_macros",
        "Tệp có macro (chương trình chạy kèm văn bản) nên bị từ chối vì không an toàn. Hãy mở bằng Word, lưu lại thành "
        ".docx (không có macro) rồi nạp lại.",
    )


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise PlanRefused("encrypted", "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi nạp lại.")
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.zip_entries or total > limits.unzipped_bytes:
        raise _bomb()


def _check_contents(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack piece by piece: sizes in a package may lie, and XML parts may declare entities."""
    left = limits.unzipped_bytes
    for entry in entries:
        with package.open(entry) as part:
            is_xml, head = entry.filename.lower().endswith((".xml", ".rels")), b""
            while chunk := part.read(1 << 16):
                left -= len(chunk)
                if left < 0:
                    raise _bomb()
                if is_xml and _declares_entities(head + chunk):
                    raise PlanRefused(
                        "unsafe_xml",
                        "Tệp .docx chứa khai báo XML nguy hiểm (DOCTYPE/ENTITY) nên bị từ chối. Hãy lưu lại văn bản "
                        "bằng Word rồi nạp lại.",
                    )
                head = chunk[-16:]


def _declares_entities(piece: bytes) -> bool:
    return bool(_DECLARES.search(piece) or _DECLARES.search(piece.replace(b"\0", b"")))


def _bomb() -> PlanRefused:
    return PlanRefused(
        "zip_bomb",
        "Tệp .docx bung ra quá lớn so với một kế hoạch nên bị từ chối. Hãy lưu lại văn bản bằng Word rồi nạp lại.",
    )
