"""What a timetable allows but a person should look at. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from zoneinfo import ZoneInfo

from publisher.timetable.obstacles import at_clock, in_words
from publisher.timetable.wishes import Clash, Placed

SAME_TEXT = "same-text"
SAME_HOUR = "same-hour"


def clashes(placed: Iterable[Placed], zone: ZoneInfo, in_sessions: Collection[str]) -> list[Clash]:
    """In order of time. On accounts `in_sessions` items are meant to stand together: no clash in the hour there."""
    ordered = sorted(placed, key=lambda p: (p.at, p.wish.key))
    found = [*same_text(ordered), *same_hour((p for p in ordered if p.wish.account not in in_sessions), zone)]
    return sorted(found, key=lambda clash: (clash.at, clash.account, clash.code, clash.keys))


def same_text(ordered: Iterable[Placed]) -> Iterator[Clash]:
    """Different posts with the same words on one account; a post that repeats itself is meant to."""
    by_text: defaultdict[Hashable, list[Placed]] = defaultdict(list)
    for one in ordered:
        if one.wish.text:
            by_text[one.wish.account, one.wish.text].append(one)
    for group in by_text.values():
        if of_several_posts(group):
            times = ", ".join(at_clock(one.at) for one in group[:3]) + (" …" if len(group) > 3 else "")
            yield clash(SAME_TEXT, group, f"Cùng một nội dung được đăng {len(group)} lần trên kênh này: {times}.")


def same_hour(ordered: Iterable[Placed], zone: ZoneInfo) -> Iterator[Clash]:
    by_hour: defaultdict[Hashable, list[Placed]] = defaultdict(list)
    for one in ordered:
        local = one.at.astimezone(zone)
        by_hour[one.wish.account, local.toordinal(), local.hour].append(one)
    for group in by_hour.values():
        if of_several_posts(group):
            local = group[0].at.astimezone(zone)
            when = f"Từ {local.hour} đến {local.hour + 1} giờ ngày {in_words(local)}"
            yield clash(SAME_HOUR, group, f"{when} kênh này đăng {len(group)} tin khác nhau.")


def of_several_posts(group: list[Placed]) -> bool:
    return len(group) > 1 and len({one.wish.post or one.wish.key for one in group}) > 1


def clash(code: str, group: list[Placed], message: str) -> Clash:
    return Clash(code, group[0].wish.account, group[0].at, tuple(one.wish.key for one in group), message)
