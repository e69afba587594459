"""What a person may correct in a reading: every field with its kind, its Vietnamese name and what it accepts. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MOST_ITEMS = 20  # items one field may name
MOST_COUNT = 1_000_000
MOST_DONG = 10**15  # a thousand times a province's yearly budget: more is a slip of the finger


class BadCorrection(ValueError):
    """The value does not fit its field, or the place cannot be corrected. The message says what would fit."""


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, long, date, year, count, amount, choice, choices, flag or item. `words` names it for people;
    `empty` says whether it may be left without a value; `choices` are code → label; `parts` the fields of an item."""

    kind: str
    words: str
    empty: bool = True
    most: int = 300
    choices: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Field] = field(default_factory=dict)

    def read(self, value: Any) -> Any:
        """The value as it is kept. Raises `BadCorrection`."""
        if value is None or (isinstance(value, str) and not value.strip()):
            if not self.empty:
                raise BadCorrection(f"Hãy điền {self.words}; ô này không được để trống.")
            return None
        return READERS[self.kind](self, value)


PERIODS = {
    "day": "mỗi ngày", "week": "mỗi tuần", "month": "mỗi tháng", "quarter": "mỗi quý", "half": "mỗi 6 tháng",
    "year": "mỗi năm", "issue": "mỗi kỳ, mỗi số",
}  # fmt: skip
REPORT_PERIODS = {
    "week": "hằng tuần", "month": "hằng tháng", "quarter": "hằng quý", "half": "6 tháng", "nine_months": "9 tháng",
    "year": "hằng năm",
}  # fmt: skip
OPS = {">=": "ít nhất", "=": "đúng bằng", "<=": "nhiều nhất"}
KINDS = {
    "page": "trang thông tin", "feed": "nguồn cấp tin (RSS)", "facebook": "Facebook", "zalo": "Zalo",
    "loudspeaker": "loa truyền thanh", "contracted": "báo, đài, đơn vị được đặt hàng", "event": "hội nghị, sự kiện",
    "print": "ấn phẩm in", "message": "tin nhắn", "video": "video", "other": "kênh khác",
}  # fmt: skip

NAME = Field("text", "tên", empty=False)
OWNER = Field("text", "đơn vị chủ trì", most=200)
CHANNEL = Field("choice", "kênh", choices=KINDS)
TASK = {
    "title": Field("long", "nội dung việc", empty=False, most=4000),
    "owner": OWNER,
    "deadline/raw": Field("text", "thời hạn bằng chữ"),
    "deadline/date": Field("date", "ngày đến hạn"),
    "deadline/period": Field("text", "kỳ hạn", most=40),
}

SCALARS: dict[str, Field] = {
    "number": Field("text", "số, ký hiệu", most=60),
    "date": Field("date", "ngày ban hành"),
    "title": Field("long", "trích yếu", empty=False, most=2000),
    "year": Field("year", "năm của kế hoạch"),
    "issuer/name": Field("text", "cơ quan ban hành", most=200),
    "signer/name": Field("text", "người ký", most=120),
    "signer/title": Field("text", "chức vụ người ký", most=120),
    "budget/stated_total": Field("amount", "tổng dự toán ghi trong kế hoạch"),
}
ITEMS: dict[str, dict[str, Field]] = {
    "themes": {
        "label": Field("text", "ký hiệu", most=20),
        "title": Field("long", "tên nội dung", empty=False, most=4000),
        "text": Field("long", "lời đầy đủ", most=40_000),
    },
    "targets": {
        "text": Field("long", "lời của chỉ tiêu", empty=False, most=4000),
        "count": Field("count", "số lượng"),
        "op": Field("choice", "mức", empty=False, choices=OPS),
        "unit": Field("text", "đơn vị tính", most=60),
        "period": Field("choice", "kỳ", choices=PERIODS),
        "channel": CHANNEL,
        "owner": OWNER,
    },
    "tasks": TASK,
    "duties": TASK,
    "reports": {
        "text": Field("long", "lời của yêu cầu báo cáo", empty=False, most=4000),
        "period": Field("choice", "kỳ báo cáo", choices=REPORT_PERIODS),
        "who": Field("text", "đơn vị báo cáo"),
        "to": Field("text", "nơi nhận"),
        "due": Field("text", "thời hạn"),
    },
    "channels": {
        "name": NAME,
        "kind": Field("choice", "loại kênh", empty=False, choices=KINDS),
        "own": Field("flag", "kênh của đơn vị", empty=False),
    },
    "audiences": {"name": NAME, "channels": Field("choices", "kênh tới nhóm này", choices=KINDS)},
    "budget/lines": {
        "label": Field("text", "ký hiệu", most=20),
        "name": Field("long", "nội dung chi", empty=False, most=2000),
        "amount": Field("amount", "số tiền (đồng)"),
        "period": Field("text", "thời gian", most=120),
        "owner": OWNER,
    },
}
ITEM_WORDS = {
    "themes": "nội dung", "targets": "chỉ tiêu", "tasks": "nhiệm vụ", "duties": "việc của đơn vị",
    "reports": "yêu cầu báo cáo", "channels": "kênh", "audiences": "đối tượng", "budget/lines": "dòng dự toán",
}  # fmt: skip
EXCLUDED = Field("flag", "không phải mục này", empty=False)


