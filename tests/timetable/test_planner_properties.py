"""What holds for every timetable, against rules written a second time in `oracle`.

Everything stands on quarters of an hour, so that the oracle can try every moment there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.timetable.anchors import Offset, moment
from publisher.timetable.bounds import Bounds
from publisher.timetable.days import DayKind, DayMark, Days
from publisher.timetable.planner import timetable
from publisher.timetable.wishes import Placed, Timetable, Wish
from tests.timetable.oracle import FIRST, ZONE, moments, objections

STEP = timedelta(minutes=15)
ACCOUNTS = ("Facebook", "Loa")
BEGINNING = datetime.combine(FIRST, time(), tzinfo=ZONE)

quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
ranges = st.tuples(quarters, quarters)
moments_ = st.integers(0, 15 * 96).map(lambda n: BEGINNING + n * STEP)
crowded = st.tuples(st.integers(8, 11), st.sampled_from([30, 32, 48, 66])).map(  # few moments, so that many meet
    lambda pair: BEGINNING + (pair[0] * 96 + pair[1]) * STEP
)
topics = st.sampled_from(["", "a", "b"])


def bounds(**more: st.SearchStrategy[object]) -> st.SearchStrategy[Bounds]:
    return st.builds(
        Bounds,
        quiet=st.none() | st.just((time(21), time(6))) | ranges,
        slots=st.just(()) | st.just(()) | st.lists(ranges, max_size=2).map(tuple),
        working_days_only=st.booleans(),
        holidays_off=st.booleans(),
        cap_per_day=st.sampled_from([None, None, None, 0, 1, 2, 3]),
        distance=st.sampled_from([0, 1, 6, 96, 200]).map(lambda n: n * STEP),
        blackouts=st.just(()) | st.tuples(st.tuples(crowded, st.none() | moments_)),
        **more,
    )


loudspeakers = bounds(
    sessions=st.just((time(7, 30), time(16, 30))) | st.lists(quarters, min_size=1, max_size=3).map(tuple),
    session_minutes=st.sampled_from([None, 4.0, 5.0, 6.0, 15.0]),
)
marks_ = st.lists(
    st.builds(
        DayMark, st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n)), st.sampled_from(DayKind), st.just("Ngày")
    ),
    max_size=4,
)


@st.composite
def wishes_(draw: st.DrawFn, prefix: str, most: int = 10) -> list[Wish]:
    found = []
    for n in range(draw(st.sampled_from([most, 1, most // 2, 0]))):
        at = draw(crowded | moments_)
        ahead = draw(st.none() | st.sampled_from([-1, 0, 1]) | st.integers(0, 300))
        found.append(
            Wish(
                key=f"{prefix}{n}",
                account=draw(st.sampled_from(ACCOUNTS)),
                topic=draw(topics),
                text=draw(st.sampled_from("xyz")),
                at=at,
                latest=None if ahead is None else at + ahead * STEP,
                urgent=draw(st.integers(0, 9)) == 0,
                minutes=draw(st.sampled_from([0.0, 1.5, 3.0, 5.0])),
                rank=draw(st.integers(0, 2)),
            )
        )
    return found


@dataclass(frozen=True)
class Case:
    wishes: list[Wish]
    bounds: dict[str, Bounds]
    marks: list[DayMark]
    taken: list[Placed]
    now: datetime

    def plan(self, wishes: list[Wish] | None = None, taken: list[Placed] | None = None) -> Timetable:
        return timetable(
            self.wishes if wishes is None else wishes,
            self.bounds,
            Days(self.marks),
            ZONE,
            taken=self.taken if taken is None else taken,
            now=self.now,
        )


cases = st.builds(
    Case,
    wishes_("w"),
    st.fixed_dictionaries({"Facebook": bounds(pace_per_minute=st.integers(0, 2)), "Loa": loudspeakers}),
    marks_,
    wishes_("t", most=4).map(lambda wishes: [Placed(wish, wish.at) for wish in wishes]),
    st.just(BEGINNING) | st.integers(0, 96 * 9).map(lambda n: BEGINNING + n * STEP),
)
many = settings(max_examples=200, deadline=None)
fewer = settings(max_examples=100, deadline=None)


def against(case: Case, wish: Wish, at: datetime, others: list[Placed]) -> set[str]:
    return objections(wish, at, others, case.bounds[wish.account], case.marks, case.now)


@many
@given(cases)
def test_nothing_is_ever_placed_at_a_forbidden_moment(case: Case) -> None:
    found = case.plan()
    together = [*case.taken, *found.placed]
    for placed in found.placed:
        assert against(case, placed.wish, placed.at, together) == set()
        assert placed.wish.at <= placed.at or placed.at == case.now
        assert case.now <= placed.at <= (placed.wish.latest or end_of_day(placed.wish.at))


@many
@given(cases)
def test_every_wish_is_placed_or_explained_exactly_once(case: Case) -> None:
    found = case.plan()
    answered = [placed.wish for placed in found.placed] + [unmet.wish for unmet in found.unmet]
    assert sorted(wish.key for wish in answered) == sorted(wish.key for wish in case.wishes)
    for placed in found.placed:
        assert (placed.code == "") == (placed.note == "") == (placed.at == placed.wish.at)
    for unmet in found.unmet:
        assert unmet.code
        assert unmet.message.startswith("Không xếp được lúc ")


@many
@given(cases)
def test_the_nearest_possibility_offered_is_possible(case: Case) -> None:
    found = case.plan()
    together = [*case.taken, *found.placed]
    for unmet in found.unmet:
        if unmet.nearest is not None:
            assert against(case, unmet.wish, unmet.nearest, together) == set()
            asked = replace(unmet.wish, at=unmet.nearest, latest=unmet.nearest)
            again = case.plan([asked], together)
            assert [(placed.at, placed.code) for placed in again.placed] == [(unmet.nearest, "")]


@fewer
@given(cases)
def test_what_is_refused_had_no_place_and_what_is_moved_had_none_on_an_earlier_day(case: Case) -> None:
    found = case.plan()
    for wish in case.wishes:
        before = [*case.taken, *(placed for placed in found.placed if chooses_before(placed.wish, wish))]
        placed = next((placed for placed in found.placed if placed.wish.key == wish.key), None)
        last = end_of_day(wish.at) if wish.latest is None else wish.latest
        if placed is not None:
            own_day = placed.at.date() == max(wish.at, case.now).date()
            last = (placed.at if own_day else datetime.combine(placed.at.date(), time(), tzinfo=ZONE)) - STEP
        for at in moments(max(wish.at, case.now), last, STEP):
            assert against(case, wish, at, before) != set()


def chooses_before(one: Wish, other: Wish) -> bool:
    return (not one.urgent, one.rank, one.at, one.key) < (not other.urgent, other.rank, other.at, other.key)


def end_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=23, minute=59, second=59)


@fewer
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(case: Case, shuffler) -> None:
    wishes, taken = list(case.wishes), list(case.taken)
    shuffler.shuffle(wishes)
    shuffler.shuffle(taken)
    assert case.plan(wishes, taken) == case.plan()


@fewer
@given(cases, st.randoms(use_true_random=False))
def test_a_wish_that_ranks_last_moves_no_other(case: Case, chooser) -> None:
    ordered = sorted(case.wishes, key=lambda wish: (not wish.urgent, wish.rank, wish.at, wish.key))
    kept = ordered[: chooser.randint(0, len(ordered))]
    names = {wish.key for wish in kept}
    fewer_, all_ = case.plan(kept), case.plan()
    assert [placed for placed in all_.placed if placed.wish.key in names] == list(fewer_.placed)
    assert {(u.wish.key, u.code) for u in all_.unmet if u.wish.key in names} == {
        (u.wish.key, u.code) for u in fewer_.unmet
    }


@fewer
@given(
    cases,
    st.lists(st.tuples(st.integers(-5, 5), st.booleans(), st.none() | quarters), min_size=1, max_size=5),
    moments_,
    st.integers(-400, 400).filter(bool),
)
def test_moving_a_happening_away_and_back_restores_the_timetable(case: Case, offsets, starts_at, shift) -> None:
    before = plan_around(case, offsets, starts_at)
    moved = plan_around(case, offsets, starts_at + shift * STEP)
    assert plan_around(case, offsets, (starts_at + shift * STEP) - shift * STEP) == before
    answered = [*moved.placed, *moved.unmet]
    assert len(answered) == len(offsets) + len(case.wishes)


def plan_around(case: Case, offsets: list[tuple[int, bool, time | None]], starts_at: datetime) -> Timetable:
    days = Days(case.marks)
    tied = [
        Wish(f"h{n}", "Facebook", "a", f"h{n}", moment(starts_at, Offset(number, working, at), days, ZONE))
        for n, (number, working, at) in enumerate(offsets)
    ]
    return case.plan([*case.wishes, *tied])


@fewer
@given(cases)
def test_warnings_name_all_that_stands_twice_and_nothing_else(case: Case) -> None:
    found = case.plan()
    everything = [*case.taken, *found.placed]
    expected = set()
    for one in everything:
        alike = [p.wish.key for p in everything if (p.wish.account, p.wish.text) == (one.wish.account, one.wish.text)]
        expected |= {("same-text", frozenset(alike))} if len(alike) > 1 else set()
        hour = [p.wish.key for p in everything if p.wish.account == one.wish.account and hour_of(p) == hour_of(one)]
        expected |= {("same-hour", frozenset(hour))} if len(hour) > 1 and one.wish.account == "Facebook" else set()
    assert {(clash.code, frozenset(clash.keys)) for clash in found.warnings} == expected


def hour_of(placed: Placed) -> tuple[date, int]:
    local = placed.at.astimezone(ZONE)
    return local.date(), local.hour
