"""A plan of a hundred pages, grown from the sample plan of an invented ward, in every format that is read."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from publisher.samples.make_docx import make

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
TIMES = 28  # so often each theme and each task comes back, as of another neighbourhood: a hundred pages of A4


def grown(times: int = TIMES) -> str:
    """The sample with its themes, tasks and budget rows `times` over, numbered on, no two sentences the same."""
    parts = re.split(r"(?m)^(?=## )", SAMPLE.read_text("utf-8"))
    return "".join(_grow(part, times) for part in parts)


def _grow(part: str, times: int) -> str:
    heading = part.split("\n", 1)[0]
    if "NỘI DUNG TUYÊN TRUYỀN" in heading or "TỔ CHỨC THỰC HIỆN" in heading:
        head, body, end = re.match(r"(?s)(## [^\n]*\n)(.*?)(\nTrên đây.*|\Z)", part).groups()  # type: ignore[union-attr]
        return head + _numbered_on(body, times) + end
    return _more_rows(part, times) if "PHỤ LỤC" in heading else part


def _numbered_on(body: str, times: int) -> str:
    items = re.split(r"(?m)^\d+\. ", body)[1:]
    more = [_of_place(item, n) for n in range(times) for item in items]
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
        if len(lines) % 40 == 0:
            lines += ["", f"- {len(lines) // 40 + 1} -", ""]
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


def all_formats(times: int = TIMES) -> dict[str, bytes]:
    markdown = grown(times)
    docx = make(markdown)
    return {"txt": text(markdown).encode(), "md": markdown.encode(), "docx": docx, "pdf": pdf(docx)}
