"""What is seen without anybody pressing anything."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from publisher.airing.finishing import finish_unfinished
from publisher.airing.models import Bulletin, Standing
from publisher.airing.telling import tell
from publisher.airing.watching import unconfirmed, watch, without_document
from publisher.delivery.models import Account
from publisher.following.models import Notice
from publisher.following.watch import look_at_stations
from tests.airing.stations import aired, day_before, lay_one, session_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_voice(station) -> None:
    account = station.account
    Account.objects.filter(pk=account.pk).update(settings={**account.settings, "voice": "khong"})
    station.account.refresh_from_db()


def test_a_session_has_its_row_once_it_was_seen(station) -> None:
    station.lay()
    watch(timezone.now())
    watch(timezone.now())
    assert [row.slot_at for row in Bulletin.objects.all()] == [station.morning]


def test_a_changed_bulletin_is_voided_by_the_look(station) -> None:
    slot = day_before(time(7, 30), days=-1)
    station.lay(slot, "Tin một")
    station.approved(station.bulletin(slot), now=timezone.now())
    ward = station.ward
    lay_one(station.account, ward.campaign, ward.officer, slot, "Tin hai", at=timezone.now())
    watch(timezone.now())
    assert Bulletin.objects.get().state == Standing.WAITING


def test_people_are_told_once_that_nobody_spoke_of_a_session(station) -> None:
    station.lay()
    watch(timezone.now())
    assert [row.slot_at for row in unconfirmed(station.organisation, timezone.now())] == [station.morning]
    assert unconfirmed(station.organisation, station.morning + timedelta(hours=1)) == []
    for _ in range(2):
        look_at_stations(timezone.now())
    notices = Notice.objects.filter(kind="airing.unconfirmed")
    assert {notice.person for notice in notices} == {station.operator, station.ward.officer}
    assert "Chưa ai xác nhận buổi phát 07:30" in notices[0].words


def test_an_oral_order_without_its_document_is_asked_about(station) -> None:
    slot = day_before(time(22, 15), days=3)
    station.lay(slot, "Sơ tán", urgent=True)
    bulletin = station.bulletin(slot)
    session = session_at(bulletin)
    told = aired(bulletin, order="Chủ tịch UBND phường lệnh lúc 22h10")
    entry = tell(bulletin, session, told, by=station.operator, digest=session.digest)
    assert without_document(station.organisation, timezone.now()) == [entry]
    assert without_document(station.organisation, timezone.now(), overdue=True) == []
    look_at_stations(timezone.now() + timedelta(days=2))
    assert Notice.objects.filter(kind="airing.oral_order", person=station.ward.approver).count() == 1
    station.approved(bulletin, now=timezone.now(), order="Công điện 05/CĐ-UBND ngày 9/9/2026")
    assert without_document(station.organisation, timezone.now()) == []


def test_what_a_killed_process_left_undone_is_done_by_the_next_look(station) -> None:
    station.lay(None, "Tin một", "Tin hai")
    bulletin = station.bulletin()
    session = session_at(bulletin)
    told = aired(bulletin, outcome=Standing.NOT_AIRED, reason="Mất điện")
    entry = tell(bulletin, session, told, by=station.operator, digest=session.digest)
    assert not (session.path / "ket-qua.json").exists(), "the test's transaction is not committed"
    finish_unfinished(timezone.now())
    assert (session.path / "ket-qua.json").exists()
    assert len(session_at(station.bulletin(timezone.localtime(entry.carried_to))).items) == 2
