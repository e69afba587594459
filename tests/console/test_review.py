"""The review of a plan: document and understanding side by side, corrections, warnings, deriving, replacing."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, Plan, Theme
from campaigns.reading.reader import read_plan
from campaigns.reading.schema import to_json
from publisher.console.findings import Builder, flat
from publisher.console.source_pane import WINDOW, pane_of, window_at
from publisher.intake.corrections import correct, exclude
from publisher.intake.models import Correction, RevisionState, WarningDecision
from publisher.intake.source_lines import place_of
from publisher.people.rights import Role
from tests.plan_rows import SAMPLE, plan_of

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def reading():
    return to_json(read_plan(SAMPLE.read_bytes(), SAMPLE.name))


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def review(office) -> str:
    return f"/ke-hoach/{office.plan.pk}/doi-chieu"


def findings_of(reading):
    return {f.anchor: f for group in Builder(reading, reading, {}).groups() for f in flat(group.findings)}


def test_everything_understood_has_a_place_of_its_own(reading) -> None:
    groups = list(Builder(reading, reading, {}).groups())
    anchors = [finding.anchor for group in groups for finding in flat(group.findings)]
    assert len(anchors) == len(set(anchors))
    assert [group.key for group in groups][:4] == ["head", "bases", "sections", "themes"]
    themes = next(group for group in groups if group.key == "themes")
    assert themes.count == 14
    assert [child.words for child in themes.findings[0].children] == ["nội dung 1.a", "nội dung 1.b", "nội dung 1.c"]


def test_a_dead_legal_base_and_a_budget_that_adds_up_are_told(reading) -> None:
    found = findings_of(reading)
    assert found["f-legal_bases-1"].tags[0][0] == "bad"
    budget = next(group for group in Builder(reading, reading, {}).groups() if group.key == "budget")
    assert budget.tags == (("good", "tổng khớp"),)
    assert "Cộng các dòng: 60.000.000\N{NO-BREAK SPACE}đ" in budget.notes


def test_demands_that_contradict_each_other_stand_together(reading) -> None:
    targets = [dict(target) for target in reading["targets"]]
    targets[0] |= {"rivals": [3], "stricter": True}
    targets[3] |= {"rivals": [0], "stricter": False}
    group = next(g for g in Builder({**reading, "targets": targets}, reading, {}).groups() if g.key == "targets")
    assert [finding.anchor for finding in group.findings[:3]] == ["f-targets-0", "f-targets-3", "f-targets-1"]
    assert [words for _, words in group.findings[0].tags] == ["kế hoạch nói hai cách", "mức chặt hơn, dùng để lập lịch"]


def test_doubt_shows_only_where_the_reader_was_not_sure(reading) -> None:
    assert not any(finding.doubtful for finding in findings_of(reading).values())
    sources = {**reading["sources"], "number": {**reading["sources"]["number"], "confidence": 0.5}}
    assert findings_of({**reading, "sources": sources})["f-number"].doubtful


def test_each_side_points_at_the_other(office, officer, review) -> None:
    page = officer.get(review).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    places = set(re.findall(r'href="#([^"]+)"', page))
    assert places - {"main"} <= ids
    assert {"L3", "L49", "f-number", "f-themes-0-children-0"} <= places
    assert 'data-no="49"' in page
    assert "a) Tuyên truyền về Ngày hội chuyển đổi số" in page


def test_the_lines_are_read_once_kept_and_never_interpreted(office, officer, review) -> None:
    officer.get(review)
    kept = place_of(office.plan)
    whole = kept.read_bytes()
    try:
        kept.write_bytes(whole.replace(b"18/KH", b"<b>18</b>/KH", 1))
        page = officer.get(review).content.decode()
    finally:
        kept.write_bytes(whole)
    assert "&lt;b&gt;18&lt;/b&gt;/KH-UBND" in page
    assert "<b>18" not in page


def test_a_document_that_is_gone_leaves_what_was_understood(office, officer) -> None:
    plan = office.revision().old
    page = officer.get(f"/ke-hoach/{plan.pk}/doi-chieu").content.decode()
    assert "Không thấy tệp gốc trong kho" in page
    assert "f-themes-0" in page


def test_a_long_document_is_shown_in_parts(office) -> None:
    lines = [{"no": n, "page": 1, "text": f"dòng {n}", "heading": None, "table": False} for n in range(1, WINDOW + 11)]
    plan = office.revision().old
    place_of(plan).write_text(json.dumps(lines), "utf-8")
    try:
        first, last = pane_of(plan, [], ""), pane_of(plan, [], "99")
    finally:
        place_of(plan).unlink()
    assert (first.window, first.windows, last.window) == (1, 2, 2)
    assert last.blocks[0][0].line.no == WINDOW + 1
    assert (window_at(WINDOW), window_at(WINDOW + 1)) == (1, 2)


def test_a_corrected_value_keeps_the_read_one_beside_it_with_who_and_when(office, officer, review) -> None:
    place = f"/ke-hoach/{office.plan.pk}/sua/number"
    assert 'value="18/KH-UBND"' in officer.get(place).content.decode()
    answer = officer.post(place, {"number": "19/KH-UBND", "ghi_chu": "theo bản giấy", "thay-number": "0"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == f"{review}#f-number"
    assert "máy đọc: <del>18/KH-UBND</del>; sửa bởi Người officer" in page
    assert "“theo bản giấy”" in page
    assert Plan.objects.get(pk=office.plan.pk).number == "19/KH-UBND"
    assert "19/KH-UBND" in officer.get(f"/ke-hoach/{office.plan.pk}").content.decode()


def test_only_what_differs_in_a_form_becomes_a_correction(office, officer) -> None:
    place = f"/ke-hoach/{office.plan.pk}/sua/targets/0"
    form = officer.get(place).context["form"]
    given = {name: form[name].initial or "" for name in form.fields} | {"count": "3"}
    officer.post(place, given)
    (row,) = Correction.objects.all()
    assert (row.pointer, row.read, row.value) == ("/targets/0/count", 2, 3)


@pytest.mark.parametrize(
    ("place", "name", "wrong", "told"),
    [
        ("date", "date", "31/2/2026", "không phải ngày"),
        ("budget/lines/0", "amount", "hai triệu", "không phải số nguyên"),
        ("title", "title", "", "không được để trống"),
        ("targets/0", "count", "-1", "không phải số nguyên"),
    ],
)
def test_a_value_that_does_not_fit_is_told_at_its_field_and_nothing_is_saved(
    office, officer, place, name, wrong, told
) -> None:
    where = f"/ke-hoach/{office.plan.pk}/sua/{place}"
    form = officer.get(where).context["form"]
    given = {field: form[field].initial or "" for field in form.fields} | {name: wrong}
    answer = officer.post(where, given)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Correction.objects.exists()


def test_whoever_comes_second_is_told_and_overwrites_nothing(office, officer) -> None:
    correct(office.plan, "/number", "20/KH-UBND", by=office.people[Role.ADMIN])
    answer = officer.post(f"/ke-hoach/{office.plan.pk}/sua/number", {"number": "21/KH-UBND", "thay-number": "0"})
    assert "vừa sửa chỗ này" in answer.content.decode()
    assert Plan.objects.get(pk=office.plan.pk).number == "20/KH-UBND"


def test_what_is_not_there_cannot_be_corrected(office, officer) -> None:
    for place in ("sua/themes/99", "sua/warnings/0", "sua/themes/0/title", "sua/themes/x", "them/number", "them/khac"):
        assert officer.get(f"/ke-hoach/{office.plan.pk}/{place}").status_code == 404, place


def test_a_theme_is_left_out_and_counted_again(office, officer) -> None:
    judge, told = f"/ke-hoach/{office.plan.pk}/xet", {"o-la": "khong-phai|/themes/0/children/1"}
    page = officer.post(judge, told, headers=HTMX)
    assert page.headers["HX-Retarget"] == "#g-themes"
    assert "không phải nội dung" in page.content.decode()
    theme = Theme.objects.get(plan=office.plan, path="1.b")
    assert theme.excluded
    officer.post(judge, {"o-la": "dung-la|/themes/0/children/1"})
    theme.refresh_from_db()
    assert not theme.excluded


def test_a_theme_the_reader_missed_is_added_with_its_drafts(office, officer) -> None:
    place = f"/ke-hoach/{office.plan.pk}/them/themes"
    assert officer.post(place, {"label": "5", "title": "", "text": ""}).status_code == 422
    officer.post(place, {"label": "5", "title": "An toàn giao thông trước cổng trường", "text": ""})
    assert Campaign.objects.filter(plan=office.plan, title__contains="An toàn giao thông").exists()
    page = officer.get(f"/ke-hoach/{office.plan.pk}/doi-chieu").content.decode()
    assert "người thêm" in page
    officer.post(f"/ke-hoach/{office.plan.pk}/xet", {"o-la": "khong-phai|/themes/+1"})
    assert "An toàn giao thông" not in officer.get(f"/ke-hoach/{office.plan.pk}").content.decode().split("h-themes")[1]


def test_what_was_corrected_goes_back_to_what_was_read(office, officer) -> None:
    correct(office.plan, "/targets/0/count", 9, by=None)
    officer.post(f"/ke-hoach/{office.plan.pk}/xet", {"o-la": "nhu-may-doc|/targets/0"})
    assert office.plan.targets.first().count == 2


def test_warnings_are_worked_off_one_by_one(office, officer, review) -> None:
    page = officer.get(review)
    assert "còn 1 trên 1" in page.content.decode()
    (work,) = page.context["todo"]
    told = officer.post(
        f"/ke-hoach/{office.plan.pk}/canh-bao", {"canh-bao": work.doubt.key, "la": "seen"}, headers=HTMX
    )
    assert "đã xem hết 1" in told.content.decode()
    assert WarningDecision.objects.get().by == office.people[Role.OFFICER]
    assert "Còn 1 chỗ" not in officer.get(f"/ke-hoach/{office.plan.pk}").content.decode()
    stale = officer.post(f"/ke-hoach/{office.plan.pk}/canh-bao", {"canh-bao": "khac@1"}, follow=True)
    assert "Không còn cảnh báo này" in stale.content.decode()


def test_a_warning_leads_to_the_value_it_speaks_of(office, officer) -> None:
    Plan.objects.filter(pk=office.plan.pk).update(
        import_warnings=[{"code": "issuer_differs", "message": "Khác cơ quan.", "source": None}]
    )
    page = officer.get(f"/ke-hoach/{office.plan.pk}/doi-chieu").content.decode()
    assert 'data-edit="e-f-issuer-name"' in page


def test_an_auditor_sees_everything_and_can_change_nothing(office, review) -> None:
    page = office.client(Role.AUDITOR).get(review).content.decode()
    assert "f-themes-0" in page
    for word in ("Đã xem</button>", "/sua/", "/them/", "Không phải nội dung"):
        assert word not in page


def test_the_review_asks_no_more_of_the_database_for_more_corrections(office, officer, review) -> None:
    officer.get(review)  # the lines are read and kept
    counts = []
    for value in range(3, 6):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            officer.get(review)
        counts.append(len(asked))
        for target in range(3):
            correct(office.plan, f"/targets/{target}/count", value, by=office.people[Role.OFFICER])
    assert len(set(counts)) == 1


def test_deriving_tells_what_it_would_change_and_does_only_what_was_chosen(office, officer) -> None:
    place = f"/ke-hoach/{office.plan.pk}/lap-chien-dich"
    assert "Mọi chiến dịch đã đúng như kế hoạch" in officer.get(place).content.decode()
    Campaign.objects.filter(pk=office.campaign.pk).update(title="Tên đơn vị tự đặt", ends_on=date(2026, 9, 30))
    page = officer.get(place)
    (draft,) = [draft for draft in page.context["drafts"] if not draft.same]
    assert {change.words for change in draft.changes} == {"tên", "ngày kết thúc"}
    assert not draft.chosen
    assert "Tên đơn vị tự đặt" in page.content.decode()
    assert officer.post(place, {}).status_code == 422
    officer.post(place, {"chien-dich": office.campaign.code})
    assert Campaign.objects.get(pk=office.campaign.pk).ends_on == date(2026, 12, 31)


def test_deriving_asks_no_more_of_the_database_for_more_campaigns(office, officer) -> None:
    place = f"/ke-hoach/{office.plan.pk}/lap-chien-dich"
    with CaptureQueriesContext(connection) as few:
        officer.get(place)
    for number in range(3):
        exclude(office.plan, f"/themes/{number}", by=None)
    with CaptureQueriesContext(connection) as many:
        officer.get(place)
    assert abs(len(few) - len(many)) <= 1


def test_a_revised_plan_shows_its_differences_and_replaces_the_old_one(office, officer) -> None:
    words = SAMPLE.read_text("utf-8").replace("18/KH-UBND", "40/KH-UBND").replace("ít nhất 02 tin", "ít nhất 03 tin")
    new = plan_of(words.encode(), "moi.md", organisation=office.organisation, by=None).plan
    compared = officer.get(f"/ke-hoach/{new.pk}/so-sanh?cu={office.plan.pk}").content.decode()
    assert "<del>18/KH-UBND</del>" in compared
    assert "số lượng: <del>2</del> → <ins>3</ins>" in compared
    assert "Nếu thay kế hoạch cũ" in compared
    answer = officer.post(f"/ke-hoach/{new.pk}/thay", {"cu": office.plan.pk}, follow=True)
    assert "Đã thay kế hoạch cũ" in answer.content.decode()
    assert "đã được thay bằng" in officer.get(f"/ke-hoach/{office.plan.pk}").content.decode()
    revision = new.revises.get()
    officer.post(f"/ke-hoach/sua-doi/{revision.pk}", {"la": "hoan-tac"})
    assert Plan.objects.get(pk=office.plan.pk).replaced_by is None


def test_a_proposed_replacement_waits_for_a_person_and_may_be_refused(office, officer) -> None:
    revision = office.revision()
    place = f"/ke-hoach/sua-doi/{revision.pk}"
    assert "So sánh và quyết định" in officer.get(f"/ke-hoach/{office.plan.pk}").content.decode()
    assert "so sánh hai bản" in officer.get(f"/ke-hoach/{office.plan.pk}/lap-chien-dich").content.decode()
    assert "Hai kế hoạch như nhau" in officer.get(place).content.decode()
    officer.post(place, {"la": "rieng"})
    revision.refresh_from_db()
    assert revision.state == RevisionState.APART
    assert "đã được quyết định" in officer.post(place, {"la": "rieng"}, follow=True).content.decode()


def test_looking_at_worn_words_and_saving_them_unchanged_confirms_them(office, officer) -> None:
    place = f"/ke-hoach/{office.plan.pk}/sua/themes/0/children/0"
    form = officer.get(place).context["form"]
    officer.post(place, {name: form[name].initial or "" for name in form.fields})
    assert {row.pointer.rpartition("/")[2] for row in Correction.objects.all()} == {"title", "text"}
    assert "đã xác nhận bởi Người officer" in officer.get(f"/ke-hoach/{office.plan.pk}/doi-chieu").content.decode()


def test_sentences_offered_for_worn_titles_are_taken_or_left(office, officer) -> None:
    worn = {**office.plan.reading, "ocr": True}
    worn["themes"] = [{**theme, "children": []} for theme in worn["themes"][:2]]
    worn["themes"][0]["title"] = "Chuyen doi so va dich vu cong truc tuyen"
    worn["themes"][1]["title"] = "Phong chay, chua chay va cuu nan, cuu ho"
    old = office.revision().old
    Plan.objects.filter(pk=old.pk).update(reading=worn)
    place = f"/ke-hoach/{old.pk}/doi-chieu"
    offers = [offer for offer, _ in officer.get(place).context["offers"] if offer.pointer != "/title"]
    assert [offer.text for offer in offers] == [theme.title for theme in office.plan.themes.filter(parent=None)[:2]]
    taken, left = offers
    for verdict, offer in (("nhan", taken), ("giu", left)):
        told = {"o-la": f"{verdict}|{offer.pointer}", f"loi-{offer.pointer}": offer.text}
        officer.post(f"/ke-hoach/{old.pk}/goi-y", told)
    assert list(Correction.objects.order_by("pk").values_list("pointer", "value")) == [
        (taken.pointer, taken.text),
        (left.pointer, left.read),
    ]
    page = officer.get(place).content.decode()
    assert "gợi ý từ kế hoạch 18/KH-UBND" in page
    stale = officer.post(f"/ke-hoach/{old.pk}/goi-y", {"o-la": f"nhan|{taken.pointer}"}, follow=True)
    assert "không còn" in stale.content.decode()
