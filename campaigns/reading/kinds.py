"""What kind of document a text is, by the line that names it (NĐ 30/2020/NĐ-CP, Điều 7 lists the kinds)."""

from __future__ import annotations

import re

from campaigns.reading.folding import distance, fold, is_upper, squeeze, words
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.refusal import PlanRefused

KINDS = {
    "ke hoach": "Kế hoạch",
    "quyet dinh": "Quyết định",
    "bao cao": "Báo cáo",
    "to trinh": "Tờ trình",
    "thong bao": "Thông báo",
    "chi thi": "Chỉ thị",
    "nghi quyet": "Nghị quyết",
    "nghi dinh": "Nghị định",
    "thong tu": "Thông tư",
    "luat": "Luật",
    "huong dan": "Hướng dẫn",
    "chuong trinh": "Chương trình",
    "phuong an": "Phương án",
    "de an": "Đề án",
    "quy che": "Quy chế",
    "quy dinh": "Quy định",
    "cong dien": "Công điện",
    "bien ban": "Biên bản",
    "hop dong": "Hợp đồng",
    "giay moi": "Giấy mời",
    "giay uy quyen": "Giấy ủy quyền",
    "thu moi": "Thư mời",
    "thong cao bao chi": "Thông cáo báo chí",
}
# Documents of another name that demand what a plan demands where they are about communication: what to tell, who does
# it. A "Hướng dẫn" is not among them: it tells other bodies to make plans.
IN_SUBSTANCE = frozenset(("Phương án", "Chương trình", "Đề án"))
_LETTER = re.compile(r"^\s*(?:v/v|kinh gui)\b")
_TIMETABLE = re.compile(r"^lich (?:phat thanh|cong tac|tiep|truc|tuyen truyen|phat song|lam viec)\b")
_PRESS = re.compile(
    r"\b(?:phong vien|ban doc|doc gia|cho biet|chia se|toa soan)\b|^(?:tin|anh|bai)(?:, (?:anh|bai))?\s?:|"
    r"^(?:\(?nguon|theo)\s?[:(]|^theo (?:bao|cong|trang|co)\b|[0-9]{1,2}:[0-9]{2}|^(?:\S+\s){0,3}\((?:tin|bao|ttxvn)"
)


def type_of_line(paragraph: Paragraph) -> str | None:
    """The kind a line names when it is the name of the document: alone, or in capitals or bold before its title."""
    if paragraph.cells is not None or (paragraph.label is not None):
        return None
    text = paragraph.text.strip(" *_#:.-–")
    folded = " ".join(words(text))
    if folded.count(" ") > 4 and all(len(word) == 1 for word in folded.split()):  # "K Ế   H O Ạ C H"
        return next((kind for phrase, kind in KINDS.items() if squeeze(phrase) == squeeze(folded)), None)
    for phrase, kind in KINDS.items():
        if phrase == "phuong an" and text.lower().startswith("phường"):  # "PHƯỜNG AN THỊNH" is a place
            continue
        if folded == phrase or (
            len(phrase) > 6 and abs(len(folded) - len(phrase)) <= 1 and distance(folded, phrase, 1) <= 1
        ):
            return kind if text[:1].isupper() else None
        if folded.startswith(phrase + " ") and len(text) < 300 and _names_itself(paragraph, text, phrase):
            return kind
    return None


def _names_itself(paragraph: Paragraph, text: str, phrase: str) -> bool:
    head = text[: len(phrase)]
    if paragraph.first.heading == 1:
        return True
    return is_upper(head) and (is_upper(text) or paragraph.marked or not is_upper(text[: len(head) + 12]))


def is_letter(paragraphs: list[Paragraph]) -> bool:
    """Whether it is a công văn: it names no kind but a subject ("V/v …") and an addressee ("Kính gửi …")."""
    return any(_LETTER.match(fold(p.text)) for p in paragraphs[:40])


def seems_to_be(paragraphs: list[Paragraph]) -> str | None:
    """What a document that is no plan seems to be: its kind, "Công văn", "Lịch", "Bài báo"; None when nothing tells."""
    for paragraph in paragraphs[:60]:
        kind = type_of_line(paragraph)
        if kind:
            return kind
    if is_letter(paragraphs):
        return "Công văn"
    if any(_TIMETABLE.match(fold(p.text)) for p in paragraphs[:5]):
        return "Lịch"
    folded = [fold(p.text) for p in paragraphs]
    told = any("ke hoach" in text for text in folded)
    return "Bài báo" if told and any(_PRESS.search(text) for text in folded) else None


def refuse(paragraphs: list[Paragraph]) -> PlanRefused:
    """The refusal for a readable text that is no plan."""
    kind = seems_to_be(paragraphs)
    if kind and kind != "Kế hoạch":
        return PlanRefused(
            "not_a_plan",
            f"Tài liệu này có vẻ là {kind.lower()}, không phải kế hoạch. "
            "Hãy nạp chính văn bản kế hoạch (có dòng «KẾ HOẠCH» và các mục như mục đích, nội dung, tổ chức thực hiện).",
            kind,
        )
    return PlanRefused(
        "not_a_plan",
        "Không thấy dòng «KẾ HOẠCH» cùng các mục của một kế hoạch, nên tài liệu này không phải kế hoạch. "
        "Hãy nạp văn bản kế hoạch đã ban hành.",
        kind,
    )
