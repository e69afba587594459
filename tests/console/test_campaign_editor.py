"""A campaign edited as a form: the same definition as the YAML, with every mistake at its field."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign, Post
from publisher.budget.models import BudgetLine
from publisher.intake.definitions import export_yaml
from publisher.people.rights import Role


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def place(office) -> str:
    return f"/chien-dich/{office.campaign.pk}/sua"


def filled(page) -> dict[str, object]:
    """What a browser would send of the form as it stands."""
    sheet = page.context["sheet"]
    given: dict[str, object] = {}
    for form in (sheet.form, *sheet.rows, *(one.management_form for one in sheet.sets)):
        for bound in form:
            value = bound.value()
            if value not in (None, ""):
                given[bound.html_name] = value
    return given


def fresh(office) -> Campaign:
    return Campaign.objects.get(pk=office.campaign.pk)


def test_a_form_saved_as_it_stands_changes_nothing(office, officer, place) -> None:
    before = export_yaml([fresh(office)])
    assert officer.post(place, filled(officer.get(place))).status_code == 302
    assert export_yaml([fresh(office)]) == before


@pytest.mark.parametrize("columns", [{"closed_at": timezone.now(), "closed_why": "gộp"}, {"plan": None}])
def test_a_form_saved_as_it_stands_keeps_a_line_and_a_content_that_are_no_longer_offered(
    office, officer, place, columns
) -> None:
    Campaign.objects.filter(pk=office.campaign.pk).update(budget_line=office.line)
    office.campaign.themes.update(excluded=True)
    BudgetLine.objects.filter(pk=office.line.pk).update(**columns)
    before = export_yaml([fresh(office)])
    assert officer.post(place, filled(officer.get(place))).status_code == 302
    assert export_yaml([fresh(office)]) == before
    assert fresh(office).budget_line == office.line


def test_the_form_writes_what_the_yaml_says(office, officer, place) -> None:
    given = filled(officer.get(place)) | {
        "title": "Chuyển đổi số mọi nhà", "audiences": "Người cao tuổi\n\n  Hộ   kinh doanh ", "channels": ["page"],
        "ends_on": "2026-10-31", "budget_line": "2",
    }  # fmt: skip
    officer.post(place, given)
    text = officer.get(f"/chien-dich/{office.campaign.pk}/dinh-nghia.yaml").content.decode()
    for line in ("title: Chuyển đổi số mọi nhà", "- Hộ kinh doanh", "ends_on: 2026-10-31", "budget_line: '2'"):
        assert line in text
    assert fresh(office).channels == ["page"]


def test_a_rhythm_of_the_plan_that_is_changed_becomes_the_offices_own(office, officer, place) -> None:
    page = officer.get(place)
    assert "theo kế hoạch" in page.content.decode()
    stood = fresh(office)
    officer.post(place, filled(page) | {"nhip-0-count": "5"})
    changed = fresh(office)
    assert (changed.rhythm["count"], changed.rhythm["origin"]) == (5, "own")
    assert changed.rhythms == stood.rhythms  # those that were not touched are still the plan's
    officer.post(place, {**filled(officer.get(place)), "nhip-0-count": ""})
    assert fresh(office).rhythm == stood.rhythms[0]


def test_every_mistake_stands_at_its_field_and_nothing_is_saved(office, officer, place) -> None:
    wrong = filled(officer.get(place)) | {
        "title": "", "ends_on": "2020-01-01", "nhip-0-count": "0", "channels": ["page", "fax"],
    }  # fmt: skip
    answer = officer.post(place, wrong)
    assert answer.status_code == 422
    ids = {field for field, _ in answer.context["sheet"].problems}
    assert {"id_title", "id_nhip-0-count"} <= ids
    backwards = officer.post(place, filled(officer.get(place)) | {"starts_on": "2026-12-01", "ends_on": "2026-11-01"})
    assert "Ngày kết thúc sớm hơn ngày bắt đầu." in backwards.content.decode()
    assert fresh(office).title == office.campaign.title


def test_a_topic_of_the_form_becomes_a_draft(office, officer, place) -> None:
    given = filled(officer.get(place))
    assert "bai-0-theme" not in given
    page = officer.post(place, given | {"bai-0-title": "Bài không nói phục vụ gì"})
    assert "Chọn nội dung mà bài này phục vụ." in page.content.decode()
    officer.post(place, given | {"bai-0-theme": "2.a", "bai-0-title": "Bình chữa cháy để đâu"})
    assert Post.objects.get(title="Bình chữa cháy để đâu").campaign == office.campaign


def test_the_editor_asks_no_more_of_the_database_for_more_posts(office, officer, place) -> None:
    with CaptureQueriesContext(connection) as few:
        officer.get(place)
    for number in range(3):
        office.post(f"Bài {number}")
    with CaptureQueriesContext(connection) as many:
        officer.get(place)
    assert len(few) == len(many)


def test_a_question_of_a_revised_plan_is_answered_on_the_campaign(office, officer) -> None:
    Campaign.objects.filter(pk=office.campaign.pk).update(to_decide="Kế hoạch mới không còn nội dung này.")
    page = officer.get(f"/chien-dich/{office.campaign.pk}").content.decode()
    assert "Kế hoạch mới không còn nội dung này." in page
    officer.post(f"/chien-dich/{office.campaign.pk}/quyet-dinh", {"la": "thoi"})
    assert (fresh(office).to_decide, fresh(office).state) == ("", "closed")
