"""Which item is read in which session: as properties of the pure function, and as it happens in the folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Account, Content, Desk, Outcome, Remote
from channels.errors import Unsupported
from channels.loudspeaker import Approval, Item, Loudspeaker, approve_session, close_session, session_at, sessions_of
from channels.loudspeaker.filling import fill, wanted
from tests.channels.loudspeaker.conftest import SLOT

CHANNEL = Loudspeaker()
MINUTES, FRAME = 15, 90.0
STEP = timedelta(hours=9)


def lasts(_slot: datetime, items: Sequence[Item]) -> float:
    return FRAME + sum(item.seconds for item in items)


def filled(items: Sequence[Item]) -> dict[datetime, tuple[Item, ...]]:
    return fill(items, lasts, MINUTES, lambda slot: slot + STEP)


@st.composite
def pools(draw: st.DrawFn) -> list[Item]:
    """Items of up to a whole session, some urgent, some corrections, some with a deadline, some said twice."""
    found = []
    for number in range(draw(st.integers(0, 14))):
        due = SLOT + STEP * draw(st.integers(0, 2))
        deadline = draw(st.sampled_from(["", (due + timedelta(hours=2)).isoformat(), (due + STEP * 3).isoformat()]))
        found.append(
            Item(
                ref=f"d{number:02}",
                due_at=due.isoformat(),
                title=f"Tin {number}",
                sentences=("Một câu.",),
                seconds=draw(st.integers(1, int(MINUTES * 60 - FRAME))),
                urgent=draw(st.booleans()),
                digest=str(draw(st.integers(0, 20))),
                deadline=deadline,
                corrects=draw(st.sampled_from(["", SLOT.isoformat()])),
            )
        )
    return found


@settings(deadline=None, max_examples=60)
@given(pools())
def test_no_session_overruns_and_nothing_is_lost_or_read_twice(items: list[Item]) -> None:
    sessions = filled(items)
    assert all(lasts(slot, read) <= MINUTES * 60 for slot, read in sessions.items())
    assert Counter(one.ref for read in sessions.values() for one in read) == Counter(item.ref for item in items)
    for read in sessions.values():
        assert len({item.digest for item in read}) == len(read), "the same words twice in one session"


@settings(deadline=None, max_examples=60)
@given(pools())
def test_nobody_overtakes_and_the_urgent_never_wait_behind_the_ordinary(items: list[Item]) -> None:
    sessions = filled(items)
    for slot, read in sessions.items():
        assert list(read) == sorted(read, key=lambda one: one.rank)
        passed = [
            item
            for later, others in sessions.items()
            if later > slot
            for item in others
            if any(move.came_from == slot and "chính tin này" not in move.why for move in item.moves)
        ]
        assert all(item.rank < other.rank for item in read for other in passed)


@settings(deadline=None, max_examples=60)
@given(pools())
def test_every_move_is_told_from_where_to_where_and_why(items: list[Item]) -> None:
    before = {item.ref: item for item in items}
    for slot, read in filled(items).items():
        for item in read:
            way = [wanted(before[item.ref]), *(move.went_to for move in item.moves)]
            assert way == sorted(way)
            assert way[-1] == slot
            assert [move.came_from for move in item.moves] == way[:-1]
            assert all(move.why for move in item.moves)


@settings(deadline=None, max_examples=40)
@given(pools(), st.randoms())
def test_the_order_in_which_items_arrive_does_not_matter(items: list[Item], chance: object) -> None:
    mixed = list(items)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert filled(mixed) == filled(items)


def test_an_item_that_misses_its_deadline_by_waiting_says_so() -> None:
    deadline = (SLOT + timedelta(hours=1)).isoformat()
    first = Item("d1", SLOT.isoformat(), "Dài", ("Câu.",), 700, deadline=deadline, digest="a")
    second = replace(first, ref="d2", title="Chờ", digest="b")
    (moved,) = filled([first, second])[SLOT + STEP]
    assert "quá hạn phát (08:30 ngày 23/11/2026)" in moved.moves[0].why


# -- in the folder -----------------------------------------------------------------------------------------------------


@pytest.fixture
def short(account: Account) -> Account:
    """Room for two items of the test's length."""
    return replace(account, settings={**account.settings, "minutes": "3"})


