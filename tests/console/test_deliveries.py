"""The log and one delivery: filters, pages, exports, what people decide, and evidence that can be trusted."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from channels.registry import CHANNELS
from publisher.delivery.desk import add_file_evidence
from publisher.delivery.models import ClockBeat, Delivery, Evidence
from publisher.delivery.moves import move
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.rights import Role

PDF = b"%PDF-1.4 nghiem thu"


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def shown(client, query: str = "") -> list[int]:
    return [row.pk for row in client.get(f"/luot-dang?{query}").context["slice"].rows]


def test_the_log_ends_now_unless_more_is_asked_for(office, officer) -> None:
    past, future = office.delivery(), office.delivery(due_at=timezone.now() + timedelta(days=3))
    assert shown(officer) == [past.pk]
    assert shown(officer, "khi=sap-toi") == [future.pk]
    assert shown(officer, "khi=tat-ca") == [future.pk, past.pk]


def test_filters_narrow_by_state_channel_campaign_text_and_day(office, officer) -> None:
    done = office.delivery(State.DELIVERED)
    aired = office.delivery(State.HANDED_OVER, account=office.loudspeaker)
    assert shown(officer, "trang_thai=delivered") == [done.pk]
    assert shown(officer, "kenh=loudspeaker") == [aired.pk]
    assert set(shown(officer, f"chien_dich={office.campaign.pk}")) == {done.pk, aired.pk}
    assert shown(officer, "tim=không có") == []
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert shown(officer, f"tu={tomorrow}") == []
    assert len(shown(officer, f"den={tomorrow}")) == 2


def test_a_filter_nobody_offered_is_left_out(office, officer) -> None:
    only = office.delivery()
    assert shown(officer, "trang_thai=xyz&kenh=xyz&chien_dich=abc&tu=hôm qua") == [only.pk]


def test_pages_follow_each_other_without_gap_or_repetition(office, officer) -> None:
    first = office.delivery()
    due = timezone.now() - timedelta(hours=1)
    copies = [
        Delivery(
            organisation=office.organisation,
            version=first.version,
            account=office.page,
            digest=first.digest,
            due_at=due - timedelta(minutes=number // 3),  # three of a kind share their time: the key breaks the tie
            next_try_at=due,
            action=("publish", "correct", "withdraw")[number % 3],
        )
        for number in range(95)
    ]
    Delivery.objects.bulk_create(copies)
    seen, query = [], ""
    while True:
        page = officer.get(f"/luot-dang?{query}").context["slice"]
        seen += [row.pk for row in page.rows]
        if not page.after:
            break
        query = "sau=" + page.after.replace("+", "%2B")
    assert len(seen) == len(set(seen)) == 96


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~x", "2026-01-01T00:00:00~1", "~"])
def test_a_place_nobody_gave_out_answers_404(officer, cursor: str) -> None:
    assert officer.get(f"/luot-dang?sau={cursor}").status_code == 404


def test_exports_hold_the_same_rows_as_the_screen(office, officer) -> None:
    done = office.delivery(State.DELIVERED)
    office.delivery(State.FAILED)
    table = list(
        csv.reader(io.StringIO(officer.get("/luot-dang/xuat.csv?trang_thai=delivered").content.decode("utf-8-sig")))
    )
    assert [row[0] for row in table[1:]] == [str(done.pk)]
    assert len(json.loads(officer.get("/luot-dang/xuat.json").content)["rows"]) == 2
    workbook = officer.get("/luot-dang/xuat.xlsx")
    assert workbook.content[:2] == b"PK"
    assert "attachment" in workbook.headers["Content-Disposition"]
    assert officer.get("/luot-dang/xuat.exe").status_code == 404


def test_an_airing_is_confirmed_with_a_note_that_stays_in_the_log(office, officer) -> None:
    aired = office.delivery(State.HANDED_OVER, account=office.loudspeaker)
    answer = officer.post(f"/luot-dang/{aired.pk}/xac-nhan", {"note": "Cụm 3 mất điện"}, follow=True)
    aired.refresh_from_db()
    assert aired.state == State.DELIVERED
    assert "Cụm 3 mất điện" in answer.content.decode()


def test_an_airing_is_not_confirmed_before_its_hour(office, officer) -> None:
    due = timezone.now() + timedelta(hours=8)
    planned = office.delivery(State.HANDED_OVER, account=office.loudspeaker, due_at=due)
    page = officer.get(f"/luot-dang/{planned.pk}").content.decode()
    assert "Chưa tới giờ phát" in page
    assert "Đã phát</button>" not in page
    answer = officer.post(f"/luot-dang/{planned.pk}/xac-nhan", {"note": "sớm"})
    assert answer.status_code == 409
    assert "Xác nhận được từ" in answer.content.decode()
    planned.refresh_from_db()
    assert planned.state == State.HANDED_OVER


def test_an_airing_that_did_not_happen_needs_its_reason(office, officer) -> None:
    aired = office.delivery(State.HANDED_OVER, account=office.loudspeaker)
    assert officer.post(f"/luot-dang/{aired.pk}/khong-thuc-hien", {}).status_code == 422
    officer.post(f"/luot-dang/{aired.pk}/khong-thuc-hien", {"reason": "Mất điện toàn phường"})
    aired.refresh_from_db()
    assert (aired.state, aired.last_error) == (State.FAILED, "Mất điện toàn phường")


def test_a_contract_is_not_accepted_without_evidence(office, officer) -> None:
    ordered = office.delivery(State.HANDED_OVER, account=office.newspaper)
    answer = officer.post(f"/luot-dang/{ordered.pk}/xac-nhan", {"note": "xong"})
    assert answer.status_code == 409
    assert "ít nhất một minh chứng" in answer.content.decode()


@pytest.mark.parametrize(
    "given",
    [{"link": "https://bao.example/bai-1"}, {"minutes": "12/BB-UBND ngày 20/3/2026"}, {"file": "bien-ban.pdf"}],
)
def test_a_contract_is_accepted_by_a_link_minutes_or_a_file(office, officer, given: dict[str, str]) -> None:
    ordered = office.delivery(State.HANDED_OVER, account=office.newspaper)
    if "file" in given:
        given = {"file": SimpleUploadedFile("bien-ban.pdf", PDF)}
    officer.post(f"/luot-dang/{ordered.pk}/xac-nhan", given)
    ordered.refresh_from_db()
    assert ordered.state == State.DELIVERED
    assert ordered.evidence.exclude(by=None).count() == 1


@pytest.mark.parametrize("act", ["xac-nhan", "khong-thuc-hien", "khong-ro"])
def test_a_delivery_under_way_is_not_settled_by_hand(office, officer, act: str) -> None:
    sending = office.delivery(State.SENDING)
    answer = officer.post(f"/luot-dang/{sending.pk}/{act}", {"decision": "posted", "note": "x", "reason": "x"})
    assert answer.status_code == 409
    sending.refresh_from_db()
    assert sending.state == State.SENDING


def test_what_has_not_gone_out_can_be_cancelled_with_a_reason(office, officer) -> None:
    waiting = office.delivery()
    officer.post(f"/luot-dang/{waiting.pk}/huy", {"reason": "Hoãn hội nghị"})
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert officer.post(f"/luot-dang/{waiting.pk}/huy", {"reason": "Lại hủy"}).status_code == 409


def test_what_stands_is_withdrawn_by_a_delivery_of_its_own(office) -> None:
    standing = office.delivery(State.DELIVERED)
    answer = office.client(Role.APPROVER).post(f"/luot-dang/{standing.pk}/go", {"reason": "Sai ngày"}, follow=True)
    follow_up = standing.follow_ups.get()
    assert (follow_up.action, follow_up.state) == ("withdraw", State.SCHEDULED)
    assert f"/luot-dang/{follow_up.pk}" in answer.content.decode()


def test_only_acts_that_the_state_allows_are_offered(office, officer) -> None:
    page = officer.get(f"/luot-dang/{office.delivery(State.FAILED).pk}").content.decode()
    for words in ("Hủy lượt đăng này", "Gỡ bài khỏi kênh", "Thôi, không gửi nữa", "Đã phát"):
        assert words not in page


def test_evidence_is_kept_and_opened_again_byte_for_byte(office, officer) -> None:
    row = office.delivery(State.DELIVERED)
    officer.post(f"/luot-dang/{row.pk}/minh-chung", {"label": "Bản quét", "file": SimpleUploadedFile("b.pdf", PDF)})
    kept = row.evidence.get()
    answer = office.client(Role.AUDITOR).get(f"/minh-chung/{kept.pk}")
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert Event.objects.filter(kind="delivery.evidence").exists()


def test_evidence_of_a_kind_nobody_needs_is_refused(office, officer) -> None:
    row = office.delivery(State.DELIVERED)
    file = SimpleUploadedFile("trang.html", b"<script>alert(1)</script>")
    answer = officer.post(f"/luot-dang/{row.pk}/minh-chung", {"label": "x", "file": file})
    assert answer.status_code == 409
    assert not row.evidence.exists()


def test_evidence_changed_on_disk_is_not_opened(office, officer, settings) -> None:
    kept = add_file_evidence(office.delivery(), PDF, "b.pdf", "Biên bản", by=office.people[Role.OFFICER])
    (Path(settings.DESK_ROOT) / kept.value).write_bytes(PDF + b" sua")
    answer = officer.get(f"/minh-chung/{kept.pk}")
    assert answer.status_code == 409
    assert "đã bị thay đổi" in answer.content.decode()


@pytest.mark.parametrize(
    "value",
    ["../../bi-mat", "/etc/hostname", "../ben-do/bi-mat", "ben-do/bi-mat", "phuong-song-vang/../bi-mat", "", "x"],
)
@pytest.mark.parametrize("by_person", [True, False])
def test_a_path_that_leads_out_of_the_offices_folder_answers_404(office, officer, settings, value, by_person) -> None:
    for place in ("bi-mat", "ben-do/bi-mat"):
        secret = Path(settings.DESK_ROOT) / place
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text("của đơn vị khác")
    row = Evidence.objects.create(
        delivery=office.delivery(account=office.loudspeaker),
        kind="file",
        label="x",
        value=value,
        by=office.people[Role.OFFICER] if by_person else None,
    )
    assert officer.get(f"/minh-chung/{row.pk}").status_code == 404


def test_a_link_typed_as_evidence_becomes_no_script(office, officer) -> None:
    row = office.delivery(State.DELIVERED)
    Evidence.objects.create(delivery=row, kind="permalink", label="Xấu", value="javascript:alert(1)")
    assert 'href="javascript' not in officer.get(f"/luot-dang/{row.pk}").content.decode()


def test_a_withdrawal_shows_no_words(office, officer) -> None:
    standing = office.delivery(State.DELIVERED)
    officer.post(f"/luot-dang/{standing.pk}/go", {"reason": "Sai"})
    assert officer.get(f"/luot-dang/{standing.follow_ups.get().pk}").context["preview"] is None


@pytest.mark.parametrize("query", ["tu=0001-01-01", "den=9999-12-31"])
def test_a_day_no_database_reaches_is_left_out(office, officer, query: str) -> None:
    only = office.delivery()
    assert shown(officer, query) == [only.pk]
    assert officer.get(f"/luot-dang/xuat.csv?{query}").status_code == 200


def test_the_reason_of_a_withdrawal_stands_in_the_history_of_what_was_published(office, officer) -> None:
    standing = office.delivery(State.DELIVERED)
    officer.post(f"/luot-dang/{standing.pk}/go", {"reason": "Sai ngày họp"})
    assert "Sai ngày họp" in officer.get(f"/luot-dang/{standing.pk}").content.decode()


def test_a_channel_that_cannot_take_back_says_so_before_anybody_orders_it(office, officer, monkeypatch) -> None:
    standing = office.delivery(State.DELIVERED)
    monkeypatch.setattr(type(CHANNELS["page"]), "can_withdraw", False)
    monkeypatch.setattr(type(CHANNELS["page"]), "can_correct", False)
    page = officer.get(f"/luot-dang/{standing.pk}").content.decode()
    assert "Gỡ bài khỏi kênh" not in page
    assert "không gỡ được cái đã gửi" in page
    assert "không cho sửa cái đã đăng" in page
    answer = officer.post(f"/luot-dang/{standing.pk}/go", {"reason": "Sai"})
    assert answer.status_code == 409
    assert "tự gỡ bằng tay" in answer.content.decode()
    assert not standing.follow_ups.exists()


def test_what_was_missed_while_no_clock_ran_is_told_with_its_reason(office, officer) -> None:
    now = timezone.now()
    for started, beat in ((300, 120), (20, 0)):
        at = [now - timedelta(minutes=minutes) for minutes in (started, beat)]
        ClockBeat.objects.create(name=f"máy:{started}", started_at=at[0], beat_at=at[1])
    missed = office.delivery(due_at=now - timedelta(minutes=60))
    move(missed, State.MISSED, last_error="Đã lỡ: chỉ được gửi muộn đến 8 giờ.")
    for place in ("/luot-dang", "/hom-nay"):
        page = officer.get(place).content.decode()
        assert "Đồng hồ đã dừng từ" in page
        assert "1 lượt đã lỡ" in page
    assert "chỉ được gửi muộn đến 8 giờ" in officer.get("/luot-dang?trang_thai=missed").content.decode()
    ClockBeat.objects.filter(name="máy:300").update(beat_at=now)
    assert "Đồng hồ đã dừng từ" not in officer.get("/luot-dang").content.decode(), "another clock ran all the time"
