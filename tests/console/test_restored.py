"""Khôi phục từ bản sao lưu: what may have gone out meanwhile, decided before anything goes out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.delivery.models import Delivery, EngineHold
from publisher.delivery.states import State
from publisher.people.rights import Role

PLACE = "/khoi-phuc"


@pytest.fixture
def stopped(office) -> EngineHold:
    now = timezone.now()
    return EngineHold.objects.create(since=now, reason="Khôi phục bản cũ.", backup_at=now - timedelta(hours=5))


@pytest.fixture
def absent(office, stopped) -> list[Delivery]:
    """Two that were looked for and not found."""
    rows = [office.delivery() for _ in range(2)]
    for row in rows:
        mark(row, review_since=timezone.now(), review_why="Không thấy bài trên kênh.")
    return rows


def mark(row: Delivery, **columns: object) -> Delivery:
    Delivery.objects.filter(pk=row.pk).update(from_backup=True, **columns)
    return row


def test_everybody_sees_on_every_page_that_everything_is_held(office, stopped) -> None:
    for role in Role:
        assert "Mọi lượt đăng đang dừng" in office.client(role).get("/lich").content.decode()
    stopped.lifted_at = timezone.now()
    stopped.save(update_fields=["lifted_at"])
    assert "Mọi lượt đăng đang dừng" not in office.client(Role.OFFICER).get("/lich").content.decode()


def test_rows_stand_by_what_became_of_them(office, absent) -> None:
    looking = mark(office.delivery(State.UNKNOWN))
    stuck = mark(office.delivery(State.UNKNOWN), review_since=timezone.now())
    standing = mark(office.delivery(State.DELIVERED))
    office.delivery(State.DELIVERED)  # not of the backup
    context = office.client(Role.AUDITOR).get(PLACE).context
    assert [row.pk for row in context["absent"]] == [row.pk for row in absent]
    assert [row.pk for row in context["looking"]] == [looking.pk]
    assert [row.pk for row in context["stuck"]] == [stuck.pk]
    assert [row.pk for row in context["standing"]] == [standing.pk]


def test_what_was_not_found_is_let_go_or_called_off_together(office, absent) -> None:
    officer = office.client(Role.OFFICER)
    first, second = absent
    officer.post(f"{PLACE}/quyet-dinh", {"do": "now", "rows": [first.pk]})
    first.refresh_from_db()
    assert (first.state, first.review_since) == (State.SCHEDULED, None)
    assert officer.post(f"{PLACE}/quyet-dinh", {"do": "drop", "rows": [second.pk]}).status_code == 422
    officer.post(f"{PLACE}/quyet-dinh", {"do": "drop", "rows": [second.pk], "reason": "Đã quá ngày họp"})
    second.refresh_from_db()
    assert second.state == State.CANCELLED
    page = officer.get(PLACE)
    assert not page.context["absent"]
    assert page.context["to_go"] == 1


def test_a_row_of_another_office_cannot_be_decided(office, absent) -> None:
    answer = office.client(office.stranger).post(f"{PLACE}/quyet-dinh", {"do": "now", "rows": [absent[0].pk]})
    assert answer.status_code == 422
    absent[0].refresh_from_db()
    assert absent[0].review_since is not None


def test_the_administrator_lets_everything_run_once_nothing_is_in_doubt(office, absent) -> None:
    lost = mark(office.delivery(State.UNKNOWN))
    admin = office.client(Role.ADMIN)
    answer = admin.post(f"{PLACE}/chay-lai")
    assert answer.status_code == 409
    assert "chưa rõ" in answer.content.decode()
    assert EngineHold.objects.filter(lifted_at=None).exists()
    office.client(Role.OFFICER).post(f"/luot-dang/{lost.pk}/khong-ro", {"decision": "posted", "note": "Thấy bài"})
    admin.post(f"{PLACE}/chay-lai")
    hold = EngineHold.objects.get()
    assert hold.lifted_by == office.people[Role.ADMIN]
    assert "đang chạy bình thường" in admin.get(PLACE).content.decode()
