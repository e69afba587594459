"""Amounts of money: figures with Vietnamese grouping, units, and numbers written in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from campaigns.reading.folding import fold

_WORD_UNITS = {
    "nghin": 1_000,
    "ngan": 1_000,
    "trieu": 1_000_000,
    "tr": 1_000_000,
    "ty": 1_000_000_000,
    "ti": 1_000_000_000,
}
_FIGURE = r"[0-9]{1,3}(?:[.,][0-9]{3})+(?:,[0-9]{1,2})?|[0-9]{1,3}(?: [0-9]{3}){2,}|[0-9]+(?:[.,][0-9]{1,2})?"
FIGURE = re.compile(rf"^(?:{_FIGURE})$")
# "3 triệu người", "tỷ lệ": thousands and millions of other things than money.
_COUNTED = (
    r"\s(?:le|nguoi|luot|ho|bai|to roi|to gap|cuon|khach|m2|view|nhan khau|hoi vien|doan vien|dang vien|tai khoan|"
    r"cong dan|hoc sinh|sinh vien|thue bao|san pham|doanh nghiep|dan)\b(?! phi| nghi| thao)"
)
MONEY = re.compile(
    rf"(?<![\w.,/])(?P<figure>{_FIGURE})\s*"
    rf"(?P<unit>(?:nghin|ngan|trieu|ty|ti)(?:\s*(?:dong|vnd|d)\b|\b(?!{_COUNTED}))|tr\.?\s?d\b|tr\b|"
    rf"(?<!20\d\d )\(\s?(?:nghin|ngan|trieu|ty)\s*(?:dong|vnd|d)\s?\)|"
    rf"d[o6]ng\b|vnd\b|d\b(?!/c))",
)
# "10 đồng chí" is no money, "42.500.000 đồng chi cho …" is: told by the marks, and never of worn text.
_NO_DONG = re.compile(r"\s(?:chí|bào|bộ|thời|hồ|hành|phục|ý|chủ (?:trì|tịch)|chi|bao|bo|thoi|ho|hanh|phuc|y|chu)\b")
_MARKED = re.compile(r"đồng")
_SCALE = r"(?:1[.,]?000[.,]?000\s*|1[.,]?000\s*|nghin\s*|ngan\s*|trieu\s*|tr\.?\s?|ty\s*)?(?:dong|vnd|d)"
_UNIT_NAMED = re.compile(rf"(?:don vi(?: tinh)?|dvt?t?)\s*[:(]?\s*({_SCALE})\b")
_UNIT_ALONE = re.compile(rf"\(\s*({_SCALE})\s*\)")
_HEADS = ((r"1[.,]?000[.,]?000|tr", 1_000_000), (r"1[.,]?000|ng", 1_000))
_WRITTEN_UNITS = frozenset(
    {"đồng", "dong", "đ", "vnđ", "vnd", "nghìn", "nghin", "ngàn", "ngan", "triệu", "trieu", "triéu", "tỷ", "tỉ", "ty",
     "ti", "tr", "trđ", "tỷđ", "triệuđ"}
)  # fmt: skip
_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
_SCALES = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Amount:
    value: int
    start: int
    end: int


def figure(text: str) -> Decimal | None:
    """A written figure: dots (or two and more comma groups) divide thousands, a comma begins decimals.
    None for what is no figure or could be read two ways ("1,600")."""
    text = text.strip().rstrip(".")
    if not FIGURE.match(text):
        return None
    if " " in text:
        return Decimal(text.replace(" ", ""))
    if re.fullmatch(r"[0-9]{1,3},[0-9]{3}", text):
        return None
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3}){2,}", text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"[0-9]+\.[0-9]{1,2}", text):
        return Decimal(text)
    return Decimal(text.replace(".", "").replace(",", "."))


def scaled(text: str, factor: int) -> int | None:
    """A figure times its unit in whole đồng, None when it is no figure or no whole number of đồng."""
    value = figure(text)
    if value is None and factor == 1 and re.fullmatch(r"[0-9]{1,3},[0-9]{3}", text.strip()):
        value = Decimal(text.strip().replace(",", ""))
    if value is None:
        return None
    amount = value * factor
    return int(amount) if amount == amount.to_integral_value() else None


def amounts(text: str) -> list[Amount]:
    """Every amount with a money unit of its own in `text` ("30.000.000đ", "1,5 triệu đồng"), in order."""
    found: list[Amount] = []
    folded = fold(text)
    before = ""
    for match in MONEY.finditer(folded):
        if not _is_unit(text[match.start("unit") : match.end("unit")], match["figure"]) or _is_word(text, match):
            continue
        value = scaled(match["figure"], unit_factor(match["unit"]))
        if value is None:
            continue
        if found and _goes_on(before, match["unit"], folded[found[-1].end : match.start()]):
            found[-1] = Amount(found[-1].value + value, found[-1].start, match.end())  # "1 tỷ 600 triệu đồng"
        else:
            found.append(Amount(value, match.start(), match.end()))
        before = match["unit"]
    return found


def _goes_on(before: str, unit: str, between: str) -> bool:
    """Whether an amount goes on in a smaller unit: "tỷ" without "đồng", then "triệu"."""
    return not between.strip() and not re.search(r"d", before) and unit_factor(before) > unit_factor(unit) >= 1_000


def _is_unit(written: str, written_figure: str) -> bool:
    """Whether the text as written is a unit: "đồng", "tỷ" and the like, not "động" or "tý"; a bare d only behind a
    grouped figure (OCR: "100.000d")."""
    words = set(re.findall(r"[^\W\d_]+", written.lower().replace("d6ng", "dong")))
    return words <= _WRITTEN_UNITS or (words == {"d"} and bool(re.search(r"[.,][0-9]{3}$", written_figure)))


def _is_word(text: str, match: re.Match[str]) -> bool:
    """Whether "đồng" begins a word that is no money: "đồng chí", "đồng bộ"."""
    if not match["unit"].startswith(("dong", "d6ng")):
        return False
    after = _NO_DONG.match(text[match.end() : match.end() + 12].lower())
    if after is None or not _MARKED.search(text[match.start() : match.end()].lower()):
        return after is not None
    return after[0] != fold(after[0])  # with its marks


def unit_factor(unit: str) -> int:
    word = re.split(r"[\s.]", fold(unit).strip("( )"))[0]
    word = re.sub(r"(?<=.)(?:dong|vnd|d)$", "", word) if word not in ("dong", "vnd", "d") else word
    return _WORD_UNITS.get(word, 1)


def table_unit(text: str) -> tuple[str, int] | None:
    """The unit a table states ("Đơn vị tính: triệu đồng", "(ĐVT: 1.000 đồng)", "(tr.đ)"): its words and factor."""
    folded = fold(text)
    match = _UNIT_NAMED.search(folded) or _UNIT_ALONE.search(folded)
    if not match:
        return None
    word = match[1].strip()
    factor = next((f for head, f in _HEADS if re.match(head, word)), 0)
    return text[match.start(1) : match.end(1)].strip(), factor or unit_factor(word)


def in_words(text: str) -> int | None:
    """The number that Vietnamese words spell ("Một tỷ, sáu trăm triệu đồng chẵn" → 1600000000), None if they do not."""
    words = re.findall(r"[a-z]+", fold(text))
    total, block, digit, seen = 0, 0, None, False
    for word in words:
        if word in _DIGITS:
            block, digit, seen = block + (digit or 0), _DIGITS[word], True
        elif word in ("muoi", "chuc", "tram"):
            if digit is None and word == "tram":
                return None
            block += (digit if digit is not None else 1) * (100 if word == "tram" else 10)
            digit, seen = None, True
        elif word in _SCALES:
            total, block, digit = _scale(total, block + (digit or 0), _SCALES[word]), 0, None
        elif word in ("linh", "le", "va", "chan"):
            continue
        elif word in ("dong", "vnd"):
            break
        else:
            return None
    return total + block + (digit or 0) if seen else None


def _scale(total: int, block: int, scale: int) -> int:
    """A group closed by "nghìn", "triệu" or "tỷ"; "nghìn tỷ" multiplies what stands before."""
    if block == 0 and total:
        return total * scale
    return (total + block) * scale if scale == 1_000_000_000 else total + block * scale


def spelled(text: str) -> tuple[str, int, int] | None:
    """The part of `text` that spells an amount ("(Bằng chữ: …)", "(Bốn trăm … đồng)"): words, value and place."""
    for match in re.finditer(
        r"(?:bang chu\s*[:.]?\s*)([^()./;]{6,200})|\(([^()]{6,200}?dong[^()]{0,12})\)", fold(text)
    ):
        group = 1 if match[1] else 2
        raw = text[match.start(group) : match.end(group)].strip(" ./;:")
        head = re.match(r"(?:[a-z]+ ){0,5}?bang chu\s*[:.]?\s*", fold(raw))
        raw = raw[head.end() :] if head else raw
        value = in_words(raw)
        if value:
            return raw, value, match.start(group)
    return None
