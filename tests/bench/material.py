"""A plan of a hundred pages, grown from the sample plan of an invented ward, in every format that is read; and runs of
signs that cost a careless pattern the square of their length."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import pypdfium2

from campaigns.reading.labels import ROMANS
from publisher.samples.make_docx import make

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
TIMES = 17  # so often each theme and each task comes back, as of another neighbourhood; labels stay below 100
VOLUMES = 3  # … in so many sections of the same kind: a hundred pages of A4 in all
# What is repeated, by name.
HOSTILE = {
    "letters": "a) ", "numbers": "1. ", "brackets": "(", "money": "kinh phí ", "tabs": "\t", "symbols": "số ",
    "dashes": "-", "payees": "Báo A và", "words": "a ", "digits": "1", "points": "1.", "days": "ngày ", "pipes": "| ",
    "owners": "của ", "marks": "**", "links": "[^1]", "spaces": "\u00a0", "mail": "a@", "law": "Nghị định số ",
}  # fmt: skip
LONG = ("NỘI DUNG TUYÊN TRUYỀN", "TỔ CHỨC THỰC HIỆN")


def grown(times: int = TIMES, volumes: int = VOLUMES) -> str:
    """The sample with its themes, tasks and budget rows `times` over, numbered on, no two sentences the same."""
    parts = re.split(r"(?m)^(?=## )", SAMPLE.read_text("utf-8"))
    numerals, told = iter(ROMANS), []
    for part in parts:
        for volume in range(1, volumes + 1 if any(words in part.split("\n", 1)[0] for words in LONG) else 2):
            grown_part = _grow(part, times, volume, last=volume == volumes)
            told.append(re.sub(r"^## [IVX]+\.", lambda _: f"## {next(numerals)}.", grown_part))
    return "".join(told)


def _grow(part: str, times: int, volume: int, *, last: bool) -> str:
    heading = part.split("\n", 1)[0]
    if any(words in heading for words in LONG):
        body, end = re.match(r"(?s)## [^\n]*\n(.*?)(\nTrên đây.*|\Z)", part).groups()  # type: ignore[union-attr]
        named = heading if volume == 1 else f"{heading}, ĐỢT {volume}"
        return f"{named}\n{_numbered_on(body, times, volume)}{end if last else ''}"
    return _more_rows(part, times) if "PHỤ LỤC" in heading else part


def _numbered_on(body: str, times: int, volume: int) -> str:
    items = re.split(r"(?m)^\d+\. ", body)[1:]
    more = [_of_place(item, n) for n in range(volume * times - times, volume * times) for item in items]
    return "\n" + "".join(f"{at}. {item}" for at, item in enumerate(more, 1))


def _of_place(item: str, n: int) -> str:
    return re.sub(r"[.;]?\s*$", "", item).replace(".\n", f" ở tổ dân phố số {n + 1}.\n") + f", khu {n + 1}.\n\n"


def _more_rows(part: str, times: int) -> str:
    row = "| {0} | Đợt {0}: in tờ rơi cho tổ dân phố số {0} | Nhà in được lựa chọn | Tháng 8/2026 | {0}.500.000 |\n"
    return re.sub(r"(?m)^(?=\|  \| Tổng)", "".join(row.format(n) for n in range(6, 6 + 2 * times)), part)


def text(markdown: str, width: int = 92) -> str:
    """As an extractor leaves it: hard wraps, a blank line after every paragraph, a page number every forty lines."""
    lines: list[str] = []
    for paragraph in markdown.splitlines():
        plain = re.sub(r"^#+ |\*\*", "", paragraph)
        lines += [plain] if plain.startswith("|") or not plain else _wrapped(plain, width)
        if len(lines) // 40 > len(pages := [line for line in lines if line.startswith("- ") and line.endswith(" -")]):
            lines += ["", f"- {len(pages) + 1} -", ""]
    return "\n".join(lines)


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def pdf(docx: bytes) -> bytes:
    """The same document as an office exports it: by LibreOffice, with a text layer and embedded fonts."""
    with tempfile.TemporaryDirectory(prefix="tincoso-bench-") as folder:
        source = Path(folder) / "ke-hoach.docx"
        source.write_bytes(docx)
        command = ["soffice", f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless",
                   "--convert-to", "pdf", "--outdir", folder, str(source)]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
        return source.with_suffix(".pdf").read_bytes()


def all_formats() -> dict[str, bytes]:
    """The bytes of the plan by format: txt, md, docx, pdf."""
    markdown = grown()
    docx = make(markdown)
    return {"txt": text(markdown).encode(), "md": markdown.encode(), "docx": docx, "pdf": pdf(docx)}


def pages(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as document:
        return len(document)
