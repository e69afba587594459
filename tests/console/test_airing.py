"""The operator's pages: what may be pressed, what is shown, the log, the week, the addresses."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from publisher.airing.approving import approve
from publisher.airing.models import Airing, Standing
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.people.rights import Role
from tests.airing.station import MORNING
from tests.airing.stations import bulletin_at, day_before, lay, session_at, states


@pytest.fixture
def operator(office) -> Client:
    return office.client(Role.OPERATOR)


def laid(office, slot=None, *titles: str, urgent: bool = False):
    slot = slot or day_before(MORNING)
    deliveries = lay(office.loudspeaker, office.campaign, office.people[Role.OFFICER], slot, *titles, urgent=urgent)
    return bulletin_at(office.loudspeaker, slot), deliveries


def approved(office, bulletin, at=None) -> None:
    session = session_at(bulletin)
    at = at or bulletin.slot_at - timedelta(hours=1)
    approve(bulletin, session, by=office.people[Role.APPROVER], digest=session.digest, now=at)


def filled(bulletin, outcome: Standing = Standing.AIRED, **given: object) -> dict[str, object]:
    started = f"{timezone.localtime(bulletin.slot_at):%H:%M}"
    return {"key": uuid4(), "digest": session_at(bulletin).digest, "outcome": outcome, "started": started, **given}


def tomorrow(clock=MORNING):
    return day_before(clock, days=-1)


def test_the_next_session_stands_on_top_with_every_sentence_on_its_line(office, operator) -> None:
    bulletin, _ = laid(office, tomorrow())
    page = operator.get("/loa").content.decode()
    assert page.count('<p class="said">') == sum(len(part.sentences) for part in session_at(bulletin).parts)
    assert "Chưa duyệt, không được phát" in page
    assert "Ghi được từ" in page


def test_a_session_of_before_waits_in_sight_until_somebody_speaks_of_it(office, operator) -> None:
    bulletin, _ = laid(office)
    assert "1 buổi chưa xác nhận" in operator.get("/loa").content.decode()
    assert "1 buổi phát thanh chưa xác nhận" in operator.get("/hom-nay").content.decode()
    operator.post(f"/loa/{bulletin.pk}/ghi", filled(bulletin, Standing.NOT_AIRED, reason="Mất điện"))
    assert "buổi chưa xác nhận" not in operator.get("/hom-nay").content.decode()


def test_the_operator_confirms_a_session_once_however_often_the_form_is_sent(office, operator) -> None:
    bulletin, deliveries = laid(office)
    approved(office, bulletin)
    form = filled(bulletin)
    for _ in range(2):
        answer = operator.post(f"/loa/{bulletin.pk}/ghi", form, follow=True)
        assert "Đã ghi nhật ký: đã phát" in answer.content.decode()
    assert Airing.objects.count() == 1
    assert states(*deliveries) == [State.DELIVERED] * 3


def test_cut_short_tells_where_the_rest_went(office, operator, django_capture_on_commit_callbacks) -> None:
    bulletin, _ = laid(office)
    approved(office, bulletin)
    form = filled(bulletin, Standing.CUT_SHORT, last_item=1, reason="Mưa to", rest="carried")
    with django_capture_on_commit_callbacks(execute=True):
        answer = operator.post(f"/loa/{bulletin.pk}/ghi", form, follow=True)
    page = answer.content.decode()
    assert "Tin chưa đọc chuyển sang buổi" in page
    assert "Đọc trọn đến tin số 1 trong 3 tin." in page
    assert "Chuyển sang buổi sau" in operator.get(f"/loa/{bulletin.pk}").content.decode()
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 1


REFUSED = (
    ({"outcome": "xyz"}, 422, ""),
    ({"key": "x"}, 422, ""),
    ({"started": "25:99"}, 422, ""),
    ({"digest": "khác"}, 409, "vừa đổi"),
    ({"corrects": "abc"}, 409, "đính chính"),
    ({"outcome": "not_aired"}, 409, "lý do"),
)


def test_a_form_that_cannot_be_is_refused_with_a_sentence(office, operator) -> None:
    bulletin, _ = laid(office, None, "Tin một")
    approved(office, bulletin)
    for given, status, words in REFUSED:
        answer = operator.post(f"/loa/{bulletin.pk}/ghi", {**filled(bulletin), **given})
        assert answer.status_code == status, given
        assert words in answer.content.decode()
    assert not Airing.objects.exists()


def test_a_slip_is_put_right_on_the_page_and_both_lines_stay(office, operator) -> None:
    bulletin, _ = laid(office)
    approved(office, bulletin)
    operator.post(f"/loa/{bulletin.pk}/ghi", filled(bulletin))
    first = Airing.objects.get()
    given = {"key": uuid4(), "outcome": "aired", "started": "07:35", "reason": "Ghi nhầm giờ", "corrects": first.pk}
    page = operator.post(f"/loa/{bulletin.pk}/ghi", given, follow=True).content.decode()
    assert "đã được đính chính" in page
    assert "Ghi nhầm giờ" in page
    assert Airing.objects.count() == 2


def test_the_approver_sees_the_whole_and_approves_what_was_shown(office) -> None:
    bulletin, _ = laid(office, tomorrow())
    approver = office.client(Role.APPROVER)
    assert f"/loa/{bulletin.pk}" in approver.get("/duyet").content.decode()
    assert approver.post(f"/loa/{bulletin.pk}/duyet", {"digest": "khác"}).status_code == 409
    page = approver.post(f"/loa/{bulletin.pk}/duyet", {"digest": session_at(bulletin).digest}, follow=True)
    assert "Đã duyệt cả bản tin: Người approver" in page.content.decode()


def test_a_change_asks_for_approval_again(office) -> None:
    bulletin, _ = laid(office, tomorrow(), "Tin một")
    approved(office, bulletin, at=timezone.now())
    laid(office, tomorrow(), "Tin hai")
    page = office.client(Role.APPROVER).get(f"/loa/{bulletin.pk}").content.decode()
    assert "Chưa duyệt, không được phát" in page
    assert "phải duyệt lại cả buổi" in page


def test_the_papers_of_a_session_are_handed_out_and_nothing_else(office, operator) -> None:
    bulletin, _ = laid(office)
    place = f"/loa/{bulletin.pk}/tep/"
    assert "ĐÀI SÔNG VÀNG" in b"".join(operator.get(place + "ban-doc.txt")).decode()
    assert b"".join(operator.get(place + "ban-doc.pdf"))[:5] == b"%PDF-"
    for name in ("duyet.json", "..", "items", "ban-doc.mp3"):
        assert operator.get(place + name).status_code == 404, name


def test_the_log_holds_every_session_of_the_month_and_exports_them(office, operator) -> None:
    bulletin, _ = laid(office)
    approved(office, bulletin)
    operator.post(f"/loa/{bulletin.pk}/ghi", filled(bulletin))
    silent, _ = laid(office, day_before(MORNING, days=2), "Tin không ai nhắc")
    month = f"{timezone.localtime(bulletin.slot_at):%Y-%m}"
    auditor = office.client(Role.AUDITOR)
    found = {
        entry.bulletin.pk: entry.outcome for entry in auditor.get(f"/loa/nhat-ky?thang={month}").context["entries"]
    }
    assert found[bulletin.pk] == "aired"
    if timezone.localtime(silent.slot_at).month == timezone.localtime(bulletin.slot_at).month:
        assert found[silent.pk] == "unconfirmed"
    only = auditor.get(f"/loa/nhat-ky?thang={month}&ket_qua=aired")
    assert [entry.bulletin for entry in only.context["entries"]] == [bulletin]
    table = list(csv.reader(io.StringIO(auditor.get(f"/loa/nhat-ky.csv?thang={month}").content.decode("utf-8-sig"))))
    assert [row[2] for row in table[1:] if row[2] == "đã phát"] == ["đã phát"]
    assert auditor.get("/loa/nhat-ky.xlsx").content[:2] == b"PK"
    assert auditor.get("/loa/nhat-ky.exe").status_code == 404


def test_a_filter_nobody_offered_is_left_out(office, operator) -> None:
    for query in ("thang=9999-99", "thang=x", "loa=abc", "ket_qua=xyz", "loa=99999999999999999999"):
        assert operator.get(f"/loa/nhat-ky?{query}").status_code == 200, query


def test_the_week_is_laid_on_paper_for_signature(office, operator) -> None:
    bulletin, _ = laid(office, tomorrow())
    year, number, _ = timezone.localtime(bulletin.slot_at).isocalendar()
    query = f"?tuan={year}-W{number:02}"
    page = operator.get(f"/loa/lich{query}").content.decode()
    assert "Tiêm chủng cho trẻ em" in page
    assert b"".join(operator.get(f"/loa/lich.pdf{query}"))[:5] == b"%PDF-"
    paper = operator.get(f"/loa/lich.docx{query}").content
    words = zipfile.ZipFile(io.BytesIO(paper)).read("word/document.xml").decode()
    for said in ("LỊCH PHÁT THANH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "NGƯỜI DUYỆT", "Tiêm chủng cho trẻ em"):
        assert said in words
    assert paper == operator.get(f"/loa/lich.docx{query}").content


def test_a_week_that_is_none_is_this_one(operator) -> None:
    for query in ("tuan=2026-W99", "tuan=x", "tuan=2026-W00"):
        assert operator.get(f"/loa/lich?{query}").status_code == 200, query


def test_one_item_of_a_session_is_not_confirmed_alone(office) -> None:
    bulletin, deliveries = laid(office, None, "Tin một")
    officer = office.client(Role.OFFICER)
    page = officer.get(f"/luot-dang/{deliveries[0].pk}").content.decode()
    assert f'href="/loa/{bulletin.pk}"' in page
    for act, given in (("xac-nhan", {"note": "x"}), ("khong-thuc-hien", {"reason": "x"})):
        assert officer.post(f"/luot-dang/{deliveries[0].pk}/{act}", given).status_code == 409
    assert "Tin một" not in officer.get("/hom-nay").content.decode()
    assert states(*deliveries) == [State.HANDED_OVER]


def test_a_session_whose_hour_is_over_is_not_approved_afterwards(office) -> None:
    bulletin, _ = laid(office, None, "Tin một")
    approver = office.client(Role.APPROVER)
    assert "Duyệt cả bản tin</button>" not in approver.get(f"/loa/{bulletin.pk}").content.decode()
    answer = approver.post(f"/loa/{bulletin.pk}/duyet", {"digest": session_at(bulletin).digest})
    assert answer.status_code == 409
    assert "Giờ phát đã qua" in answer.content.decode()
