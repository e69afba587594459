"""A timetable by example: what moves, what is refused, what is warned of, in the words an officer reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from publisher.timetable.bounds import Bounds
from publisher.timetable.days import DayKind, DayMark, Days
from publisher.timetable.planner import timetable
from publisher.timetable.wishes import Placed, Timetable, Unmet, Wish

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = (time(21), time(6))
LOUDSPEAKER = Bounds(sessions=(time(7, 30), time(16, 30)), session_minutes=15)


def at(day: int, hour: int = 8, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


NOW = at(2, 0)  # Monday 2 March 2026
LATER = at(31)


def wish(moment: datetime, key: str = "a", **more) -> Wish:
    return Wish(key, "kênh", **{"topic": "", "text": "", "at": moment, **more})


def plan(*wishes: Wish, bounds: Bounds, days: Days | None = None, **more) -> Timetable:
    return timetable(wishes, {"kênh": bounds}, days or Days(), ZONE, **{"now": NOW, **more})


def placed(*wishes: Wish, **more) -> list[tuple[str, datetime, str]]:
    found = plan(*wishes, **more)
    assert found.unmet == ()
    return [(one.wish.key, one.at, one.note) for one in found.placed]


def refused(*wishes: Wish, **more) -> Unmet:
    (unmet,) = plan(*wishes, **more).unmet
    return unmet


def test_what_fits_stays_where_it_was_wished():
    assert placed(wish(at(3)), bounds=Bounds(quiet=NIGHT, cap_per_day=1)) == [("a", at(3), "")]


@pytest.mark.parametrize(
    ("wished", "bounds", "found", "note"),
    [
        (at(3, 22), Bounds(quiet=NIGHT), at(4, 6), "ra ngoài giờ yên lặng"),
        (at(3, 5), Bounds(slots=((time(8), time(11)), (time(14), time(16)))), at(3, 8), "vào khung giờ của kênh"),
        (at(3, 11), Bounds(slots=((time(8), time(11)), (time(14), time(16)))), at(3, 14), "vào khung giờ của kênh"),
        (at(3, 8), LOUDSPEAKER, at(3, 16, 30), "vào buổi phát kế tiếp"),
        (at(7, 9, 15), Bounds(quiet=NIGHT, working_days_only=True), at(9, 9, 15), "sang ngày làm việc kế tiếp"),
        (
            at(30, month=4), Bounds(holidays_off=True), at(2, month=5), "tránh ngày nghỉ lễ (Ngày Chiến thắng)",
        ),
        (at(3), Bounds(blackouts=((at(3), at(3, 12)),)), at(3, 12), "sau thời gian tạm dừng"),
    ],
)  # fmt: skip
def test_what_does_not_fit_moves_to_the_first_moment_that_does(wished, bounds, found, note):
    assert placed(wish(wished, latest=wished + timedelta(days=5)), bounds=bounds) == [("a", found, note)]


def test_items_fill_a_session_and_what_does_not_fit_moves_on_visibly():
    items = [
        wish(at(3, 7, 30), key, minutes=minutes, latest=LATER)
        for key, minutes in zip("abcd", (6, 6, 6, 3), strict=True)
    ]
    assert placed(*items, bounds=LOUDSPEAKER) == [
        ("a", at(3, 7, 30), ""),
        ("b", at(3, 7, 30), ""),
        ("d", at(3, 7, 30), ""),
        ("c", at(3, 16, 30), "buổi phát đã đầy, chuyển sang buổi sau"),
    ]


def test_an_item_longer_than_a_session_is_told_to_be_cut():
    unmet = refused(wish(at(3, 7, 30), minutes=15.5), bounds=LOUDSPEAKER)
    assert (unmet.code, unmet.nearest) == ("session-too-long", None)
    assert unmet.message == (
        "Không xếp được lúc 07:30 ngày 3/3/2026: tin dài 15,5 phút, một buổi phát chỉ có 15 phút; hãy rút ngắn tin. "
        "Chưa thấy thời điểm nào khác."
    )


def test_a_full_day_sends_the_rest_to_the_next_day_at_the_same_hour():
    three = [wish(at(3, 9), key, latest=LATER) for key in "abc"]
    assert [(key, moment) for key, moment, _ in placed(*three, bounds=Bounds(cap_per_day=1))] == [
        ("a", at(3, 9)),
        ("b", at(4, 9)),
        ("c", at(5, 9)),
    ]


def test_what_may_not_leave_its_day_is_explained_with_the_nearest_possibility():
    bounds = Bounds(cap_per_day=1)
    unmet = refused(wish(at(3, 9), "a"), wish(at(3, 9), "b"), bounds=bounds)
    assert (unmet.wish.key, unmet.code, unmet.nearest) == ("b", "cap", at(2, 9))
    assert unmet.message == (
        "Không xếp được lúc 09:00 ngày 3/3/2026: kênh đã đủ 1 tin trong ngày 3/3/2026. "
        "Gần nhất có thể: 09:00 ngày 2/3/2026."
    )


def test_the_nearest_possibility_may_lie_before_or_after():
    evening = refused(wish(at(3, 22)), bounds=Bounds(quiet=NIGHT))
    assert (evening.code, evening.nearest) == ("quiet", at(3, 20, 59))
    morning = refused(wish(at(3, 5), latest=at(3, 5, 30)), bounds=Bounds(quiet=NIGHT))
    assert (morning.code, morning.nearest) == ("quiet", at(3, 6))
    sunday = refused(wish(at(8)), bounds=Bounds(working_days_only=True))
    assert (sunday.code, sunday.nearest) == ("not-working", at(9))
    first = refused(wish(at(2, 5)), bounds=Bounds(slots=((time(1), time(2)),)))
    assert (first.code, first.nearest) == ("slot", at(2, 1, 59))


@pytest.mark.parametrize(
    ("bounds", "days", "code", "reason"),
    [
        (Bounds(), Days([DayMark(date(2026, 3, 3), DayKind.BLACKOUT, "Quốc tang")]), "forbidden-day", "(Quốc tang)"),
        (Bounds(holidays_off=True), Days([DayMark(date(2026, 3, 3), DayKind.OFF, "Nghỉ")]), "holiday", "(Nghỉ)"),
        (Bounds(blackouts=((at(2), None),)), Days(), "blackout", "kênh đang tạm dừng"),
        (Bounds(slots=((time(9), time(11)),)), Days(), "slot", "09:00–11:00"),
        (LOUDSPEAKER, Days(), "session", "07:30, 16:30"),
        (Bounds(quiet=(time(7), time(9))), Days(), "quiet", "giờ yên lặng 07:00–09:00"),
        (Bounds(cap_per_day=0), Days(), "cap", "đã đủ 0 tin"),
    ],
)
def test_every_obstacle_has_a_code_and_says_what_it_is(bounds, days, code, reason):
    unmet = refused(wish(at(3), latest=at(3)), bounds=bounds, days=days)
    assert unmet.code == code
    assert reason in unmet.message


def test_posts_on_one_topic_keep_apart_and_others_do_not_wait():
    bounds = Bounds(distance=timedelta(hours=36))
    taken = [Placed(wish(at(3), "t", topic="chuyển đổi số"), at(3))]
    moved, free = placed(
        wish(at(4), "a", topic="chuyển đổi số", latest=LATER),
        wish(at(5), "b", topic="y tế"),
        bounds=bounds,
        taken=taken,
    )
    assert moved == ("a", at(4, 20), "cách bài cùng chủ đề ít nhất 36 giờ")
    assert free == ("b", at(5), "")
    unmet = refused(wish(at(3, 9), topic="chuyển đổi số"), bounds=bounds, taken=taken)
    assert unmet.code == "distance"
    assert unmet.nearest == at(4, 20)


def test_posts_without_a_topic_need_no_distance():
    bounds = Bounds(distance=timedelta(days=7))
    assert [moment for _, moment, _ in placed(wish(at(3), "a"), wish(at(3, 9), "b"), bounds=bounds)] == [
        at(3),
        at(3, 9),
    ]


def test_a_channel_speaks_no_faster_than_its_pace():
    bounds = Bounds(pace_per_minute=2)
    three = [wish(at(3), key) for key in "abc"]
    assert placed(*three, bounds=bounds)[-1] == ("c", at(3, 8, 1), "giữ nhịp 2 tin mỗi phút của kênh")
    assert refused(*(replace(one, latest=at(3)) for one in three), bounds=bounds).code == "pace"


def test_an_urgent_wish_breaks_every_bound_but_the_past():
    bounds = Bounds(quiet=NIGHT, cap_per_day=0, working_days_only=True, blackouts=((at(1), None),), sessions=(time(7),))
    mourning = Days([DayMark(date(2026, 3, 7), DayKind.BLACKOUT, "Quốc tang")])
    storm = wish(at(7, 23), urgent=True, minutes=90)
    assert placed(storm, bounds=replace(bounds, session_minutes=15), days=mourning) == [("a", at(7, 23), "")]
    late = refused(replace(storm, at=at(1)), bounds=bounds)
    assert (late.code, late.nearest) == ("past", NOW)


def test_a_moment_that_has_passed_becomes_now_while_its_limit_has_not():
    now = at(3, 10)
    assert placed(wish(at(3, 9)), bounds=Bounds(), now=now) == [
        ("a", now, "thời điểm mong muốn đã qua, chuyển sang lúc sớm nhất")
    ]
    unmet = refused(wish(at(3, 9), latest=at(3, 9, 30)), bounds=Bounds(), now=now)
    assert (unmet.code, unmet.nearest) == ("past", now)


def test_a_pause_without_end_holds_everything_and_offers_nothing():
    unmet = refused(wish(at(3)), bounds=Bounds(blackouts=((at(2, 0), None),)))
    assert (unmet.code, unmet.nearest) == ("blackout", None)


def test_a_pause_that_ends_offers_its_end():
    unmet = refused(wish(at(3)), bounds=Bounds(blackouts=((at(2, 0), at(5, 10)),)))
    assert unmet.nearest == at(5, 10)


def test_an_account_that_is_not_there_is_said():
    unmet = timetable([wish(at(3))], {}, Days(), ZONE, now=NOW).unmet[0]
    assert (unmet.code, unmet.nearest) == ("unknown-account", None)
    assert "không còn kênh này" in unmet.message


def test_a_limit_before_the_wish_is_said_and_the_wish_itself_offered():
    unmet = refused(wish(at(3), latest=at(3, 7, 59)), bounds=Bounds())
    assert (unmet.code, unmet.nearest) == ("latest-before-wished", at(3))


def test_moments_are_kept_to_the_second_in_the_zone_of_the_place():
    moment = datetime(2026, 3, 3, 1, 0, 0, 1, tzinfo=UTC)
    assert placed(wish(moment, latest=moment), bounds=Bounds())[0][1] == datetime(2026, 3, 3, 8, 0, 1, tzinfo=ZONE)


def test_doubled_keys_and_moments_without_zone_are_refused():
    with pytest.raises(ValueError, match="two wishes"):
        plan(wish(at(3)), bounds=Bounds(), taken=[Placed(wish(at(3)), at(3))])
    with pytest.raises(ValueError, match="no zone"):
        plan(wish(at(3).replace(tzinfo=None)), bounds=Bounds())


def test_the_same_text_twice_on_a_channel_is_warned_of_and_a_repeated_post_is_not():
    bounds = Bounds()
    (clash,) = plan(wish(at(3), "a", text="x"), wish(at(5), "b", text="x"), bounds=bounds).warnings
    assert (clash.code, clash.account, clash.at, clash.keys) == ("same-text", "kênh", at(3), ("a", "b"))
    assert clash.message == (
        "Cùng một nội dung được đăng 2 lần trên kênh này: 08:00 ngày 3/3/2026, 08:00 ngày 5/3/2026."
    )
    repeated = [wish(at(day), str(day), text="x", post="p1") for day in (3, 5)]
    assert plan(*repeated, bounds=bounds).warnings == ()


def test_different_posts_in_one_hour_are_warned_of_but_not_within_a_session():
    two = [wish(at(3, 7, 30), "a", latest=LATER), wish(at(3, 7, 30), "b", latest=LATER)]
    (clash,) = plan(*two, bounds=Bounds()).warnings
    assert (clash.code, clash.keys) == ("same-hour", ("a", "b"))
    assert clash.message == "Từ 7 đến 8 giờ ngày 3/3/2026 kênh này đăng 2 tin khác nhau."
    assert plan(*two, bounds=LOUDSPEAKER).warnings == ()


def test_what_is_taken_counts_in_warnings_too():
    taken = [Placed(wish(at(3), "t", text="x"), at(3, 10))]
    (clash,) = plan(wish(at(4), text="x"), bounds=Bounds(), taken=taken).warnings
    assert clash.keys == ("t", "a")


def test_no_wishes_make_an_empty_timetable():
    assert plan(bounds=Bounds()) == Timetable((), (), ())
