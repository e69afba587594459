"""The time of a post in the composer: tied to a happening, repeating with exceptions, and what stands in its way."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from campaigns.models import Post
from publisher.approval.drafting import set_schedule
from publisher.approval.happenings import new_happening
from publisher.approval.rescheduling import move_post
from publisher.approval.review import approve, submit
from publisher.delivery.models import Account
from publisher.delivery.scheduling import rule_times
from publisher.people.rights import Role
from publisher.timetable.models import DayOverride
from publisher.timetable.recurrence import weekly
from tests.approval.timing import at
from tests.console.test_happenings import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def happening(office):
    by = office.people[Role.OFFICER]
    return new_happening(office.organisation, by=by, title="Đối thoại", starts_at=at(20, 14))


def form_of(post: Post, **given: object) -> dict[str, object]:
    """What the composer sends."""
    words = {name: getattr(post, name) for name in ("title", "lead", "body", "footer", "late_rule", "late_hours")}
    accounts = [str(pk) for pk in post.accounts.values_list("pk", flat=True)]
    return {**words, "accounts": accounts, "revision": post.revision, "side": "before", "offset": "7", **given}


def fresh(post: Post) -> Post:
    return Post.objects.select_related("schedule", "campaign", "organisation").get(pk=post.pk)


def test_a_post_is_tied_to_a_happening_and_shown_so_again(office, officer, happening) -> None:
    post = office.post()
    given = {
        "when": "tied",
        "happening": happening.pk,
        "side": "after",
        "offset": "1",
        "working": "on",
        "tied_hour": "08:00",
    }
    officer.post(f"/tin-bai/{post.pk}", form_of(post, **given))
    schedule = fresh(post).schedule
    assert (schedule.happening, schedule.offset_days, schedule.offset_working) == (happening, 1, True)
    assert schedule.offset_at == time(8)
    page = officer.get(f"/tin-bai/{post.pk}").content.decode()
    assert re.search(r'value="tied"[^>]*checked', page)
    assert re.search(r'value="after" selected', page)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"happening": ""}, "Hãy chọn sự kiện."),
        ({"side": "before", "offset": ""}, "Hãy ghi số ngày trước hoặc sau sự kiện."),
        ({"happening": "99999999999999999999999"}, "không có trong danh sách"),
    ],
)
def test_an_unfinished_tie_is_not_kept(office, officer, happening, given, told) -> None:
    post = office.post()
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, **{"when": "tied", "happening": happening.pk, **given}))
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Post.objects.get(pk=post.pk).versions.exists()


def test_a_happening_of_another_office_is_not_offered(office, officer) -> None:
    from tests.ward import make_ward

    ward = make_ward()
    theirs = new_happening(ward.organisation, by=ward.officer, title="Của phường khác", starts_at=at(3))
    post = office.post()
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, when="tied", happening=theirs.pk))
    assert answer.status_code == 422
    assert "Của phường khác" not in text(answer)


def test_days_are_left_out_of_a_repeating_post(office, officer) -> None:
    post = office.post()
    skipped = at(3).date()
    days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    given = {"when": "weekly", "day": at(1).date().isoformat(), "hour": "09:00", "weekdays": days}
    given |= {"until": at(5).date().isoformat(), "skip": f"{skipped.day}/{skipped.month}/{skipped.year}"}
    officer.post(f"/tin-bai/{post.pk}", form_of(post, **given))
    assert rule_times(fresh(post), fresh(post).schedule) == [at(1), at(2), at(4), at(5)]
    assert (
        f'value="{skipped.day}/{skipped.month}/{skipped.year}"' in officer.get(f"/tin-bai/{post.pk}").content.decode()
    )


def test_a_day_that_is_none_is_named(office, officer) -> None:
    post = office.post()
    given = {
        "when": "weekly",
        "day": at(1).date().isoformat(),
        "hour": "09:00",
        "weekdays": ["MO"],
        "skip": "30/2/2026",
    }
    answer = officer.post(f"/tin-bai/{post.pk}", form_of(post, **given))
    assert "“30/2/2026” không phải ngày" in text(answer)


def test_moved_occurrences_survive_an_edit_of_the_skipped_days(office, officer) -> None:
    post = office.post()
    by = office.people[Role.OFFICER]
    set_schedule(post, by=by, starts_at=at(1), rule=weekly(*range(7)), until=at(6).date())
    move_post(post, at(3, 15), by=by, occurrence=at(3))
    days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    left_out = [at(3).date(), at(5).date()]
    given = {"when": "weekly", "day": at(1).date().isoformat(), "hour": "09:00", "weekdays": days}
    given |= {"until": at(6).date().isoformat(), "skip": ", ".join(f"{d.day}/{d.month}/{d.year}" for d in left_out)}
    officer.post(f"/tin-bai/{post.pk}", form_of(fresh(post), **given))
    assert rule_times(fresh(post), fresh(post).schedule) == [at(1), at(2), at(3, 15), at(4), at(6)]


def test_an_editor_opened_before_the_post_was_moved_does_not_move_it_back(office, officer) -> None:
    post = office.post()
    by = office.people[Role.OFFICER]
    set_schedule(post, by=by, starts_at=at(1))
    stale = form_of(fresh(post), when="once", day=at(1).date().isoformat(), hour="09:00")
    move_post(post, at(4), by=by)
    assert officer.post(f"/tin-bai/{post.pk}", stale).status_code == 409
    assert fresh(post).schedule.starts_at == at(4)


def test_what_cannot_be_met_is_told_before_submission(office, officer) -> None:
    for days in range(1, 12):
        DayOverride.objects.create(
            organisation=office.organisation, date=at(days).date(), kind="quiet", name="Kỳ thi", source="CV 12"
        )
    post = office.post()
    set_schedule(post, by=office.people[Role.OFFICER], starts_at=at(2))
    words = text(officer.get(f"/tin-bai/{post.pk}"))
    assert "Trang phường, 09:00 ngày" in words
    assert "Gần nhất có thể" in words
    answer = officer.post(
        f"/tin-bai/{post.pk}",
        form_of(fresh(post), when="once", day=at(2).date().isoformat(), hour="09:00", do="submit"),
    )
    assert answer.status_code == 422
    assert "Gần nhất có thể" in text(answer)


def test_quiet_hours_and_days_off_move_a_post_and_say_so(office, officer) -> None:
    Account.objects.filter(pk=office.page.pk).update(quiet_from=time(21), quiet_until=time(6))
    post = office.post()
    set_schedule(post, by=office.people[Role.OFFICER], starts_at=at(2, 23))
    shown = text(officer.get(f"/tin-bai/{post.pk}"))
    local = at(3)
    assert re.search(rf"06:00 .*{local.day}/{local.month}/{local.year} Trang phường \S+", shown)


def test_the_same_words_on_the_same_channel_are_warned_of_here_and_at_the_approval(office, officer) -> None:
    by = office.people[Role.OFFICER]
    first = office.submitted("Ba thùng, ba màu")
    set_schedule(post := office.post("Ba thùng, ba màu"), by=by, starts_at=timezone.now() + timedelta(minutes=10))
    approve(first, by=office.people[Role.APPROVER], digest=first.digest)
    words = text(officer.get(f"/tin-bai/{post.pk}"))
    assert "Trang phường: " in words
    version = submit(fresh(post), by=by)
    approval = text(office.client(Role.APPROVER).get(f"/duyet/{version.pk}"))
    warning = next(w for w in re.findall(r"Trang phường: [^.]+\.", words))
    assert warning in approval
