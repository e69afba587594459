"""How often to post, from what a plan demands in numbers. Pure.

A demand that stands inside one theme is that theme's; one of the whole plan is shared by its campaigns, so that
together they fulfil it. Of demands that conflict the stricter one is planned for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.corrections import kept
from campaigns.definitions import KINDS, Rhythm
from campaigns.headlines import fold

PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1, "period": 1}
EACH = {
    "day": "mỗi ngày", "week": "mỗi tuần", "month": "mỗi tháng", "quarter": "mỗi quý", "half": "mỗi 6 tháng",
    "year": "mỗi năm", "period": "cả đợt",
}  # fmt: skip
MOST = 366
POSTED = re.compile(
    r"\b(tin|bai|buoi phat|buoi|chuyen (?:muc|de|trang)|phong su|video|clip|infographic|do hoa|chuong trinh|lan|luot|"
    r"thong bao|san pham|tac pham|ky)\b"
)
MEETINGS = re.compile(r"\bbuoi (?:tuyen truyen|truyen thong|doi thoai|toa dam)|\btin nhan\b")
SILENT = "Kế hoạch không ghi nhịp đăng; hãy tự đặt nhịp cho chiến dịch."
Target = Mapping[str, Any]


def rhythms(theme: Mapping[str, Any], reading: Mapping[str, Any], campaigns: int) -> list[Rhythm]:
    """The theme's rhythms, the main one first: that of all channels, else the strictest. Empty where the plan is
    silent. `campaigns` is how many share a demand of the whole plan."""
    strictest: dict[tuple[str | None, str], Rhythm] = {}
    for target in demands(reading):
        mine = within(target, theme)
        if not mine and any(within(target, other) for other in kept(reading["themes"])):
            continue
        found = rhythm(target, 1 if mine else campaigns)
        key = (found.channel, fold(found.unit or ""))
        if key not in strictest or rate(found) > rate(strictest[key]):
            strictest[key] = found
    return sorted(strictest.values(), key=lambda found: (found.channel is not None, -rate(found)))


def demands(reading: Mapping[str, Any]) -> Iterable[Target]:
    """Targets that posts can fulfil; of rivals only the stricter one."""
    return [t for t in kept(reading.get("targets", [])) if t.get("stricter") is not False and postable(t)]


def postable(target: Target) -> bool:
    """Whether the target counts publications in a known period: no share, no meetings, no paper, no upper limit."""
    unit = fold_unit(target.get("unit") or "")
    posted = not unit or (bool(POSTED.search(unit)) and not MEETINGS.search(unit))
    channel = target.get("channel")
    carried = channel in (*KINDS, "video", "other", None)
    period = target.get("period") in PER_YEAR or (target.get("period") is None and bool(unit))
    return bool(number(target)) and target.get("op") != "<=" and posted and carried and period


def fold_unit(unit: str) -> str:
    return " ".join(fold(unit).split())


def number(target: Target) -> int:
    return int(target.get("count") or target.get("implied_count") or 0)


def rhythm(target: Target, campaigns: int) -> Rhythm:
    whole, every = number(target), target.get("period") or "period"
    share = -(-whole // campaigns)
    stated = f"{whole} {target.get('unit') or 'bài'} {EACH[every]}"
    shared = f"Chỉ tiêu chung của kế hoạch là {stated}, chia cho {campaigns} chiến dịch."
    channel = target.get("channel")
    return Rhythm(
        every=every,
        count=min(share, MOST),
        origin="plan",
        channel=channel if channel in KINDS else None,
        unit=(target.get("unit") or "")[:60] or None,
        note=shared if campaigns > 1 and share != whole else None,
    )


def rate(found: Rhythm) -> int:
    return found.count * PER_YEAR[found.every]


def within(target: Target, theme: Mapping[str, Any]) -> bool:
    """Whether the target's words stand inside the theme."""
    lines, extent = (target.get("source") or {}).get("lines"), theme.get("extent")
    return bool(lines and extent and extent[0] <= lines[0] and lines[1] <= extent[1])
