"""The three real plans beside the checkout, our own samples, and makers of .docx and .pdf files."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document as new_docx
from ruamel.yaml import YAML

from campaigns.reading import Reading, read_plan

HERE = Path(__file__).parent
PLANS = Path(__file__).parents[3] / ".." / "shared" / "plans"


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What the real plans hold, by file name."""
    documents = YAML(typ="safe").load((PLANS / "truth.yaml").read_text("utf-8"))["documents"]
    return {document["file"]: document for document in documents}


@pytest.fixture(scope="session")
def real() -> Callable[[str], Reading]:
    """Readings of the real plans by file name, each read once."""
    read: dict[str, Reading] = {}

    def reading(name: str) -> Reading:
        if name not in read:
            read[name] = read_plan((PLANS / name).read_bytes(), name)
        return read[name]

    return reading


@pytest.fixture(scope="session")
def sample() -> Callable[[str], bytes]:
    return lambda name: (HERE / "samples" / name).read_bytes()


@pytest.fixture
def docx() -> Callable[..., bytes]:
    """A .docx made by a function that gets the empty document."""

    def make(fill: Callable[[Any], None]) -> bytes:
        document = new_docx()
        fill(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    return make_pdf


def make_pdf(
    pages: list[list[tuple[float, float, str]]],
    rules: list[tuple[float, float, float, float]] = (),  # type: ignore[assignment]
    *,
    everywhere: bool = False,
) -> bytes:
    """A small PDF with a text layer: per page texts at (x, y from the top), `rules` as lines (x0, y0, x1, y1) on the
    first page or `everywhere`. Two-byte codes and a ToUnicode map carry Vietnamese; no font program is embedded."""
    letters = sorted({c for page in pages for _, _, text in page for c in text})
    code = {c: i + 1 for i, c in enumerate(letters)}
    cmap = "\n".join(f"<{n:04X}> <{ord(c):04X}>" for c, n in code.items())
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(code)} beginbfchar\n{cmap}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    objects = [b"", b"", _stream(to_unicode), *_FONT]
    kids = []
    for index, page in enumerate(pages):
        content = "".join(
            f"BT /F1 12 Tf 1 0 0 1 {x} {842 - y} Tm <{''.join(f'{code[c]:04X}' for c in text)}> Tj ET\n"
            for x, y, text in page
        )
        if index == 0 or everywhere:
            content += "".join(f"{a} {842 - b} m {c} {842 - d} l S\n" for a, b, c, d in rules)
        objects.append(_stream(content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    return _assemble(objects)


_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 3 0 "
    b"R >>",
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
    b"/Supplement 0 >> /DW 500 /FontDescriptor 6 0 R >>",
    b"<< /Type /FontDescriptor /FontName /Plain /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 "
    b"/Descent -200 /CapHeight 700 /StemV 80 >>",
)


def _stream(text: str) -> bytes:
    data = text.encode("ascii")
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _assemble(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)
