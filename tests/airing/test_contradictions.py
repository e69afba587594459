"""What changes under people's hands: words nobody can read, settings, sessions that push, empty or break."""

from __future__ import annotations

import io
from datetime import date, time
from uuid import uuid4

import pytest
from django.utils import timezone
from docx import Document

from channels import loudspeaker
from channels.contract import Remote
from channels.registry import CHANNELS
from publisher.airing.carrying import carry_stranded, next_session
from publisher.airing.models import Bulletin, Rest, Ruling, Standing
from publisher.airing.podcast import put_episode_of
from publisher.airing.sessions import look, open_bulletins, session_row
from publisher.airing.telling import Told, correct, tell
from publisher.airing.watching import watch
from publisher.airing.week import week_of
from publisher.airing.week_papers import docx, title
from publisher.approval.review import NotReady, Refused
from publisher.console.delivery import refuse_part_of_session
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.desk import NotPossible
from publisher.delivery.desks import desk_for
from publisher.delivery.models import Account, Delivery
from publisher.delivery.states import State
from tests.airing.stations import aired, bulletin_at, day_before, lay_one, session_at, states
from tests.ward import fresh

pytestmark = pytest.mark.django_db
LONG = "Mời bà con mang rác cồng kềnh ra nhà văn hóa tổ dân phố trước bảy giờ sáng thứ bảy tuần này. " * 16
TOMORROW = -1


def setting(account: Account, /, **given: str) -> None:
    Account.objects.filter(pk=account.pk).update(settings={**account.settings, "voice": "khong", **given})
    account.refresh_from_db()


def taken_out(delivery: Delivery) -> None:
    """As the engine does when somebody withdraws it."""
    remote = Remote(delivery.remote_id, "", str(delivery.ref), delivery.due_at)
    CHANNELS["loudspeaker"].withdraw(remote, as_channel_sees(delivery.account), desk_for(delivery))


def two_that_do_not_fit(station) -> list[Delivery]:
    """The first stays, the second had to go on; both were told the same session."""
    slot, ward = day_before(time(7, 30), days=TOMORROW), station.ward
    setting(station.account, minutes="5")
    laid = [lay_one(station.account, ward.campaign, ward.officer, slot, name, body=LONG) for name in ("Một", "Hai")]
    lying = look([station.account], slot, slot).sessions[station.account.pk, slot].items[0].ref
    return sorted(laid, key=lambda one: str(one.ref) != lying)


@pytest.mark.parametrize("where", ["item", "frame"])
def test_nothing_unreadable_is_approved(station, where) -> None:
    if where == "frame":
        setting(station.account, station="Đài XQZW phường")
    station.lay(None, "Tin một")
    if where == "item":  # laid before the spelling of the station's dictionary was taken back
        path = next((session_at(station.bulletin()).path / "items").glob("*.json"))
        path.write_text(path.read_text().replace('"unread":[]', '"unread":["XQZW"]'))
    with pytest.raises(Refused, match="chưa có cách đọc: XQZW"):
        station.approved(station.bulletin())


def test_a_post_nobody_can_read_out_is_drafted_and_not_submitted(station) -> None:
    with pytest.raises(NotReady, match=r"chưa có cách đọc \(XQZW\): viết rõ bằng chữ"):
        station.lay(None, "Gặp XQZW hôm nay")


def test_settings_changed_after_the_hour_leave_the_session_as_it_was(
    station, django_capture_on_commit_callbacks
) -> None:
    setting(station.account, sessions="07:30,16:30")
    delivery = station.lay(None, "Tin một")[0]
    with django_capture_on_commit_callbacks(execute=True):
        station.approved(station.bulletin())
    setting(station.account, sessions="06:45,17:00", station="Đài truyền thanh phường Sông Mới")
    watch(timezone.now())
    bulletin = station.bulletin()
    session = session_at(bulletin)
    assert bulletin.state == Standing.APPROVED
    tell(bulletin, session, aired(bulletin), by=station.operator, digest=session.digest)
    assert states(delivery) == [State.DELIVERED]


def test_settings_changed_before_the_hour_end_the_approval(station, django_capture_on_commit_callbacks) -> None:
    slot = day_before(time(7, 30), days=TOMORROW)
    station.lay(slot, "Tin một")
    with django_capture_on_commit_callbacks(execute=True):
        station.approved(station.bulletin(slot), now=timezone.now())
    setting(station.account, station="Đài truyền thanh phường Sông Mới")
    watch(timezone.now())
    assert station.bulletin(slot).state == Standing.WAITING


def test_an_item_of_a_session_to_come_is_not_told_of_by_itself(station) -> None:
    delivery = station.lay(day_before(time(7, 30), days=-6), "Tin một")[0]
    with pytest.raises(NotPossible, match="trang Loa"):
        refuse_part_of_session(fresh(delivery))


def test_what_had_to_make_room_belongs_to_the_session_it_lies_in(station) -> None:
    stays, pushed = two_that_do_not_fit(station)
    Delivery.objects.filter(pk=pushed.pk).update(
        remote_id=fresh(stays).remote_id.replace(str(stays.ref), str(pushed.ref))
    )
    row = session_row(fresh(pushed))
    assert row is not None
    assert timezone.localtime(row.slot_at).time() == time(16, 30)
    Delivery.objects.filter(pk=pushed.pk).update(due_at=day_before(time(7, 30), days=1))  # the hour it was told is over
    assert carry_stranded(station.account) == [pushed]
    assert fresh(pushed).due_at == row.slot_at


