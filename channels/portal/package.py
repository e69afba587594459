"""What an editor gets to put one article into a CMS we cannot reach: files of one package. Pure.

phieu-dang-bai.docx      the copy sheet: what goes into which box, and what to do, in order
bai-viet.html            the body as the CMS takes it: plain tags, pictures by the names of the files beside it
xem-thu.html             the same as a page, to look at and to copy from with its formatting
bai-viet.txt             the words alone
thong-tin.json           every box by name, for a CMS that reads it one day
anh/01-<name>.jpg        the pictures in their order
goi-dang-bai.zip         all of it in one file
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from channels.paper import day, line, packed, sheet
from channels.text import slug

ZIP = "goi-dang-bai.zip"
SHEET = "phieu-dang-bai.docx"
BODY = "bai-viet.html"
TYPE = 13  # points
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of the editor: `act` is publish, correct or withdraw; `link` is where the article stands."""

    act: str
    number: str  # the delivery
    issued_at: datetime  # aware, local
    due_at: datetime
    link: str = ""

    @property
    def title(self) -> str:
        return {"publish": "PHIẾU ĐĂNG BÀI", "correct": "PHIẾU SỬA BÀI ĐÃ ĐĂNG", "withdraw": "PHIẾU GỠ BÀI"}[self.act]


