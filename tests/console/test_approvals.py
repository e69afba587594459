"""Approving: what the approver sees, is bound to, and may not do."""

from __future__ import annotations

import pytest

from campaigns.models import Approval, PostState
from publisher.approval.drafting import edit_post
from publisher.console.templatetags import viet
from publisher.delivery.models import Delivery
from publisher.people.models import Member
from publisher.people.rights import Role


@pytest.fixture
def approver(office):
    return office.client(Role.APPROVER)


def test_the_page_shows_what_goes_out_where_and_when(office, approver) -> None:
    version = office.submitted(accounts=[office.page, office.loudspeaker])
    page = approver.get(f"/duyet/{version.pk}").content.decode()
    assert "Trang phường" in page
    assert "Loa phường" in page
    assert "buổi phát kế tiếp" in page
    assert version.digest[:16] in page
    for rendering in version.renderings.all():
        assert rendering.digest in page


def test_what_is_urgent_waits_at_the_top(office, approver) -> None:
    calm, urgent = office.submitted(), office.submitted()
    urgent.post.urgent = True
    urgent.post.save(update_fields=["urgent"])
    assert list(approver.get("/duyet").context["versions"]) == [urgent, calm]


def test_the_approver_sees_what_a_delivery_costs(office, approver) -> None:
    office.newspaper.rate = 2_000_000
    office.newspaper.save(update_fields=["rate"])
    version = office.submitted(accounts=[office.newspaper])
    assert f"chi phí mỗi lượt {viet.dong(2_000_000)}" in approver.get(f"/duyet/{version.pk}").content.decode()


def test_approving_makes_a_delivery_for_every_account(office, approver) -> None:
    version = office.submitted(accounts=[office.page, office.loudspeaker])
    answer = approver.post(f"/duyet/{version.pk}", {"digest": version.digest}, follow=True)
    assert "2 lượt đăng được lên lịch" in answer.content.decode()
    assert Delivery.objects.filter(version=version).count() == 2
    assert Approval.objects.get(version=version).digest == version.digest


def test_approving_what_was_not_seen_is_refused(office, approver) -> None:
    version = office.submitted()
    answer = approver.post(f"/duyet/{version.pk}", {"digest": "0" * 64})
    assert answer.status_code == 409
    assert "khác với bản bạn đã xem" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_words_edited_meanwhile_cannot_be_approved(office, approver) -> None:
    version = office.submitted()
    edit_post(version.post, {"body": "Khác"}, by=office.people[Role.OFFICER], revision=version.revision)
    answer = approver.post(f"/duyet/{version.pk}", {"digest": version.digest})
    assert answer.status_code == 409
    assert not Delivery.objects.exists()
    assert "không còn chờ duyệt" in approver.get(f"/duyet/{version.pk}").content.decode()


def test_sending_back_needs_words_and_shows_them_to_the_writer(office, approver) -> None:
    version = office.submitted()
    assert approver.post(f"/duyet/{version.pk}/tra-lai", {"reason": " "}).status_code == 422
    approver.post(f"/duyet/{version.pk}/tra-lai", {"reason": "Thiếu giờ và địa điểm"})
    version.post.refresh_from_db()
    assert version.post.state == PostState.RETURNED
    page = office.client(Role.OFFICER).get(f"/tin-bai/{version.post_id}").content.decode()
    assert "Thiếu giờ và địa điểm" in page


def test_nobody_approves_own_work_unless_the_office_allows_it_and_a_reason_is_given(office) -> None:
    Member.objects.create(person=office.people[Role.OFFICER], organisation=office.organisation, role=Role.APPROVER)
    both = office.client(Role.OFFICER)
    version = office.submitted()
    page = both.get(f"/duyet/{version.pk}").content.decode()
    assert "Người viết không được tự duyệt" in page
    assert "Duyệt và lên lịch" not in page
    assert both.post(f"/duyet/{version.pk}", {"digest": version.digest, "reason": "gấp"}).status_code == 409
    office.organisation.self_approval = True
    office.organisation.save(update_fields=["self_approval"])
    assert "Lý do tự duyệt bài của mình" in both.get(f"/duyet/{version.pk}").content.decode()
    assert both.post(f"/duyet/{version.pk}", {"digest": version.digest}).status_code == 409
    assert both.post(f"/duyet/{version.pk}", {"digest": version.digest, "reason": "gấp"}).status_code == 302


def test_the_number_that_waits_stands_in_the_menu_of_approvers_alone(office, approver) -> None:
    office.submitted()
    badge = 'class="badge">1<'
    assert badge in approver.get("/duyet").content.decode()
    assert badge not in office.client(Role.OFFICER).get("/duyet").content.decode()


def test_an_officer_sees_the_page_without_its_buttons(office) -> None:
    version = office.submitted()
    page = office.client(Role.OFFICER).get(f"/duyet/{version.pk}").content.decode()
    assert "Duyệt và lên lịch" not in page
    assert "Trả lại để sửa" not in page


def test_a_held_account_is_told_to_the_approver(office, approver) -> None:
    from publisher.delivery.accounts import hold

    version = office.submitted()
    hold(office.page, reason="Quốc tang")
    assert "Kênh đang tạm dừng: Quốc tang" in approver.get(f"/duyet/{version.pk}").content.decode()


def test_an_empty_list_says_what_will_come(approver) -> None:
    assert "Không có bài nào chờ duyệt" in approver.get("/duyet").content.decode()
