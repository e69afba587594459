"""A bulletin is approved as a whole, and any change of what is said ends that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.airing.approving import standing_approval
from publisher.airing.models import BulletinApproval, Standing
from publisher.airing.sessions import kept_bulletins, look
from publisher.airing.watching import refresh
from publisher.approval.review import Refused
from publisher.events.models import AppendOnly, Event
from publisher.people.rights import Role
from tests.airing.stations import bulletin_at, lay_one, session_at
from tests.ward import person

pytestmark = pytest.mark.django_db


def test_an_approval_covers_every_word_of_the_session(station) -> None:
    station.lay()
    bulletin = station.bulletin()
    approval = station.approved(bulletin)
    bulletin.refresh_from_db()
    assert bulletin.state == Standing.APPROVED
    assert standing_approval(bulletin, session_at(bulletin).digest) == approval
    assert standing_approval(bulletin, "other words") is None
    assert Event.objects.filter(kind="bulletin.approved", subject=f"bulletin:{bulletin.pk}").exists()


def test_what_changed_since_it_was_shown_is_not_approved(station) -> None:
    station.lay(None, "Tin một")
    with pytest.raises(Refused, match="vừa đổi"):
        station.approved(station.bulletin(), digest="what was shown")


def test_one_more_item_ends_the_approval_visibly(station) -> None:
    slot = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    account, ward = station.account, station.ward
    slot = slot.astimezone(station.organisation.timezone).replace(hour=7, minute=30)
    station.lay(slot, "Tin một")
    bulletin = station.bulletin(slot)
    station.approved(bulletin, now=timezone.now())
    lay_one(account, ward.campaign, ward.officer, slot, "Tin hai", at=timezone.now())
    found = look([account], slot, slot)
    refresh(kept_bulletins(station.organisation, found), found, timezone.now())
    bulletin.refresh_from_db()
    assert bulletin.state == Standing.WAITING
    assert [row.ruling for row in bulletin.approvals.all()] == ["voided", "approved"]
    assert Event.objects.filter(kind="bulletin.voided").exists()
    station.approved(bulletin_at(account, slot), now=timezone.now())
    assert bulletin.approvals.count() == 3


def test_whoever_wrote_one_item_does_not_approve_the_whole(station) -> None:
    both = person(station.organisation, Role.OFFICER, Role.APPROVER)
    ward = station.ward
    lay_one(station.account, ward.campaign, both, station.morning, "Tin của người duyệt")
    station.lay(None, "Tin khác")
    bulletin = station.bulletin()
    with pytest.raises(Refused, match="có bài bạn viết"):
        station.approved(bulletin, by=both)
    station.organisation.self_approval = True
    station.organisation.save(update_fields=["self_approval"])
    with pytest.raises(Refused, match="cần ghi lý do"):
        station.approved(bulletin, by=both)
    assert station.approved(bulletin, by=both, reason="Phó Chủ tịch đi vắng").reason == "Phó Chủ tịch đi vắng"


def test_only_who_approves_posts_approves_bulletins(station) -> None:
    station.lay(None, "Tin một")
    for role in (Role.OFFICER, Role.OPERATOR, Role.AUDITOR, Role.ADMIN):
        with pytest.raises(Refused, match="không có quyền duyệt"):
            station.approved(station.bulletin(), by=person(station.organisation, role))


def test_a_decision_is_never_changed_or_removed(station) -> None:
    station.lay(None, "Tin một")
    approval = station.approved(station.bulletin())
    with pytest.raises(AppendOnly):
        approval.save()
    with pytest.raises(AppendOnly):
        approval.delete()
    assert BulletinApproval.objects.count() == 1


def test_the_papers_name_who_approved_them(station, django_capture_on_commit_callbacks) -> None:
    station.lay()
    bulletin = station.bulletin()
    with django_capture_on_commit_callbacks(execute=True):
        station.approved(bulletin)
    assert str(station.ward.approver) in (session_at(bulletin).path / "ban-doc.txt").read_text()
