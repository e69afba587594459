"""Chưa rõ kết quả: what is known, where to look, and the three decisions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.delivery.accounts import hold
from publisher.delivery.models import Attempt, Delivery
from publisher.delivery.states import State
from publisher.people.rights import Role

PLACE = "/luot-dang/chua-ro"
LOST = "Đường truyền bị ngắt giữa chừng."


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def lost(office) -> Delivery:
    """Sent, not answered, and no longer looked for."""
    row = office.delivery(State.UNKNOWN)
    Attempt.objects.create(delivery=row, number=1, started_at=timezone.now(), outcome="unknown", error=LOST)
    why = "Kênh này không đọc lại được."
    Delivery.objects.filter(pk=row.pk).update(looks=3, review_since=timezone.now(), review_why=why)
    return row


def decide(client, row: Delivery, decision: str, **given: str):
    return client.post(f"/luot-dang/{row.pk}/khong-ro", {"decision": decision, **given}, follow=True)


def test_a_row_says_all_that_is_known(officer, lost) -> None:
    page = officer.get(PLACE).content.decode()
    for words in (
        lost.version.title,
        "Trang phường",
        LOST,
        "3 lần không thấy bài",
        "chờ bạn",
        "không đọc lại được",
        "Tìm đúng",
    ):
        assert words in page, words


def test_rows_that_are_still_looked_for_stand_apart(office, officer, lost) -> None:
    looked_for = office.delivery(State.UNKNOWN)
    Delivery.objects.filter(pk=looked_for.pk).update(next_try_at=timezone.now() + timedelta(minutes=5))
    context = officer.get(PLACE).context
    assert [doubt.delivery.pk for doubt in context["waiting"]] == [lost.pk]
    assert [doubt.delivery.pk for doubt in context["looking"]] == [looked_for.pk]
    hold(office.page, reason="Mã hỏng")
    assert len(officer.get(PLACE).context["waiting"]) == 2, "a held account cannot be asked"


def test_the_way_there_counts_what_waits(officer, lost) -> None:
    assert '1<span class="unseen"> lượt chưa rõ kết quả' in officer.get("/lich").content.decode()
    assert "1 lượt không tự đối chiếu được nữa" in officer.get("/hom-nay").content.decode()


def test_where_to_look_is_the_page_of_the_account(office, officer) -> None:
    from publisher.delivery.models import Account

    settings = {"page_id": "1234567"}
    page = Account.objects.create(organisation=office.organisation, kind="facebook", name="FB", settings=settings)
    row = office.delivery(State.UNKNOWN, account=page)
    assert "https://www.facebook.com/1234567" in officer.get(PLACE).content.decode()
    page.settings = {**settings, "api_url": "http://127.0.0.1:9/facebook"}
    page.save(update_fields=["settings"])
    said = officer.get(f"/luot-dang/{row.pk}").content.decode()
    assert 'href="http://127.0.0.1:9/facebook"' in said
    assert "Máy giả lập" in said


def test_what_was_seen_becomes_evidence(office, officer, lost) -> None:
    answer = decide(officer, lost, "posted", link="https://vi-du.example/bai-1", note="Mở trang lúc 9h", then="unknown")
    assert answer.redirect_chain[-1][0] == PLACE
    lost.refresh_from_db()
    assert (lost.state, lost.permalink) == (State.DELIVERED, "https://vi-du.example/bai-1")
    kept = {(proof.kind, proof.value, proof.by) for proof in lost.evidence.all()}
    by = office.people[Role.OFFICER]
    assert kept == {("permalink", "https://vi-du.example/bai-1", by), ("note", "Mở trang lúc 9h", by)}
    assert "Mở trang lúc 9h" in officer.get(f"/luot-dang/{lost.pk}").content.decode()


def test_what_is_not_there_is_sent_again_and_the_page_says_so_before(officer, lost) -> None:
    assert "GỬI LẠI ngay bây giờ" in officer.get(PLACE).content.decode()
    decide(officer, lost, "absent", note="Không thấy bài trên trang")
    lost.refresh_from_db()
    assert (lost.state, lost.review_since, lost.looks) == (State.SCHEDULED, None, 0)


def test_what_is_too_late_is_not_announced_as_sent_again(officer, lost) -> None:
    Delivery.objects.filter(pk=lost.pk).update(late_until=timezone.now() - timedelta(minutes=1))
    page = officer.get(PLACE).content.decode()
    assert "sẽ ghi là đã lỡ" in page
    assert "GỬI LẠI" not in page


def test_a_doubt_can_be_left_at_that(officer, lost) -> None:
    decide(officer, lost, "never", note="Việc đã qua")
    lost.refresh_from_db()
    assert lost.state == State.FAILED
    assert "Việc đã qua" in lost.last_error
    assert officer.get(PLACE).context["count"] == 0


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "posted"},
        {"decision": "absent"},
        {"decision": "absent", "link": "https://vi-du.example/"},
        {"decision": "never"},
        {"decision": "maybe", "note": "x"},
        {"decision": "posted", "link": "javascript:alert(1)"},
    ],
)
@pytest.mark.parametrize("then", ["", "unknown"])
def test_a_decision_needs_where_one_looked(officer, lost, given, then) -> None:
    assert officer.post(f"/luot-dang/{lost.pk}/khong-ro", {**given, "then": then}).status_code == 422
    lost.refresh_from_db()
    assert lost.state == State.UNKNOWN


def test_a_stale_click_is_told_in_the_list(officer, lost) -> None:
    decide(officer, lost, "posted", note="Thấy")
    answer = decide(officer, lost, "absent", note="Không thấy", then="unknown")
    assert answer.status_code == 409
    assert "chỉ làm được khi" in answer.content.decode()


def test_an_approver_decides_and_an_auditor_only_reads(office, lost) -> None:
    page = office.client(Role.AUDITOR).get(PLACE).content.decode()
    assert LOST in page
    assert "Thôi, không gửi nữa" not in page
    assert decide(office.client(Role.AUDITOR), lost, "posted", note="x").status_code == 403
    decide(office.client(Role.APPROVER), lost, "posted", note="Tôi thấy bài")
    lost.refresh_from_db()
    assert lost.state == State.DELIVERED
