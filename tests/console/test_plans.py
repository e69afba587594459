"""Bringing plans in, and campaigns as definitions that go out and come back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from campaigns.models import Campaign, Plan
from publisher.console import forms
from publisher.people.rights import Role
from tests.console.office import SAMPLE


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def sent(*files: tuple[str, bytes]) -> dict[str, list[SimpleUploadedFile]]:
    return {"files": [SimpleUploadedFile(name, data) for name, data in files]}


def other_plan() -> bytes:
    return SAMPLE.read_bytes() + "\n\nNơi nhận thêm: Lưu VT.\n".encode()


def test_a_plan_is_read_and_shown_with_what_was_understood(officer) -> None:
    answer = officer.post("/ke-hoach", sent(("ke-hoach-2.md", other_plan())), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0].startswith("/ke-hoach/")
    assert "Đã đọc kế hoạch và tạo chiến dịch nháp" in page
    for heading in ("Nội dung tuyên truyền", "Chỉ tiêu", "Dự toán", "Chiến dịch từ kế hoạch này", "Căn cứ"):
        assert heading in page


def test_the_same_file_twice_leads_to_the_same_plan(office, officer) -> None:
    answer = officer.post("/ke-hoach", sent((SAMPLE.name, SAMPLE.read_bytes())), follow=True)
    assert "đã được nhập trước đây" in answer.content.decode()
    assert Plan.objects.get() == office.plan


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rong.txt", b""),
        ("thu.txt", "Kính gửi ông bà, mời họp tổ dân phố tối mai.".encode()),
        ("hong.docx", b"PK\x03\x04 hong"),
        ("la.exe", b"MZ\x90\x00"),
        ("hong.pdf", b"%PDF-1.7 hong"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_its_reason_and_nothing_is_kept(officer, name, data) -> None:
    before = Plan.objects.count()
    answer = officer.post("/ke-hoach", sent((name, data)))
    assert answer.status_code == 422
    (verdict,) = answer.context["verdicts"]
    assert len(verdict.reason) > 20
    assert escape(verdict.reason) in answer.content.decode()
    assert Plan.objects.count() == before


def test_several_files_get_a_verdict_each(officer) -> None:
    answer = officer.post("/ke-hoach", sent(("tot.md", other_plan()), ("thu.txt", b"khong phai ke hoach gi ca")))
    good, bad = answer.context["verdicts"]
    assert good.imported.created
    assert bad.reason in answer.content.decode()


def test_a_file_too_large_is_refused_before_it_is_read(officer, monkeypatch) -> None:
    monkeypatch.setattr(forms, "UPLOAD_LIMIT", 100)
    answer = officer.post("/ke-hoach", sent(("to.md", b"x" * 101)))
    assert "quá 12 MB" in answer.context["verdicts"][0].reason


def test_warnings_stand_with_their_lines(office, officer) -> None:
    page = officer.get(f"/ke-hoach/{office.plan.pk}").content.decode()
    assert office.plan.warnings
    for warning in office.plan.warnings:
        assert warning["message"] in page
    assert "dòng " in page


def test_themes_stand_as_a_tree_in_reading_order(office, officer) -> None:
    tree = officer.get(f"/ke-hoach/{office.plan.pk}").context["tree"]
    paths = [branch.theme.path for branch in tree]
    assert paths == ["1", "2", "3", "4"]
    assert [child.theme.path for child in tree[0].children] == ["1.a", "1.b", "1.c"]


def test_an_amount_the_plan_does_not_state_is_said_so(office, officer) -> None:
    office.plan.budget_lines.create(organisation=office.organisation, name="Chi khác", amount=None, order=99)
    assert "kế hoạch không ghi" in officer.get(f"/ke-hoach/{office.plan.pk}").content.decode()


def test_a_definition_loads_back_as_it_was_given_out(office, officer) -> None:
    text = officer.get(f"/chien-dich/{office.campaign.pk}/dinh-nghia.yaml").content.decode()
    answer = officer.post(f"/chien-dich/{office.campaign.pk}/dinh-nghia", {"text": text}, follow=True)
    assert "0 chiến dịch mới, 0 thay đổi, 1 giữ nguyên" in answer.content.decode()


def test_an_edited_definition_changes_the_campaign(office, officer) -> None:
    text = officer.get(f"/chien-dich/{office.campaign.pk}/dinh-nghia.yaml").content.decode()
    edited = text.replace(f"title: {office.campaign.title}", "title: Chuyển đổi số cho mọi nhà", 1)
    officer.post(f"/chien-dich/{office.campaign.pk}/dinh-nghia", {"text": edited})
    assert Campaign.objects.get(pk=office.campaign.pk).title == "Chuyển đổi số cho mọi nhà"


def test_every_mistake_of_a_definition_is_listed_and_nothing_is_loaded(office, officer) -> None:
    wrong = "version: 1\nplan: null\ncampaigns:\n  - code: A B\n    title: ''\n    kenh: [fax]\n"
    answer = officer.post(f"/chien-dich/{office.campaign.pk}/dinh-nghia", {"text": wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng 4" in page
    assert "Dòng 5" in page
    assert "Dòng 6" in page
    assert "kenh: [fax]" in page  # the text is still there to be mended
    assert not Campaign.objects.filter(code="A B").exists()


def test_a_definition_file_makes_new_campaigns(office, officer) -> None:
    text = "version: 1\nplan: null\ncampaigns:\n  - code: he-xanh\n    title: Hè xanh\n    channels: [page]\n"
    answer = officer.post("/chien-dich/nap", {"file": SimpleUploadedFile("he.yaml", text.encode())}, follow=True)
    assert "1 chiến dịch mới" in answer.content.decode()
    assert Campaign.objects.get(code="he-xanh").organisation == office.organisation


def test_loading_nothing_or_no_text_is_refused(officer) -> None:
    assert "Hãy chọn tệp hoặc dán" in officer.post("/chien-dich/nap", {}).content.decode()
    file = SimpleUploadedFile("x.yaml", b"\xff\xfe\x00\xd8")
    assert "không phải văn bản UTF-8" in officer.post("/chien-dich/nap", {"file": file}).content.decode()


def test_campaigns_are_filtered_by_state(office, officer) -> None:
    assert office.campaign.title in officer.get("/chien-dich?trang-thai=draft").content.decode()
    assert office.campaign.title not in officer.get("/chien-dich?trang-thai=closed").content.decode()


def test_an_auditor_reads_a_definition_without_a_form(office) -> None:
    page = office.client(Role.AUDITOR).get(f"/chien-dich/{office.campaign.pk}/dinh-nghia").content.decode()
    assert "<textarea" not in page
    assert office.campaign.code in page


def test_an_empty_office_is_taught_what_a_plan_is(office) -> None:
    client = office.client(office.stranger)
    assert "Kế hoạch là văn bản đã ban hành" in client.get("/ke-hoach").content.decode()
    assert "Bắt đầu từ đâu" in client.get("/hom-nay").content.decode()