def named(content: Content, title: str, **changed: object) -> Content:
    return replace(content, title=title, **changed)  # type: ignore[arg-type]


def send(content: Content, account: Account, desk: Desk, ref: str, **changed: object) -> Outcome:
    payload = CHANNEL.shape(content, account)
    return CHANNEL.send(payload, account, replace(desk, delivery_ref=ref, **changed))  # type: ignore[arg-type]


def read(account: Account) -> dict[str, tuple[str, ...]]:
    return {session.name: session.refs for session in sessions_of(account)}


def script(account: Account, name: str) -> str:
    return (Path(account.settings["root"]) / name / "ban-doc.txt").read_text("utf-8")


def test_what_does_not_fit_moves_to_the_next_session_and_both_papers_say_so(
    content: Content, short: Account, desk: Desk
) -> None:
    outcomes = [send(named(content, f"Tin số {n}"), short, desk, f"d{n}") for n in (1, 2, 3)]
    assert read(short) == {"2026-11-23-0730": ("d1", "d2"), "2026-11-23-1630": ("d3",)}
    assert outcomes[2].remote_id == "2026-11-23-1630/d3"
    assert outcomes[2].detail["notes"] == ["Chuyển từ buổi 07:30 ngày 23/11/2026: Buổi ấy đã đủ 3 phút."]
    assert "Tin số 3: chuyển sang buổi 16:30 ngày 23/11/2026." in script(short, "2026-11-23-0730")
    assert "(Chuyển từ buổi 07:30 ngày 23/11/2026: Buổi ấy đã đủ 3 phút.)" in script(short, "2026-11-23-1630")
    assert all(not session.too_long for session in sessions_of(short))


def test_an_urgent_item_that_comes_later_pushes_the_ordinary_on(content: Content, short: Account, desk: Desk) -> None:
    for n in (1, 2):
        send(named(content, f"Tin số {n}"), short, desk, f"d{n}")
    storm = send(named(content, "Tin bão", urgent=True), short, desk, "d9")
    assert read(short) == {"2026-11-23-0730": ("d9", "d1"), "2026-11-23-1630": ("d2",)}
    assert storm.detail["pushed"][0]["ref"] == "d2"
    assert "tin khẩn được đọc trước" in storm.detail["notes"][0]


def test_an_item_that_moved_is_found_corrected_and_taken_out_wherever_it_lies(
    content: Content, short: Account, desk: Desk
) -> None:
    for n in (1, 2, 3):
        send(named(content, f"Tin số {n}"), short, desk, f"d{n}")
    moved = named(content, "Tin số 3")
    mine = replace(desk, delivery_ref="d3")
    found = CHANNEL.reconcile(CHANNEL.shape(moved, short), short, mine, desk.now)
    assert found is not None
    assert found.remote_id == "2026-11-23-1630/d3"
    was_sent_to = Remote("2026-11-23-0730/d3", "", "d3", desk.due_at)
    new = CHANNEL.shape(replace(moved, lead="Mời bà con dự họp lúc 20h30 ngày 26/11/2026."), short)
    assert CHANNEL.update(was_sent_to, new, short, mine).remote_id == "2026-11-23-1630/d3"
    CHANNEL.withdraw(was_sent_to, short, mine)
    assert read(short) == {"2026-11-23-0730": ("d1", "d2")}


def test_when_there_is_room_again_an_item_comes_back_to_the_session_it_was_meant_for(
    content: Content, short: Account, desk: Desk
) -> None:
    for n in (1, 2, 3):
        send(named(content, f"Tin số {n}"), short, desk, f"d{n}")
    CHANNEL.withdraw(Remote("2026-11-23-0730/d1", "", "d1", desk.due_at), short, desk)
    assert read(short) == {"2026-11-23-0730": ("d2", "d3")}
    assert "Chuyển" not in script(short, "2026-11-23-0730")