def files_of(body: Body, job: Job, media: Callable[[str], bytes]) -> dict[str, bytes]:
    """The files by name, the zip of them all last. Raises `KeyError` for a picture nobody has any more."""
    made = {
        SHEET: copy_sheet(body, job),
        BODY: (fragment(body) + "\n").encode(),
        "xem-thu.html": page(body).encode(),
        "bai-viet.txt": plain(body).encode(),
        "thong-tin.json": json.dumps(boxes(body), ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n",
        **{picture_file(place, shown): media(shown["sha256"]) for place, shown in enumerate(body["pictures"], 1)},
    }
    return {**made, ZIP: zipped(made)}


def boxes(body: Body) -> dict[str, Any]:
    """The boxes of an editor's form, by the names most of them have."""
    return {
        "tieu_de": body["title"],
        "trich_yeu": body["lead"],
        "chuyen_muc": body["category"],
        "tu_khoa": body["keywords"],
        "mo_ta_tim_kiem": body["description"],
        "duong_dan_goi_y": body["slug"],
        "tac_gia": body["author"],
        "nguon": body["publisher"]["name"],
        "anh": [
            {
                "tep": picture_file(place, shown),
                "mo_ta": shown["alt"],
                "nguon": shown["source"],
                "rong": shown["width"],
                "cao": shown["height"],
            }
            for place, shown in enumerate(body["pictures"], 1)
        ],
    }


def fragment(body: Body) -> str:
    """The body of the article: pictures first, each with its caption, then the words."""
    shown = [_figure(place, picture) for place, picture in enumerate(body["pictures"], 1)]
    footer = [f"<p>{escape(words)}</p>" for words in body["footer"].split("\n") if words.strip()]
    return "\n".join([*shown, body["html"], *footer])


def page(body: Body) -> str:
    lead = f"<p><strong>{escape(body['lead'])}</strong></p>\n" if body["lead"] else ""
    return (
        '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(body['title'])}</title>\n</head>\n<body>\n<h1>{escape(body['title'])}</h1>\n"
        f"{lead}{fragment(body)}\n</body>\n</html>\n"
    )


def plain(body: Body) -> str:
    return "\n\n".join(part for part in (body["title"], body["lead"], body["text"], body["footer"]) if part) + "\n"


def picture_file(place: int, shown: Mapping[str, Any]) -> str:
    name = slug(shown["alt"])[:50].strip("-") or "anh"
    return f"anh/{place:02}-{name}.{_ENDINGS[shown['media_type']]}"


def copy_sheet(body: Body, job: Job) -> bytes:
    """The sheet as .docx; the same article and job are the same bytes."""
    owner = body["publisher"]["name"]
    document = sheet(title=f"{job.title.capitalize()}: {body['title']}", author=owner, dated=job.issued_at, size=TYPE)
    line(document, owner.upper(), bold=True, after=8)
    line(document, job.title, size=15, bold=True, centred=True, after=2)
    line(document, f"Mã: {job.number}, lập ngày {day(job.issued_at)}", italic=True, centred=True, after=10)
    for heading, lines in parts(body, job):
        line(document, heading, bold=True, after=3).paragraph_format.keep_with_next = True
        for words in lines:
            line(document, words, after=4)
    line(document, "Người đăng (ký, ghi rõ họ tên): " + "." * 40, after=4)
    line(document, "Đăng lúc ____:____ ngày ____/____/______", after=4)
    return packed(document)


def parts(body: Body, job: Job) -> list[tuple[str, list[str]]]:
    """Headings and their lines, in the order the editor works."""
    if job.act == "withdraw":
        return [
            ("1. Việc cần làm", _steps(body, job)),
            ("2. Bài cần gỡ", [body["title"], job.link or "(chưa rõ địa chỉ)"]),
        ]
    given = boxes(body)
    rows = [
        ("Tiêu đề", given["tieu_de"]),
        ("Trích yếu (sa-pô)", given["trich_yeu"]),
        ("Chuyên mục", given["chuyen_muc"]),
        ("Từ khóa", ", ".join(given["tu_khoa"])),
        ("Mô tả cho công cụ tìm kiếm", given["mo_ta_tim_kiem"]),
        ("Tác giả", given["tac_gia"]),
        ("Nguồn", given["nguon"]),
        ("Đường dẫn gợi ý", given["duong_dan_goi_y"]),
    ]
    pictures = [f"{one['tep']}: {one['mo_ta']}{_credit(one['nguon'])}" for one in given["anh"]]
    return [
        ("1. Việc cần làm", _steps(body, job)),
        ("2. Chép vào từng ô", [f"{label}: {value}" for label, value in rows if value]),
        (
            "3. Nội dung",
            [f"Dán tệp {BODY} vào ô soạn thảo ở chế độ mã nguồn, hoặc mở xem-thu.html rồi chép phần thân."],
        ),
        *([("4. Ảnh, tải lên theo thứ tự", pictures)] if pictures else []),
    ]


def _steps(body: Body, job: Job) -> list[str]:
    due = f"{job.due_at:%H:%M} ngày {day(job.due_at)}"
    back = "Dán đường dẫn của bài vào lượt đăng trong phần mềm: phần mềm mở bài ra và đối chiếu với bản đã duyệt."
    if job.act == "withdraw":
        return [
            f"Mở {body['portal']}, gỡ bài nêu dưới đây ngay.",
            "Vào lượt gỡ trong phần mềm, bấm đối chiếu: phần mềm mở địa chỉ và xem bài còn không.",
        ]
    if job.act == "correct":
        return [
            f"Mở bài đang đăng: {job.link or '(tìm theo tiêu đề)'}",
            "Thay toàn bộ nội dung bằng bản mới dưới đây, giữ nguyên địa chỉ bài.",
            back,
        ]
    return [
        f"Đăng nhập {body['portal']}, tạo bài mới, điền các ô dưới đây. Đăng lúc {due}.",
        "Không sửa chữ: bản này đã được duyệt. Thấy sai thì báo người soạn.",
        back,
    ]


def zipped(made: Mapping[str, bytes]) -> bytes:
    """One file of all; no entry carries a clock time, so the same files are the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(made):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            target.writestr(entry, made[name], compresslevel=6)
    return buffer.getvalue()


def digest_of(made: Mapping[str, bytes]) -> str:
    return hashlib.sha256(made[ZIP]).hexdigest()


def _figure(place: int, shown: Mapping[str, Any]) -> str:
    told = shown["alt"] + _credit(shown["source"])
    caption = f"<p><em>{escape(told)}</em></p>" if told else ""
    size = f'width="{shown["width"]}" height="{shown["height"]}"'
    return f'<p><img src="{picture_file(place, shown)}" alt="{escape(shown["alt"])}" {size}></p>{caption}'


def _credit(source: str) -> str:
    return f" (nguồn: {source})" if source else ""
