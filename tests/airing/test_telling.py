"""What the operator says: once for a session, within its hours, closing what was heard and carrying on the rest."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from publisher.airing.finishing import finish
from publisher.airing.models import Airing, Rest, Standing
from publisher.airing.telling import correct, tell
from publisher.approval.blackouts import set_blackout
from publisher.approval.review import Refused
from publisher.delivery.desk import confirm
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.events.models import AppendOnly, Event
from publisher.people.rights import Role
from tests.airing.stations import aired, day_before, lay_one, session_at, states
from tests.ward import fresh, person

pytestmark = pytest.mark.django_db


def said(station, bulletin, told=None, **given):
    session = session_at(bulletin)
    told = told or aired(bulletin)
    return tell(bulletin, session, told, **{"by": station.operator, "digest": session.digest, **given})


def short(bulletin, last: int, **given):
    told = {"outcome": Standing.CUT_SHORT, "last_item": last, "reason": "Mất điện cụm 3", **given}
    return aired(bulletin, **told)


def test_a_session_that_was_aired_closes_its_deliveries(station) -> None:
    deliveries = station.lay()
    bulletin = station.bulletin()
    station.approved(bulletin)
    entry = said(station, bulletin)
    bulletin.refresh_from_db()
    assert bulletin.state == Standing.AIRED
    assert states(*deliveries) == [State.DELIVERED] * 3
    assert entry.ended_at == entry.started_at + timedelta(seconds=entry.seconds)
    assert [one["title"] for one in entry.said] == [item.title for item in session_at(bulletin).items]
    assert Event.objects.filter(kind="bulletin.aired").get().data["started_at"] == bulletin.slot_at.isoformat()


def test_the_same_form_sent_twice_is_one_entry(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    station.approved(bulletin)
    told = aired(bulletin)
    assert said(station, bulletin, told) == said(station, bulletin, told)
    assert Airing.objects.count() == 1


def test_a_second_form_does_not_tell_another_story(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    station.approved(bulletin)
    said(station, bulletin)
    with pytest.raises(Refused, match="thêm một dòng đính chính"):
        said(station, bulletin, aired(bulletin, outcome=Standing.NOT_AIRED, reason="Mưa"))


def test_what_was_not_approved_is_not_aired_but_may_be_told_not_to_be(station) -> None:
    deliveries = station.lay()
    bulletin = station.bulletin()
    with pytest.raises(Refused, match="chưa được duyệt"):
        said(station, bulletin)
    entry = said(station, bulletin, aired(bulletin, outcome=Standing.NOT_AIRED, reason="Chưa duyệt kịp"))
    assert entry.rest == Rest.CARRIED
    assert states(*deliveries) == [State.HANDED_OVER] * 3


def test_nothing_is_told_of_a_session_before_its_hour(station) -> None:
    slot = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=7, minute=30, second=0, microsecond=0)
    station.lay(slot)
    bulletin = station.bulletin(slot)
    station.approved(bulletin, now=timezone.now())
    with pytest.raises(Refused, match="Chưa tới giờ phát"):
        said(station, bulletin)


def test_an_airing_before_its_approval_is_not_believed(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    station.approved(bulletin, now=bulletin.slot_at + timedelta(minutes=20))
    with pytest.raises(Refused, match="sau giờ bắt đầu phát đã ghi"):
        said(station, bulletin)
    assert said(station, bulletin, aired(bulletin, started_at=bulletin.slot_at + timedelta(minutes=25)))


IMPOSSIBLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"started_at": None}, "giờ bắt đầu"),
    ({"started_at": -1}, "phải từ"),
    ({"started_at": 300}, "buổi khác"),
    ({"ended_at": -5}, "sau giờ bắt đầu"),
    ({"outcome": Standing.CUT_SHORT, "last_item": 1}, "lý do"),
    ({"outcome": Standing.NOT_AIRED}, "lý do"),
    ({"outcome": Standing.CUT_SHORT, "last_item": 3, "reason": "x"}, "đọc hết"),
    ({"outcome": Standing.CUT_SHORT, "last_item": -1, "reason": "x"}, "từ 0 đến 2"),
    ({"outcome": Standing.WAITING}, "Hãy chọn"),
)


def test_what_cannot_be_true_is_refused_with_a_sentence(station) -> None:
    station.lay()
    bulletin = station.bulletin()
    station.approved(bulletin)
    for given, words in IMPOSSIBLE:
        moments = {
            name: bulletin.slot_at + timedelta(minutes=given[name])
            for name in ("started_at", "ended_at")
            if given.get(name) is not None
        }
        with pytest.raises(Refused, match=words):
            said(station, bulletin, aired(bulletin, **{**given, **moments}))
    assert not Airing.objects.exists()


def test_cut_short_delivers_what_was_heard_and_carries_on_the_rest(station) -> None:
    deliveries = station.lay()
    bulletin = station.bulletin()
    station.approved(bulletin)
    first = session_at(bulletin).items[0].ref
    entry = said(station, bulletin, short(bulletin, 1))
    finish(bulletin.pk)
    heard = Delivery.objects.get(ref=first)
    rest = [fresh(one) for one in deliveries if str(one.ref) != first]
    assert heard.state == State.DELIVERED
    assert {one.state for one in rest} == {State.HANDED_OVER}
    assert {one.due_at for one in rest} == {entry.carried_to}
    assert entry.carried_to > timezone.now()
    later = station.bulletin(timezone.localtime(entry.carried_to))
    assert {item.ref for item in session_at(later).items} == {str(one.ref) for one in rest}
    assert {move.why for move in session_at(later).bulletin.moved_in} == {"Mất điện cụm 3"}
    assert Event.objects.filter(kind="delivery.carried").count() == 2
    assert len(session_at(bulletin).items) == 3, "a session that is over stays as it was"


def test_cut_short_may_give_up_the_rest(station) -> None:
    deliveries = station.lay()
    bulletin = station.bulletin()
    station.approved(bulletin)
    said(station, bulletin, short(bulletin, 2, rest=Rest.DROPPED))
    finish(bulletin.pk)
    assert sorted(states(*deliveries)) == [State.DELIVERED, State.DELIVERED, State.FAILED]
    assert Delivery.objects.get(state=State.FAILED).last_error == "Mất điện cụm 3"


def test_carrying_on_again_changes_nothing(station) -> None:
    station.lay()
    bulletin = station.bulletin()
    station.approved(bulletin)
    said(station, bulletin, short(bulletin, 0))
    finish(bulletin.pk)
    events = Event.objects.count()
    finish(bulletin.pk)
    assert Event.objects.count() == events


def test_what_comes_after_the_entry_goes_into_the_next_session(station) -> None:
    account, ward = station.account, station.ward
    station.lay(None, "Tin đọc rồi")
    bulletin = station.bulletin()
    station.approved(bulletin)
    said(station, bulletin)
    late = lay_one(account, ward.campaign, ward.officer, station.morning, "Tin đến muộn", at=timezone.now())
    finish(bulletin.pk)
    assert fresh(late).state == State.HANDED_OVER
    assert "Tin đến muộn" not in [item.title for item in session_at(bulletin).items]


def test_what_somebody_closed_before_stays_closed(station) -> None:
    deliveries = station.lay()
    confirm(fresh(deliveries[0]), by=station.ward.officer)
    bulletin = station.bulletin()
    station.approved(bulletin)
    said(station, bulletin)
    assert states(*deliveries) == [State.DELIVERED] * 3
    assert Event.objects.filter(kind="delivery.delivered", subject=f"delivery:{deliveries[0].pk}").count() == 1


def test_only_who_operates_the_station_tells(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    station.approved(bulletin)
    for role in (Role.APPROVER, Role.AUDITOR, Role.ADMIN):
        with pytest.raises(Refused, match="người vận hành"):
            said(station, bulletin, by=person(station.organisation, role))


def test_a_slip_is_put_right_by_a_later_entry(station) -> None:
    deliveries = station.lay()
    bulletin = station.bulletin()
    station.approved(bulletin)
    entry = said(station, bulletin)
    with pytest.raises(AppendOnly):
        entry.save()
    with pytest.raises(Refused, match="cần ghi lý do"):
        correct(entry, aired(bulletin), by=station.operator)
    started = bulletin.slot_at + timedelta(minutes=5)
    later = correct(entry, aired(bulletin, started_at=started, reason="Ghi nhầm giờ"), by=station.operator)
    assert (later.corrects, bulletin.airings.first()) == (entry, later)
    assert states(*deliveries) == [State.DELIVERED] * 3
    with pytest.raises(Refused, match="đã được đính chính"):
        correct(entry, aired(bulletin, key=uuid4(), reason="Lại"), by=station.operator)


NIGHT = time(22, 15)
ORDER = "Công điện 05/CĐ-UBND ngày 9/9/2026"


def test_quiet_hours_are_refused_to_ordinary_items(station) -> None:
    slot = day_before(NIGHT)
    station.lay(slot)
    with pytest.raises(Refused, match=r"giờ yên lặng 21:00–06:00.*Chỉ phát được tin khẩn cấp"):
        station.approved(station.bulletin(slot), order=ORDER)


def test_quiet_hours_ask_for_an_order_that_names_something(station) -> None:
    slot = day_before(NIGHT)
    station.lay(slot, "Sơ tán khẩn cấp", urgent=True)
    for order in ("", "Lệnh", "12"):
        with pytest.raises(Refused, match="Ghi rõ lệnh"):
            station.approved(station.bulletin(slot), order=order)


def test_the_urgent_is_aired_at_night_on_a_named_order(station) -> None:
    slot = day_before(NIGHT)
    deliveries = station.lay(slot, "Sơ tán khẩn cấp", urgent=True)
    bulletin = station.bulletin(slot)
    assert station.approved(bulletin, order=ORDER).order == ORDER
    said(station, bulletin)
    assert states(*deliveries) == [State.DELIVERED]


def test_an_oral_order_is_recorded_first_and_its_document_later(station) -> None:
    slot = day_before(NIGHT)
    deliveries = station.lay(slot, "Sơ tán khẩn cấp", urgent=True)
    bulletin = station.bulletin(slot)
    oral = "Chủ tịch UBND phường lệnh miệng lúc 22h10"
    with pytest.raises(Refused, match="cần một lệnh"):
        said(station, bulletin)
    entry = said(station, bulletin, aired(bulletin, order=oral))
    assert entry.order == oral
    assert states(*deliveries) == [State.DELIVERED]
    bulletin.refresh_from_db()
    with pytest.raises(Refused, match="số, ngày của văn bản"):
        station.approved(bulletin, now=timezone.now())
    station.approved(bulletin, now=timezone.now(), order=ORDER)
    bulletin.refresh_from_db()
    assert bulletin.state == Standing.AIRED


def test_an_account_may_have_quiet_hours_of_its_own(station) -> None:
    station.ward.account("loudspeaker", quiet_from=time(7), quiet_until=time(8))
    station.lay(None, "Tin một")
    with pytest.raises(Refused, match=r"07:00–08:00.*của kênh này"):
        station.approved(station.bulletin())


def test_mourning_silences_the_station(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    station.approved(bulletin)
    set_blackout(
        station.organisation, by=station.ward.approver, reason="Quốc tang", document="Thông cáo 20/7/2024",
        since=station.morning - timedelta(hours=10),
    )  # fmt: skip
    with pytest.raises(Refused, match="Quốc tang"):
        said(station, bulletin)
    assert said(station, bulletin, aired(bulletin, outcome=Standing.NOT_AIRED, reason="Quốc tang"))


def test_a_mourning_that_came_later_says_nothing_about_what_was_aired_before(station) -> None:
    station.lay(None, "Tin một")
    bulletin = station.bulletin()
    station.approved(bulletin)
    set_blackout(station.organisation, by=station.ward.approver, reason="Quốc tang", document="Thông cáo 1")
    assert said(station, bulletin)
