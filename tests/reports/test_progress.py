"""How far a plan is, from posts and deliveries: by content, by target, by month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.intake.corrections import correct, exclude
from publisher.intake.revising import revise
from publisher.reports.progress import progress
from tests.plan_rows import plan_of
from tests.ward import Ward, make_ward

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def plan(ward: Ward):
    return plan_of(SAMPLE.read_bytes(), SAMPLE.name, organisation=ward.organisation, by=ward.officer).plan


def publish(ward: Ward, plan, path: str, *kinds: str, state: State = State.DELIVERED) -> Post:
    """A post on that content with deliveries in a state; moved there by hand, for only the count matters here."""
    theme = plan.themes.get(path=path)
    version = ward.submitted(*kinds, theme=theme)
    Post.objects.filter(pk=version.post_id).update(campaign=theme.campaigns.first() or theme.parent.campaigns.first())
    now = timezone.now()
    for kind in kinds:
        Delivery.objects.create(
            organisation=ward.organisation, version=version, account=ward.account(kind), digest="0" * 64, state=state,
            due_at=now, next_try_at=now, delivered_at=now if state == State.DELIVERED else None,
        )  # fmt: skip
    return version.post


def test_an_untouched_plan_misses_everything(plan):
    found = progress(plan, timezone.now())
    assert found.missing == found.letters == plan.themes.filter(children=None).count()
    assert {theme.state for theme in found.themes} == {"missing"}
    assert [theme.theme.path for theme in found.themes] == ["1", "2", "3", "4"]
    assert sum(theme.drafts for theme in found.themes) == found.letters


def test_done_and_scheduled_contents_are_told_apart_and_summed_up(ward, plan):
    publish(ward, plan, "1.a", "page", "facebook")
    publish(ward, plan, "1.b", "page", state=State.SCHEDULED)
    publish(ward, plan, "2.a", "page", state=State.CANCELLED)
    found = progress(plan, timezone.now())
    one = found.themes[0]
    assert (one.done, one.scheduled, one.missing, one.state) == (1, 1, one.letters - 2, "partly")
    assert [child.state for child in one.children[:2]] == ["done", "scheduled"]
    assert one.last_day == timezone.localdate()
    assert found.themes[1].state == "missing"
    assert (found.done, found.scheduled) == (1, 1)


def test_a_post_taken_down_or_put_away_counts_no_more(ward, plan):
    publish(ward, plan, "1.a", "page", state=State.WITHDRAWN)
    post = publish(ward, plan, "1.b", "page")
    Post.objects.filter(pk=post.pk).update(state=PostState.RETIRED)
    assert progress(plan, timezone.now()).done == 0


def test_targets_count_their_channel_in_their_period(ward, plan):
    correct(plan, "/date", date(timezone.localdate().year, 1, 5).isoformat(), by=None)
    correct(plan, "/year", timezone.localdate().year, by=None)
    publish(ward, plan, "1.a", "page", "loudspeaker")
    weekly = next(t for t in progress(plan, timezone.now()).targets if t.demand.channel == "page")
    this_week = next(s for s in weekly.spans if s.first <= timezone.localdate() <= s.last)
    assert (this_week.needed, this_week.done, this_week.missing) == (2, 1, 1)
    assert weekly.needed == sum(span.needed for span in weekly.spans)


def test_months_show_what_went_out(ward, plan):
    publish(ward, plan, "1.a", "page", "facebook")
    found = progress(plan, timezone.now())
    month = next(m for m in found.months if m.first == timezone.localdate().replace(day=1))
    assert (month.done, month.scheduled) == (1, 0)
    assert len(found.themes[0].months) == len(found.months)


def test_what_is_no_content_is_not_missing(plan):
    before = progress(plan, timezone.now()).letters
    exclude(plan, plan.themes.get(path="1.a").pointer, by=None)
    assert progress(plan, timezone.now()).letters == before - 1


def test_work_done_under_a_plan_counts_for_the_one_that_replaced_it(ward, plan):
    publish(ward, plan, "1.a", "page")
    text = SAMPLE.read_text().replace("18/KH-UBND", "25/KH-UBND", 1)
    new = plan_of(text.encode(), SAMPLE.name, organisation=ward.organisation, by=None).plan
    revise(plan, new, by=None)
    found = progress(new, timezone.now())
    assert found.themes[0].children[0].state == "done"
    assert found.done == 1


def test_posts_of_a_campaign_without_a_content_are_counted_apart(ward, plan):
    post = publish(ward, plan, "1.a", "page")
    Post.objects.filter(pk=post.pk).update(theme=None)
    found = progress(plan, timezone.now())
    assert (found.other, found.done) == (1, 0)


def test_a_plan_without_a_reading_or_posts_is_shown_empty(ward):
    found = progress(ward.plan, timezone.now())
    assert (found.first, found.last, found.months, found.targets) == (None, None, (), ())
    assert found.letters == 1


def test_the_picture_takes_few_queries_however_many_posts(ward, plan, django_assert_max_num_queries):
    for path in ("1.a", "1.b", "2.a"):
        publish(ward, plan, path, "page")
    with django_assert_max_num_queries(12):
        progress(plan, timezone.now())


def test_another_organisations_posts_do_not_count(ward, plan):
    other = make_ward()
    theirs = plan_of(SAMPLE.read_bytes(), SAMPLE.name, organisation=other.organisation, by=None).plan
    publish(other, theirs, "1.a", "page")
    assert progress(plan, timezone.now()).done == 0
