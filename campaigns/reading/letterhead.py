"""Where a document begins in a file that holds more: pages saved from the web carry menus, a headline, a lead and the
time of publishing above the letterhead, and none of that is the document's own number, date or issuer."""

from __future__ import annotations

import re

from campaigns.reading.folding import fold, is_upper
from campaigns.reading.kinds import type_of_line
from campaigns.reading.paragraphs import Paragraph

_STATE = re.compile(r"(?:\bc[o0]ng |^)h[o0]a x\S{1,3} h[o0]i\b|^doc lap\s?[-–]\s?tu do|dang cong san viet nam$")
_NUMBERED = re.compile(r"(?:^|\s)s[o0]\s?:|/(?:kh|qd)\b", re.IGNORECASE)
_MIXED_BODY = re.compile(
    r"^(?:u[yỷ] ban nhan dan|ubnd|bo |so |phong |truong |trung tam|huyen |xa |phuong |tinh |thanh pho )"
)
_STAMP = re.compile(r"\d{1,2}:\d{2}")
_REACH = 8
_TITLE_LENGTH = 300


def plan_line(paragraphs: list[Paragraph]) -> int | None:
    """Where the plan begins: its line "KẾ HOẠCH". A decision with an attached plan has it after the decision's own;
    a headline above the letterhead is passed over for the line below it."""
    named = [i for i, p in enumerate(paragraphs[:400]) if type_of_line(p) == "Kế hoạch"]
    if not named:
        return _decision_line(paragraphs)
    first = named[0]
    if any(_is_state(p) for p in paragraphs[:first]):  # a letterhead stands above it: no headline
        return first
    below = next((i for i in named[1:] if any(_is_state(p) for p in paragraphs[first:i])), None)
    return below if below is not None and below - first <= 40 else first


def _decision_line(paragraphs: list[Paragraph]) -> int | None:
    """The line "QUYẾT ĐỊNH" of a decision whose title and whose Điều 1 are the plan itself."""
    for index, paragraph in enumerate(paragraphs[:60]):
        if type_of_line(paragraph) == "Quyết định" and any(
            "ke hoach" in fold(p.text[:_TITLE_LENGTH]) and not re.match(r"can cu\b", fold(p.text))
            for p in paragraphs[index + 1 : index + 3]
        ):
            return index
    return None


def beginning(paragraphs: list[Paragraph], at: int | None) -> int:
    """The first paragraph of the letterhead above paragraph `at`; 0 where no letterhead is told."""
    state = next((i for i, p in enumerate(paragraphs[: at or 0]) if _is_state(p)), None)
    if state is None:
        return 0
    start = state
    while start and state - start < _REACH and _is_letterhead(paragraphs[start - 1]):
        start -= 1
    return start


def _is_state(paragraph: Paragraph) -> bool:
    """Whether the name or motto of the state (or the Party's name) stands in the paragraph."""
    if len(paragraph.text) > 400:
        return False
    return any(_STATE.search(fold(line.text).strip(" |*_-")) for line in paragraph.lines)


def _is_letterhead(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip(" |*_")
    if len(text) > 120 or _STAMP.search(text) or type_of_line(paragraph) is not None:
        return False
    short = len(text.split()) <= 9
    return (
        not text
        or is_upper(text)
        or bool(_NUMBERED.search(fold(text)))
        or (short and bool(_MIXED_BODY.match(fold(text))))
    )