def text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise BadCorrection(f"Ô “{field.words}” phải là chữ.")
    words = value.replace("\r\n", "\n").strip() if field.kind == "long" else " ".join(value.split())
    if "\0" in words:
        raise BadCorrection(f"Ô “{field.words}” có ký tự rỗng mà không nơi nào lưu được; hãy gõ lại.")
    if len(words) > field.most:
        raise BadCorrection(f"Ô “{field.words}” dài {len(words)} ký tự, quá {field.most}; hãy viết ngắn lại.")
    return words


def day(field: Field, value: Any) -> str:
    """ISO date from ISO or "20/3/2026"."""
    words = str(value).strip()
    parts = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", words) or re.fullmatch(
        r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", words
    )
    try:
        numbers = [int(part) for part in parts.groups()] if parts else []
        found = date(*numbers) if words[4:5] == "-" else date(*reversed(numbers))
    except (TypeError, ValueError) as error:
        raise BadCorrection(f"“{words[:40]}” không phải ngày. Ghi ngày/tháng/năm, ví dụ 20/3/2026.") from error
    if not 1945 <= found.year <= 2200:
        raise BadCorrection(f"Năm {found.year} không thể là năm của {field.words}. Kiểm tra lại bốn chữ số.")
    return found.isoformat()


def whole(field: Field, value: Any, most: int) -> int:
    """A whole number, dots and spaces between thousands allowed, "đồng" behind an amount too."""
    words = re.sub(r"\s*(đồng|đ|VND|vnđ)\.?$", "", str(value).strip(), flags=re.IGNORECASE)
    grouped = re.fullmatch(r"\d{1,3}(?:[. \u00a0]\d{3})+|\d+", words)
    if isinstance(value, bool) or not grouped or len(words) > 25:
        raise BadCorrection(
            f"“{str(value)[:40]}” không phải số nguyên. Ghi {field.words} bằng chữ số, ví dụ 1.600.000."
        )
    number = int(re.sub(r"\D", "", words))
    if number > most:
        raise BadCorrection(f"Số {number} quá lớn cho {field.words}. Kiểm tra lại các chữ số 0.")
    return number


def year(field: Field, value: Any) -> int:
    found = whole(field, value, 9999)
    if not 1945 <= found <= 2200:
        raise BadCorrection(f"“{found}” không phải năm. Ghi bốn chữ số, ví dụ 2026.")
    return found


def choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in field.choices:
        allowed = ", ".join(f"{label} ({code})" for code, label in field.choices.items())
        raise BadCorrection(f"“{str(value)[:40]}” không có trong danh sách {field.words}. Chọn một trong: {allowed}.")
    return value


def choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_ITEMS:
        raise BadCorrection(f"Ô “{field.words}” phải là danh sách.")
    return list(dict.fromkeys(choice(field, one) for one in value))


def flag(field: Field, value: Any) -> bool:
    if value not in (True, False):
        raise BadCorrection(f"Ô “{field.words}” chỉ nhận có hoặc không.")
    return bool(value)


def item(field: Field, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) - set(field.parts):
        raise BadCorrection(f"Mục thêm phải gồm các ô của {field.words}.")
    return {name: part.read(value.get(name)) for name, part in field.parts.items() if name in value or not part.empty}


READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": text,
    "long": text,
    "date": day,
    "year": year,
    "count": lambda field, value: whole(field, value, MOST_COUNT),
    "amount": lambda field, value: whole(field, value, MOST_DONG),
    "choice": choice,
    "choices": choices,
    "flag": flag,
    "item": item,
}
