"""Bringing plans in, and campaigns as definitions that go out and come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.html import escape

from campaigns.models import Campaign, Plan
from publisher.console import forms
from publisher.intake.models import Document, DocumentState
from publisher.people.rights import Role
from tests.plan_rows import SAMPLE


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def sent(*files: tuple[str, bytes]) -> dict[str, list[SimpleUploadedFile]]:
    return {"files": [SimpleUploadedFile(name, data) for name, data in files]}


def other_plan() -> bytes:
    return SAMPLE.read_bytes() + "\n\nNơi nhận thêm: Lưu VT.\n".encode()


def test_a_plan_that_was_read_leads_to_its_review_and_stands_whole_on_its_page(officer) -> None:
    answer = officer.post("/ke-hoach", sent(("ke-hoach-2.md", other_plan())), follow=True)
    assert answer.redirect_chain[0][0].endswith("/doi-chieu?nhap=moi")
    assert "Đã đọc xong" in answer.content.decode()
    page = officer.get(f"/ke-hoach/{answer.context['plan'].pk}").content.decode()
    headings = ("Nội dung tuyên truyền", "Chỉ tiêu", "Nhiệm vụ và thời hạn", "Báo cáo phải gửi", "Dự toán", "Căn cứ")
    for heading in ("Chiến dịch từ kế hoạch này", *headings):
        assert heading in page
    assert "15/7/2026" in page  # a deadline
    assert "đã hết hiệu lực" in page  # a dead legal base


def test_the_same_file_twice_leads_to_the_same_plan(office, officer) -> None:
    answer = officer.post("/ke-hoach", sent((SAMPLE.name, SAMPLE.read_bytes())), follow=True)
    assert "đã được nhập trước đây" in answer.content.decode()
    assert Plan.objects.get() == office.plan


def test_files_that_are_no_plans_are_refused_with_their_reasons_and_may_be_read_again(office, officer) -> None:
    files = [
        ("rong.txt", b""),
        ("thu.txt", "Kính gửi ông bà, mời họp tổ dân phố tối mai.".encode()),
        ("hong.docx", b"PK\x03\x04 hong"),
        ("la.exe", b"MZ\x90\x00"),
    ]
    answer = officer.post("/ke-hoach", sent(*files))
    page = answer.content.decode()
    assert answer.status_code == 422
    documents = Document.objects.filter(organisation=office.organisation)
    assert {d.state for d in documents} == {DocumentState.REFUSED}
    assert documents.count() == len(files)
    for document in documents:
        assert len(document.message) > 20
        assert escape(document.message) in page
    assert Plan.objects.get() == office.plan
    again = officer.post(f"/ke-hoach/tai-lieu/{documents.get(name='thu.txt').pk}/doc-lai", follow=True)
    assert escape(documents.get(name="thu.txt").message) in again.content.decode()


def test_several_files_get_an_answer_each(office, officer) -> None:
    page = officer.post(
        "/ke-hoach", sent(("tot.md", other_plan()), ("thu.txt", b"khong phai ke hoach gi ca"))
    ).content.decode()
    good, bad = Document.objects.get(name="tot.md"), Document.objects.get(name="thu.txt")
    assert f"/ke-hoach/{good.plan_id}/doi-chieu" in page
    assert escape(bad.message) in page


def test_a_file_too_large_or_too_many_files_are_refused_before_they_are_read(officer, monkeypatch) -> None:
    assert "nhiều nhất 10 tệp" in officer.post("/ke-hoach", sent(*[("a.md", b"x")] * 11)).content.decode()
    monkeypatch.setattr(forms, "UPLOAD_LIMIT", 100)
    assert "quá 12 MB" in officer.post("/ke-hoach", sent(("to.md", b"x" * 101))).content.decode()
    assert not Document.objects.exists()


def test_a_document_being_read_tells_how_far_it_is_and_asks_again(office, officer) -> None:
    document = office.document()
    document.state, document.done, document.total = DocumentState.READING, 12, 100
    document.beat_at = timezone.now()
    document.save()
    page = officer.get("/ke-hoach").content.decode()
    assert "đang đọc phần 12/100" in page
    assert 'hx-trigger="every 700ms"' in page
    document.beat_at = timezone.now() - timedelta(minutes=5)
    document.save()
    page = officer.get("/ke-hoach/dang-doc").content.decode()
    assert "bị gián đoạn" in page
    assert "Đọc lại" in page
    assert "every 700ms" not in page


def test_whoever_follows_one_document_is_led_to_its_review_when_it_is_read(office, officer) -> None:
    document = office.document()
    document.state, document.plan, document.fresh = DocumentState.READ, office.plan, True
    document.save()
    asked = f"/ke-hoach/dang-doc?theo={document.pk}"
    answer = officer.get(asked, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/ke-hoach/{office.plan.pk}/doi-chieu?nhap=moi"
    other = office.client(office.stranger).get(asked, headers={"HX-Request": "true"})
    assert "HX-Redirect" not in other.headers
    assert document.name not in other.content.decode()


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
