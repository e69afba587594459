"""Where a document begins in a file that holds more: pages saved from the web carry menus, a headline, a lead and the
time of publishing above the letterhead, and none of that is the document's own number, date or issuer."""

from __future__ import annotations

import re

from campaigns.reading.endings import starts_tail
from campaigns.reading.folding import fold, is_upper
from campaigns.reading.kinds import IN_SUBSTANCE, type_of_line
from campaigns.reading.paragraphs import Paragraph

_STATE = re.compile(r"(?:\bc[o0]ng |^)h[o0]a x\S{1,3} h[o0]i\b|^doc lap\s?[-–]\s?tu do|dang cong san viet nam$")
_NUMBERED = re.compile(r"(?:^|\s)s[o0]\s?:|/(?:kh|qd)\b", re.IGNORECASE)
_MIXED_BODY = re.compile(
    r"^(?:u[yỷ] ban nhan dan|ubnd|bo |so |phong |truong |trung tam|huyen |xa |phuong |tinh |thanh pho )"
)
_STAMP = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_ISSUING = frozenset(("Kế hoạch", "Quyết định", "Nghị quyết"))  # kinds that issue a plan
_OWN_NUMBER = re.compile(r"s[o0]\s?:[\s0-9.…_/-]*kh")
_REACH = 8
_TITLE_LENGTH = 300


def plan_line(paragraphs: list[Paragraph]) -> int | None:
    """Where the plan begins: its line "KẾ HOẠCH". A decision with an attached plan has it after the decision's own;
    a headline above the letterhead is passed over for the line below it."""
    named = [i for i, p in enumerate(paragraphs[:400]) if type_of_line(p) == "Kế hoạch"]
    if not named:
        return _decision_line(paragraphs) if (own := _substance_line(paragraphs)) is None else own
    first = named[0]
    if _belongs_to_another(paragraphs[:first]):
        return None
    if any(is_state(p) for p in paragraphs[:first]):  # a letterhead stands above it: no headline
        return first
    below = next((i for i in named[1:] if any(is_state(p) for p in paragraphs[first:i])), None)
    return below if below is not None and below - first <= 40 else first


def _belongs_to_another(above: list[Paragraph]) -> bool:
    """Whether the line stands inside a report, a proposal or the like, not behind one that has been signed."""
    kinds = [(i, kind) for i, p in enumerate(above) if (kind := type_of_line(p)) and kind not in _ISSUING]
    return bool(kinds) and not any(starts_tail(p) for p in above[kinds[0][0] :])


def _substance_line(paragraphs: list[Paragraph]) -> int | None:
    """The line of a document that is a plan by another name, where no other kind is named before it."""
    named = ((i, kind) for i, p in enumerate(paragraphs[:60]) if (kind := type_of_line(p)))
    index, kind = next(named, (None, ""))
    return index if kind in IN_SUBSTANCE else None


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
    states = [i for i, p in enumerate(paragraphs[: at or 0]) if is_state(p)]
    if not states:
        return 0
    state = _own_state(paragraphs[:at], states)
    start = state
    while start and state - start < _REACH and _is_letterhead(paragraphs[start - 1]):
        start -= 1
    return start


def _own_state(above: list[Paragraph], states: list[int]) -> int:
    """The first letterhead, or the plan's own where it bears a number form behind that of the document it hangs on."""
    last = next((i for i in reversed(states) if i == 0 or i - 1 not in states), states[0])
    behind = [fold(line.text) for p in above[max(0, last - _REACH) :] for line in p.lines]
    hangs_on = last - states[0] > _REACH and any(_OWN_NUMBER.search(text) for text in behind)
    return last if hangs_on else states[0]


def is_state(paragraph: Paragraph) -> bool:
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