def test_what_came_back_is_told_with_the_session_it_came_back_to(station) -> None:
    stays, pushed = station.lay(None, "Tin một", "Tin hai")
    Delivery.objects.filter(pk=pushed.pk).update(due_at=day_before(time(16, 30), days=TOMORROW))
    bulletin = station.bulletin()
    station.approved(bulletin)
    session = session_at(bulletin)
    tell(bulletin, session, aired(bulletin), by=station.operator, digest=session.digest)
    assert states(stays, pushed) == [State.DELIVERED] * 2


def test_a_session_without_items_is_not_asked_about_until_some_come_again(station) -> None:
    slot = day_before(time(7, 30), days=TOMORROW)
    delivery = station.lay(slot, "Tin một")[0]
    setting(station.account)
    station.approved(station.bulletin(slot), now=timezone.now())
    taken_out(fresh(delivery))
    watch(timezone.now())
    bulletin = Bulletin.objects.get()
    assert bulletin.state == Standing.EMPTY
    assert bulletin.approvals.first().ruling == Ruling.VOIDED
    assert not open_bulletins(station.organisation, slot).exists()
    station.lay(slot, "Tin hai")
    watch(timezone.now())
    assert Bulletin.objects.get().state == Standing.WAITING


def test_what_is_carried_into_an_approved_session_ends_its_approval(station) -> None:
    setting(station.account)
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    coming = next_session(station.account, timezone.now())
    assert coming is not None
    ward = station.ward
    lay_one(station.account, ward.campaign, ward.officer, coming, "Tin hai", at=timezone.now())
    station.approved(bulletin_at(station.account, coming), now=timezone.now())
    session = session_at(bulletin)
    told = Told(uuid4(), Standing.NOT_AIRED, rest=Rest.CARRIED, reason="Mất điện")
    tell(bulletin, session, told, by=station.operator, digest=session.digest)
    carry_stranded(station.account)
    watch(timezone.now())
    assert Bulletin.objects.get(slot_at=coming).state == Standing.WAITING


def test_a_correction_airs_nothing_that_was_never_approved(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    session = session_at(bulletin)
    told = aired(bulletin, outcome=Standing.NOT_AIRED, reason="Mất điện")
    entry = tell(bulletin, session, told, by=station.operator, digest=session.digest)
    with pytest.raises(Refused, match="chưa được duyệt"):
        correct(entry, aired(bulletin, reason="Ghi nhầm"), by=station.operator)


def test_an_oral_order_outlives_a_correction(station) -> None:
    slot = day_before(time(22, 15), days=2)
    station.lay(slot, "Sơ tán", urgent=True)
    bulletin = station.bulletin(slot)
    session = session_at(bulletin)
    order = "Chủ tịch UBND phường lệnh lúc 22h10"
    entry = tell(bulletin, session, aired(bulletin, order=order), by=station.operator, digest=session.digest)
    assert correct(entry, aired(bulletin, reason="Ghi nhầm giờ"), by=station.operator).order == order


def test_a_broken_item_hides_no_other_session(station) -> None:
    station.lay(None, "Tin một")
    evening = day_before(time(16, 30))
    station.lay(evening, "Tin hai")
    path = session_at(station.bulletin()).path
    next((path / "items").glob("*.json")).write_text("{")
    found = look([station.account], station.morning, evening)
    assert [slot for _, slot in found.sessions] == [evening]
    assert path.name in found.problems[0]
    watch(timezone.now())


def test_no_episode_of_what_was_aired_on_an_oral_order_before_its_document(station, monkeypatch) -> None:
    setting(station.account, podcast="co")
    slot = day_before(time(22, 15))
    station.lay(slot, "Sơ tán", urgent=True)
    bulletin = station.bulletin(slot)
    session = session_at(bulletin)
    order = "Chủ tịch UBND phường lệnh lúc 22h10"
    tell(bulletin, session, aired(bulletin, order=order), by=station.operator, digest=session.digest)
    monkeypatch.setattr("publisher.airing.podcast.put_out", lambda *given: None)
    monkeypatch.setattr(type(session), "sound", object())
    assert not put_episode_of(Bulletin.objects.get())
    station.approved(bulletin, now=timezone.now(), order="Công điện 05/CĐ-UBND ngày 9/9/2026")
    assert put_episode_of(Bulletin.objects.get())


def test_the_papers_of_a_session_to_come_follow_the_settings_when_it_is_approved(
    station, django_capture_on_commit_callbacks
) -> None:
    slot = day_before(time(7, 30), days=TOMORROW)
    station.lay(slot, "Tin một")
    setting(station.account, station="Đài truyền thanh phường Sông Mới")
    with django_capture_on_commit_callbacks(execute=True):
        station.approved(station.bulletin(slot), now=timezone.now())
    lying = loudspeaker.session_at(as_channel_sees(station.account), timezone.localtime(slot))
    assert lying is not None
    assert "SÔNG MỚI" in (lying.path / "ban-doc.txt").read_text()


def test_the_week_over_the_turn_of_the_year_is_dated_on_both_sides(station) -> None:
    week = week_of([station.account], date(2026, 12, 28))
    assert title(week) == "Tuần từ 28/12/2026 đến 3/1/2027"
    columns = Document(io.BytesIO(docx(week, station.organisation))).tables[1].columns
    assert columns[2].width > 3 * columns[1].width, "room for the items"
