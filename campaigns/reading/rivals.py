"""Demands of one plan that ask for the same thing in different numbers: both kept, the stricter one marked."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from campaigns.reading.folding import squeeze
from campaigns.reading.schema import PlanWarning, Target

Warn = Callable[[PlanWarning], None]
_A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1}
_MOST_ALIKE = 100
_RUNNING = {"page", "facebook", "zalo", "loudspeaker", "video", "message", "feed"}
_LOOSE = {"day", "week"}
"""Periods that a year holds no whole number of: a difference of one of them is none."""
_FILLING = frozenset(
    re.findall(
        r"\S+",
        """một hai ba bốn năm sáu bảy tám chín mười mỗi hằng hàng trong ngày tuần tháng quý ít nhất tối thiểu đa không
        quá dưới đăng tải đưa phát thanh sóng bài tin viết buổi lượt lần video clip trên của các và với tại trang thông
        cổng điện tử facebook zalo oa fanpage loa truyền hệ thống đài cơ sở phường xã thị trấn huyện tỉnh thành phố duy
        trì thực hiện bảo đảm đạt phấn đấu thường xuyên định kỳ tổng số cả đến từ sáng chiều phút giờ thứ chủ nhật
        vào đúng cung cấp cho biên tập quản trị bảo đảm""",
    )
)
_WORDS = {"day": "ngày", "week": "tuần", "month": "tháng", "quarter": "quý", "half": "6 tháng", "year": "năm"}


def find_rivals(targets: Sequence[Target], warn: Warn) -> tuple[Target, ...]:
    """The targets, those that contradict each other knowing their rivals and which of them is to be planned for."""
    pairs = [
        (a, b)
        for group in _groups(targets)
        for a, b in itertools.combinations(group, 2)
        if _comparable(targets[a], targets[b]) and _differ(targets[a], targets[b])
    ]
    for a, b in pairs:
        warn(_warning(targets[a], targets[b]))
    rivals: dict[int, set[int]] = {}
    for a, b in pairs:
        rivals.setdefault(a, set()).add(b)
        rivals.setdefault(b, set()).add(a)
    return tuple(_marked(targets, at, rivals.get(at, set())) for at in range(len(targets)))


def _groups(targets: Sequence[Target]) -> list[list[int]]:
    """Places of the targets with number and rhythm, by channel and unit. A group too large for any plan is left out:
    its pairs would be millions."""
    groups: dict[tuple[str | None, str], list[int]] = {}
    for at, target in enumerate(targets):
        if target.count and target.period and target.unit and target.unit != "%":
            groups.setdefault((target.channel, squeeze(target.unit)), []).append(at)
    return [group for group in groups.values() if len(group) <= _MOST_ALIKE]


def _marked(targets: Sequence[Target], at: int, rivals: set[int]) -> Target:
    if not rivals:
        return targets[at]
    strictest = all(_stricter(targets[at], targets[other]) for other in rivals)
    return replace(targets[at], rivals=tuple(sorted(rivals)), stricter=strictest)


def _comparable(a: Target, b: Target) -> bool:
    """Whether two of one channel and unit speak of one thing: body and matter."""
    owners = {squeeze(o) for o in (a.owner, b.owner) if o}
    return len(owners) < 2 and _same_matter(a, b)


def _same_matter(a: Target, b: Target) -> bool:
    """Whether what is left of the sentences without numbers, rhythm and channel is alike, or nothing is left of both.
    Meetings, printed matter and what has no channel come in several kinds: there nearly every word must be the same."""
    if a.text == b.text:
        return a.channel in _RUNNING
    ours, theirs = _matter(a), _matter(b)
    likeness = fuzz.token_sort_ratio(ours, theirs)
    if a.channel not in _RUNNING:
        return likeness >= 90 and bool(ours)
    return likeness >= 70 or (len(ours.split()) <= 1 and len(theirs.split()) <= 1)


def _matter(target: Target) -> str:
    """The words that tell what the demand is about, marks kept: "đạt" is filling, "đất" is not."""
    return " ".join(w for w in re.findall(r"[^\W\d_]+", target.text.lower()) if w not in _FILLING)


def _differ(a: Target, b: Target) -> bool:
    """Whether the numbers cannot both be meant: unequal in a year, and not the two ends of one span."""
    gap = abs(_yearly(a) - _yearly(b))
    if gap == 0 or a.count_to or b.count_to:
        return False
    if {a.period, b.period} & _LOOSE and a.period != b.period:
        return gap > max(t.count or 0 for t in (a, b) if t.period in _LOOSE)
    if {a.op, b.op} == {">=", "<="}:
        least, most = (a, b) if a.op == ">=" else (b, a)
        return _yearly(least) > _yearly(most)
    return True


def _yearly(target: Target) -> int:
    return (target.count or 0) * _A_YEAR[target.period or "year"]


def _stricter(target: Target, other: Target) -> bool:
    """The larger demand is the stricter one, of two upper limits the smaller."""
    ours, theirs = _yearly(target), _yearly(other)
    return ours < theirs if target.op == other.op == "<=" else ours > theirs


def _warning(a: Target, b: Target) -> PlanWarning:
    first, second = (_said(t) for t in (a, b))
    plan = first if _stricter(a, b) else second
    return PlanWarning(
        "conflicting_targets",
        f"Hai chỉ tiêu cho cùng một việc không khớp nhau: {first} (dòng {a.source.lines[0]}) và {second} "
        f"(dòng {b.source.lines[0]}). Giữ cả hai, tạm lập lịch theo mức chặt hơn là {plan}; cần người quyết định.",
        b.source,
    )


def _said(target: Target) -> str:
    sign = {">=": "ít nhất ", "<=": "tối đa "}.get(target.op, "")
    return f"{sign}{target.count} {target.unit}/{_WORDS[target.period or 'year']}"
