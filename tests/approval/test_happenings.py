"""A happening that moves takes its posts along; one that is called off stops them; everyone concerned is told."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.approval.happenings import (
    cancel_happening,
    edit_happening,
    move_happening,
    new_happening,
    revive_happening,
    sentence,
    take_note,
    unseen,
)
from publisher.approval.review import NotReady, Refused, submit
from publisher.delivery.models import Delivery
from publisher.delivery.rescheduling import to_review
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.models import Seat
from publisher.people.rights import Role
from publisher.reports.verification import verify_audit, verify_budget
from publisher.timetable.models import HappeningChange
from tests.approval.timing import approved, at, dialogue, due, row, tied
from tests.ward import fresh, make_ward, person, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def names(change: HappeningChange) -> dict[str, int]:
    return {name: len(lines) for name, lines in change.outcome.items()}


def test_a_post_tied_to_a_happening_is_due_so_many_days_before(ward):
    (delivery,) = approved(ward, tied(ward, dialogue(ward, 20), -7))
    assert due(delivery) == at(13, 8)


def test_working_days_are_counted_where_that_is_asked(ward):
    from publisher.approval.drafting import tie_to_happening
    from publisher.delivery.bounds import days_of

    happening, post = dialogue(ward, 20), ward.post("page")
    schedule = tie_to_happening(post, happening, by=ward.officer, days=1, working=True, at=time(8))
    day = schedule.starts_at.astimezone(ward.organisation.timezone).date()
    assert day > at(20).date()
    assert days_of(ward.organisation).is_working(day)


def test_drafts_and_approved_posts_move_along(ward):
    happening = dialogue(ward, 20)
    draft = tied(ward, happening, -7)
    (delivery,) = approved(ward, tied(ward, happening, -1))
    change = move_happening(happening, at(23, 14), by=ward.officer, reason="Hội trường bận")
    assert names(change) == {"moved": 2}
    assert row(draft).schedule.starts_at == at(16, 8)
    assert due(delivery) == at(22, 8)
    assert row(delivery.version.post).state == PostState.APPROVED
    assert sentence(change).endswith(": 2 bài dời theo.")
    for post in (draft, delivery.version.post):
        told = Event.objects.filter(kind="post.rescheduled", subject=f"post:{post.pk}").get().data["reason"]
        assert "Đối thoại với thanh niên” dời từ 14:00" in told
        assert told.endswith("Hội trường bận")
    assert verify_audit() == []


def test_moving_a_happening_back_restores_the_timetable(ward):
    happening = dialogue(ward, 20)
    made = [d for days in (-7, -1, 0, 1) for d in approved(ward, tied(ward, happening, days, "page", "loudspeaker"))]
    before = [(d.pk, due(d), fresh(d).next_try_at, fresh(d).late_until) for d in made]
    move_happening(happening, at(27, 9), by=ward.officer)
    assert all(due(d) != was for d, (_, was, *_) in zip(made, before, strict=True))
    move_happening(happening, at(20, 14), by=ward.officer)
    assert [(d.pk, due(d), fresh(d).next_try_at, fresh(d).late_until) for d in made] == before


def test_beyond_the_window_the_approval_ends_and_the_post_says_why(ward):
    ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    happening = dialogue(ward, 20)
    made = approved(ward, tied(ward, happening, -7, "page", "contracted"))
    change = move_happening(happening, at(60, 14), by=ward.officer)
    assert names(change) == {"approve_again": 1}
    assert "1 bài cần duyệt lại" in sentence(change)
    assert set(states(*made)) == {State.CANCELLED}
    post = row(made[0].version.post)
    assert (post.state, post.schedule.starts_at) == (PostState.DRAFT, at(53, 8))
    assert "duyệt lại" in Event.objects.get(kind="post.voided", subject=f"post:{post.pk}").data["reason"]
    ward.line.refresh_from_db()
    assert ward.line.committed == 0
    assert verify_audit() == verify_budget() == []
    move_happening(happening, at(20, 14), by=ward.officer)
    assert row(post).schedule.starts_at == at(13, 8)  # the time is back; the approval is given anew
    (page, _) = approved(ward, row(post))
    assert due(page) == at(13, 8)


def test_a_mark_that_has_passed_waits_for_a_person_and_comes_back_by_itself(ward):
    happening = dialogue(ward, 12)
    draft = tied(ward, happening, -7)
    (announcement,) = approved(ward, tied(ward, happening, -7))
    (reminder,) = approved(ward, tied(ward, happening, -1))
    change = move_happening(happening, at(4, 14), by=ward.officer)
    assert names(change) == {"passed": 1, "review": 1, "moved": 1}
    assert list(to_review(ward.organisation)) == [announcement]
    assert "Mốc T-7, 08:00" in fresh(announcement).review_why
    assert "đã qua" in fresh(announcement).review_why
    assert due(reminder) == at(3, 8)
    assert turn(at(3)) == 1  # the reminder; what waits for a person does not go
    assert states(announcement) == [State.SCHEDULED]
    with pytest.raises(NotReady, match=r"đã qua. Chọn mốc khác"):
        submit(row(draft), by=ward.officer)
    move_happening(happening, at(12, 14), by=ward.officer)
    assert (due(announcement), fresh(announcement).review_since) == (at(5, 8), None)


def test_a_happening_that_moved_into_the_past_lists_everything(ward):
    happening = dialogue(ward, 5)
    draft = tied(ward, happening, 0)
    made = approved(ward, tied(ward, happening, -1))
    change = move_happening(happening, at(-2, 14), by=ward.officer)
    assert names(change) == {"passed": 1, "review": 1}
    assert states(*made) == [State.SCHEDULED]
    assert row(draft).state == PostState.DRAFT


def test_what_stands_and_what_people_hold_is_listed(ward):
    happening = dialogue(ward, 20)
    made = approved(ward, tied(ward, happening, -7, "page", "loudspeaker"))
    Delivery.objects.filter(pk=made[0].pk).update(state=State.DELIVERED)
    Delivery.objects.filter(pk=made[1].pk).update(state=State.HANDED_OVER)
    change = move_happening(happening, at(22, 14), by=ward.officer)
    assert names(change) == {"sent": 1, "handed_over": 1}
    assert change.outcome["handed_over"][0]["account"] == "loudspeaker thử"


def test_a_cancelled_happening_stops_what_is_not_sent_and_marks_the_drafts(ward):
    happening = dialogue(ward, 20)
    draft = tied(ward, happening, -7)
    waiting = approved(ward, tied(ward, happening, -1))
    (standing,) = approved(ward, tied(ward, happening, -3))
    Delivery.objects.filter(pk=standing.pk).update(state=State.DELIVERED)
    change = cancel_happening(happening, by=ward.officer, reason="Bão số 5")
    assert names(change) == {"drafts": 1, "cancelled": 1, "sent": 1}
    assert states(*waiting, standing) == [State.CANCELLED, State.DELIVERED]
    assert fresh(waiting[0]).last_error == "Sự kiện “Đối thoại với thanh niên” đã hủy: Bão số 5"
    assert row(standing.version.post).state == PostState.APPROVED
    with pytest.raises(NotReady, match=r"đã hủy. Gắn bài vào sự kiện khác"):
        submit(row(draft), by=ward.officer)
    assert "Bão số 5" in Event.objects.get(kind="post.happening_cancelled").data["reason"]


def test_a_cancelled_happening_is_moved_only_after_it_takes_place_again(ward):
    happening = dialogue(ward, 20)
    (delivery,) = approved(ward, tied(ward, happening, -1))
    cancel_happening(happening, by=ward.officer, reason="Bão")
    with pytest.raises(Refused, match="Tổ chức lại"):
        move_happening(happening, at(25), by=ward.officer)
    change = revive_happening(happening, by=ward.officer)
    assert names(change) == {"drafts": 1}
    (again,) = approved(ward, row(delivery.version.post))
    assert due(again) == at(19, 8)


def test_a_retired_post_is_left_alone(ward):
    happening = dialogue(ward, 20)
    post = tied(ward, happening, -7)
    Post.objects.filter(pk=post.pk).update(state=PostState.RETIRED)
    assert names(move_happening(happening, at(22, 14), by=ward.officer)) == {}
    assert row(post).schedule.starts_at == at(13, 8)


def test_everyone_who_writes_or_approves_sees_a_change_until_they_take_note(ward):
    happening = dialogue(ward, 20)
    change = move_happening(happening, at(22, 14), by=ward.officer)
    seats = [Seat(somebody, ward.organisation) for somebody in (ward.officer, ward.approver)]
    assert [list(unseen(seat)) for seat in seats] == [[change], [change]]
    take_note(change, ward.approver)
    take_note(change, ward.approver)
    assert [list(unseen(seat)) for seat in seats] == [[change], []]
    auditor = person(ward.organisation, Role.AUDITOR)
    stranger = make_ward()
    newcomer = person(ward.organisation, Role.OFFICER)
    assert not unseen(Seat(auditor, ward.organisation))
    assert not unseen(Seat(stranger.officer, stranger.organisation))
    assert not unseen(Seat(newcomer, ward.organisation))


def test_a_change_is_history(ward):
    happening = dialogue(ward, 20)
    change = move_happening(happening, at(22, 14), by=ward.officer)
    with pytest.raises(TypeError):
        change.save()


def test_what_cannot_be_done_to_a_happening_is_said(ward):
    happening = dialogue(ward, 20)
    with pytest.raises(Refused, match="trùng giờ cũ"):
        move_happening(happening, at(20, 14), by=ward.officer)
    with pytest.raises(Refused, match="ghi lý do"):
        cancel_happening(happening, by=ward.officer, reason=" ")
    with pytest.raises(Refused, match="không bị hủy"):
        revive_happening(happening, by=ward.officer)
    with pytest.raises(Refused, match="không được đặt hay dời"):
        move_happening(happening, at(22), by=ward.approver)
    with pytest.raises(Refused, match="sau giờ bắt đầu"):
        edit_happening(happening, by=ward.officer, title="X", place="", ends_at=at(20, 13))
    with pytest.raises(Refused, match="không được đặt hay dời"):
        new_happening(ward.organisation, by=make_ward().officer, title="X", starts_at=timezone.now())


def test_the_end_of_a_happening_moves_with_its_beginning(ward):
    happening = dialogue(ward, 20)
    edit_happening(happening, by=ward.officer, title="Đối thoại", place="Hội trường", ends_at=at(20, 17))
    move_happening(happening, at(21, 8), by=ward.officer)
    happening.refresh_from_db()
    assert happening.ends_at - happening.starts_at == timedelta(hours=3)
