"""The picture of a plan's progress: its geometry, and the page with its tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.counting import Demand, Month, Outing, target_progress
from campaigns.models import Theme
from publisher.console.plan_picture import LONG, bullet, letters, squares, strips
from publisher.delivery.states import State
from publisher.people.rights import Role
from publisher.reports.progress import ThemeProgress

TODAY = date(2026, 11, 23)
WEEKLY = Demand(1, "Mỗi tuần 2 tin", 2, ">=", "tin, bài", "week", "page")


def content(path: str, state: str, *children: ThemeProgress, own: str = "") -> ThemeProgress:
    count = {
        name: sum(getattr(tip, name) for tip in children) + (own == name if children else state == name)
        for name in ("done", "scheduled", "missing")
    }
    theme = Theme(path=path, title=f"Nội dung {path}")
    return ThemeProgress(
        theme=theme,
        letters=sum(count.values()),
        posts=0,
        drafts=0,
        last_day=None,
        months=(),
        children=children,
        **count,
    )


def test_every_letter_is_a_square_with_its_state_and_name() -> None:
    theme = content("1", "", content("1.a", "done"), content("1.b", "scheduled"), content("1.c", "missing"))
    made = squares(list(letters(theme)))
    assert [(s.label, s.state) for s in made.squares] == [("a", "done"), ("b", "scheduled"), ("c", "missing")]
    assert len({(s.x, s.y) for s in made.squares}) == 3


def test_a_content_with_posts_beside_its_letters_is_a_square_too() -> None:
    theme = content("2", "", content("2.a", "missing"), own="done")
    assert [(label, state) for label, state, _ in letters(theme)] == [("2", "done"), ("a", "missing")]


def test_many_letters_stand_in_rows_inside_the_picture() -> None:
    made = squares([("a", "done", "")] * 30)
    assert made.height > made.squares[0].y + 26
    assert all(s.x + 22 <= made.width and s.y + 22 <= made.height for s in made.squares)


def test_each_year_is_a_strip_and_today_is_marked_once() -> None:
    months = [Month(date(2026, 11, 1), 2, 0), Month(date(2026, 12, 1), 0, 1), Month(date(2027, 1, 1), 0, 0)]
    first, second = strips(months, TODAY)
    assert (first.year, second.year) == (2026, 2027)
    assert [cell.today for strip in (first, second) for cell in strip.cells] == [True, False, False]
    assert second.cells[0].x == 0
    assert "tháng 11: 2 xong" in first.words
    assert "chưa có bài nào" in second.words


def test_a_target_is_held_against_what_is_demanded_by_today() -> None:
    monday = date(2026, 11, 2)
    outings = [Outing(n, "page", monday + timedelta(days=n), True) for n in range(3)]
    drawn = bullet(target_progress(WEEKLY, outings, monday, monday + timedelta(days=34), TODAY))
    assert (drawn.target.needed, drawn.demanded, drawn.late) == (10, 6, 3)
    assert drawn.done == pytest.approx(0.3 * LONG)
    assert drawn.due == pytest.approx(0.6 * LONG)
    assert [tick.state for tick in drawn.ticks] == ["done", "missing", "missing", "open", "open"]


def test_more_than_is_demanded_stays_inside_the_bar() -> None:
    outings = [Outing(n, "page", TODAY, True) for n in range(40)]
    drawn = bullet(target_progress(WEEKLY, outings, TODAY, TODAY + timedelta(days=6), TODAY))
    assert drawn.done <= LONG
    assert drawn.goal < LONG


def test_the_page_counts_what_went_out_and_says_it_in_a_table_too(office) -> None:
    client, place = office.client(Role.AUDITOR), f"/ke-hoach/{office.plan.pk}/tien-do"
    empty = client.get(place)
    assert empty.context["found"].done == 0
    delivery = office.delivery(State.DELIVERED)
    theme = office.plan.themes.get(path="1.a")
    type(delivery.version.post).objects.filter(pk=delivery.version.post_id).update(theme=theme)
    page = client.get(place)
    assert page.context["found"].done == 1
    words = page.content.decode()
    assert place in client.get("/hom-nay").content.decode()
    assert 'class="st-done"' in words
    assert "Bảng số liệu" in words
    assert "Phần mềm không đếm được chỉ tiêu này" in words


def test_the_page_asks_no_more_of_the_database_for_more_posts(office) -> None:
    client, place = office.client(Role.AUDITOR), f"/ke-hoach/{office.plan.pk}/tien-do"
    with CaptureQueriesContext(connection) as few:
        client.get(place)
    for day in range(3):
        office.delivery(State.SCHEDULED, due_at=timezone.now() + timedelta(days=day + 1))
    with CaptureQueriesContext(connection) as many:
        client.get(place)
    assert len(few) == len(many)
