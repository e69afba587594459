"""Where a document ends: its recipients and its signature."""

from __future__ import annotations

import re

from campaigns.reading.folding import fold, is_upper, near
from campaigns.reading.paragraphs import Paragraph

_AUTHORITY = re.compile(
    r"^(?:t/?m|kt|tl|tuq|q|thua lenh|thay mat)\s?[./]\s?[a-z]|"
    r"^t/m\s+(?:ban|dang|uy|hoi|doan|bch|chi)\b"
)
_ALONE = re.compile(
    r"^(?:pho )?(?:chu tich|giam doc|truong ban|truong phong|bi thu|hieu truong|chanh van phong|cuc truong|bo truong|"
    r"vien truong|thu truong|tong giam doc|truong dai|truong cong an)$"
)


def starts_tail(paragraph: Paragraph) -> bool:
    """ "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "GIÁM ĐỐC": the document ends here."""
    texts = [c for c in paragraph.cells if c.strip()] if paragraph.cells else [paragraph.text]
    return any(_is_tail_text(text.strip()) for text in texts[:3])


def _is_tail_text(text: str) -> bool:
    if not text:
        return False
    first = fold(text.splitlines()[0][:80]).strip(" *_/")
    if near("".join(first.split(":")[0].split()[:2]), "noinhan") and len(first.split(":")[0]) <= 12:
        return True
    capital = text.split("\n")[0]
    return is_upper(capital[:40]) and bool(_AUTHORITY.match(first) or (_ALONE.match(first) and len(first) < 40))