def test_an_item_may_be_read_in_several_sessions_but_not_twice_in_one(
    content: Content, short: Account, desk: Desk
) -> None:
    afternoon = SLOT.replace(hour=16)
    again = named(content, "Tin nhắc lại")
    send(again, short, desk, "d1")
    send(again, short, desk, "d2", due_at=afternoon)
    assert read(short) == {"2026-11-23-0730": ("d1",), "2026-11-23-1630": ("d2",)}
    for n in (7, 8):  # the first is pushed on to where its words are read already
        send(named(content, f"Tin bão {n}", urgent=True), short, desk, f"d{n}")
    assert read(short) == {
        "2026-11-23-0730": ("d7", "d8"),
        "2026-11-23-1630": ("d1",),
        "2026-11-24-0730": ("d2",),
    }
    assert "đã có chính tin này" in script(short, "2026-11-24-0730")


def test_the_timetable_says_which_session_comes_next(content: Content, short: Account, desk: Desk) -> None:
    def wednesdays(moment: datetime) -> Iterator[datetime]:
        yield from (SLOT + timedelta(days=2 + 7 * week) for week in range(3))

    for n in (1, 2, 3):
        send(named(content, f"Tin số {n}"), short, desk, f"d{n}", sessions_after=wednesdays)
    assert read(short)["2026-11-25-0730"] == ("d3",)


def test_a_session_that_has_begun_is_not_changed_and_a_late_item_waits_for_the_next(
    content: Content, short: Account, desk: Desk, after_airing: Desk
) -> None:
    send(named(content, "Tin số 1"), short, desk, "d1")
    before = script(short, "2026-11-23-0730")
    late = send(named(content, "Tin số 2"), short, after_airing, "d2")
    assert late.remote_id == "2026-11-23-1630/d2"
    assert script(short, "2026-11-23-0730") == before
    assert send(named(content, "Tin số 1"), short, after_airing, "d1").remote_id == "2026-11-23-0730/d1"


def test_an_urgent_item_due_by_now_is_a_session_of_its_own_in_the_coming_minute(
    content: Content, short: Account, after_airing: Desk
) -> None:
    storm = send(named(content, "Tin bão", urgent=True), short, after_airing, "d1", due_at=after_airing.now)
    assert storm.remote_id == "2026-11-23-0831/d1"


def test_a_session_of_which_somebody_told_what_became_is_closed(content: Content, short: Account, desk: Desk) -> None:
    send(named(content, "Tin số 1"), short, desk, "d1")
    assert close_session(short, SLOT, {"state": "called off"}).closed == {"state": "called off"}
    assert send(named(content, "Tin số 2"), short, desk, "d2").remote_id == "2026-11-23-1630/d2"


def test_an_approval_binds_to_every_word_and_is_printed_with_its_names(
    content: Content, short: Account, desk: Desk
) -> None:
    send(named(content, "Tin số 1"), short, desk, "d1")
    session = session_at(short, SLOT)
    assert session is not None
    approval = Approval("Trần Thị Bình, Phó Chủ tịch", desk.now, session.digest)
    approve_session(short, SLOT, approval)
    assert "Đã duyệt: Trần Thị Bình, Phó Chủ tịch, 07:30 ngày 22/11/2026." in script(short, session.name)
    send(named(content, "Tin số 2"), short, desk, "d2")
    assert "Trần Thị Bình" not in script(short, session.name)
    with pytest.raises(Unsupported, match="đã thay đổi"):
        approve_session(short, SLOT, approval)


def test_an_item_left_in_two_sessions_by_a_kill_is_read_once(content: Content, short: Account, desk: Desk) -> None:
    for n in (1, 2, 3):
        send(named(content, f"Tin số {n}"), short, desk, f"d{n}")
    root = Path(short.settings["root"])
    doubled = json.loads((root / "2026-11-23-1630/items/d3.json").read_text("utf-8"))
    (root / "2026-11-23-0730/items/d3.json").write_text(json.dumps(doubled), "utf-8")
    CHANNEL.reconcile(CHANNEL.shape(named(content, "Tin số 3"), short), short, replace(desk, delivery_ref="d3"), SLOT)
    assert read(short) == {"2026-11-23-0730": ("d1", "d2"), "2026-11-23-1630": ("d3",)}


def test_an_item_that_fills_a_session_alone_is_refused_while_it_is_written(content: Content, short: Account) -> None:
    with pytest.raises(Unsupported, match=r"buổi phát chỉ 3 phút: hãy rút ngắn tin"):
        CHANNEL.shape(replace(content, body="Bà con giữ vệ sinh chung. " * 60), short)
