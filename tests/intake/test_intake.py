"""Plans and definitions become rows once, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from campaigns.definitions import DefinitionErrors
from campaigns.models import Campaign, Plan, Post, Theme
from campaigns.reading import PlanRefused
from publisher.approval.drafting import edit_post
from publisher.budget.models import BudgetLine
from publisher.events.models import Event
from publisher.intake.definitions import LETTERS, export_yaml, load_yaml, new_ref
from publisher.intake.plans import Imported, documents, import_plan
from publisher.reports.verification import verify_audit
from tests.ward import Ward, make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
TABLES = (Plan, Theme, Campaign, Post, BudgetLine, Event)


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


def bring(ward: Ward, data: bytes | None = None) -> Imported:
    return import_plan(data or SAMPLE.read_bytes(), SAMPLE.name, organisation=ward.organisation, by=ward.officer)


def test_a_plan_becomes_themes_budget_campaigns_and_drafts(ward):
    imported = bring(ward)
    assert imported.created
    assert imported.campaigns
    assert len(imported.posts) >= len(imported.campaigns)
    assert all(post.state == "draft" and post.theme for post in imported.posts)
    assert imported.plan.budget_lines.filter(amount__gt=0).exists()
    assert imported.plan.themes.filter(parent=None).count() == len(imported.campaigns)
    assert imported.definitions.read_text().startswith("version: 1")
    assert Event.objects.get(kind="plan.imported").actor == ward.officer
    assert verify_audit() == []


def test_the_document_itself_is_kept_as_it_came(ward):
    plan = bring(ward).plan
    assert plan.source_sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert documents().get(plan.source_sha256) == SAMPLE.read_bytes()


def test_the_same_document_again_changes_nothing(ward):
    first = bring(ward)
    before = counts()
    again = bring(ward)
    assert not again.created
    assert (again.plan, again.campaigns) == (first.plan, first.campaigns)
    assert counts() == before


def test_another_document_of_the_same_number_leaves_the_first_ones_campaigns_alone(ward):
    first = bring(ward)
    Campaign.objects.filter(plan=first.plan).update(title="Tên do cán bộ đặt")
    second = bring(ward, SAMPLE.read_bytes() + "\n\nBản phát hành lại.\n".encode())
    assert second.created
    assert second.plan.number == first.plan.number
    assert len(second.campaigns) == len(first.campaigns)
    assert len(second.posts) == len(first.posts)
    assert set(Campaign.objects.filter(plan=first.plan).values_list("title", flat=True)) == {"Tên do cán bộ đặt"}
    assert second.definitions != first.definitions
    assert bring(ward, SAMPLE.read_bytes() + "\n\nBản phát hành lại.\n".encode()).definitions == second.definitions


def test_two_organisations_import_the_same_plan_each_for_itself(ward):
    other = make_ward()
    mine, theirs = bring(ward), bring(other)
    assert mine.plan != theirs.plan
    assert {campaign.organisation for campaign in theirs.campaigns} == {other.organisation}


def test_what_is_no_plan_leaves_nothing(ward):
    before = counts()
    with pytest.raises(PlanRefused):
        bring(ward, b"Xin ch\xc3\xa0o, \xc4\x91\xc3\xa2y l\xc3\xa0 m\xe1\xbb\x99t b\xe1\xbb\xa9c th\xc6\xb0.")
    assert counts() == before


def test_an_edited_definition_file_is_not_written_over(ward):
    path = bring(ward).definitions
    path.write_text("# sửa tay\n" + path.read_text())
    assert bring(ward).definitions.read_text().startswith("# sửa tay")


def test_an_export_loads_back_without_a_change(ward):
    imported = bring(ward)
    text = export_yaml(imported.campaigns)
    before = counts()
    loaded = load_yaml(text, organisation=ward.organisation, by=ward.officer)
    assert sorted(loaded.unchanged) == sorted(campaign.code for campaign in imported.campaigns)
    assert (loaded.created, loaded.changed) == ([], [])
    assert counts() == before
    assert export_yaml(Campaign.objects.filter(plan=imported.plan)) == text


def test_an_export_over_two_plans_loads_back_without_a_change(ward):
    bring(ward)
    bring(ward, SAMPLE.read_bytes().replace(b"##", b"#") + "\n\nBản khác.\n".encode())
    text = export_yaml(Campaign.objects.filter(organisation=ward.organisation).order_by("code"))
    loaded = load_yaml(text, organisation=ward.organisation, by=ward.officer)
    assert (loaded.created, loaded.changed) == ([], [])


def test_a_campaign_goes_on_paying_from_its_own_line_where_labels_are_doubled(ward):
    campaign = bring(ward).campaigns[0]
    twin = BudgetLine.objects.create(
        organisation=ward.organisation, plan=campaign.plan, order=99, name="Dòng trùng ký hiệu", amount=1,
        label=campaign.plan.budget_lines.first().label,
    )  # fmt: skip
    Campaign.objects.filter(pk=campaign.pk).update(budget_line=twin)
    text = export_yaml(Campaign.objects.filter(pk=campaign.pk))
    assert load_yaml(text, organisation=ward.organisation, by=None).unchanged == [campaign.code]
    campaign.refresh_from_db()
    assert campaign.budget_line == twin


def test_a_changed_definition_changes_its_campaign_and_leaves_edited_posts(ward):
    imported = bring(ward)
    post = imported.posts[0]
    edit_post(post, {"title": "Tiêu đề cán bộ viết"}, by=ward.officer, revision=post.revision)
    text = imported.definitions.read_text()
    code = imported.campaigns[0].code
    changed = text.replace("starts_on: ", "starts_on: 2026-11-30 # ", 1)
    loaded = load_yaml(changed, organisation=ward.organisation, by=ward.officer)
    assert loaded.changed == [code]
    assert str(Campaign.objects.get(code=code).starts_on) == "2026-11-30"
    assert Post.objects.get(pk=post.pk).title == "Tiêu đề cán bộ viết"
    assert Event.objects.get(kind="campaign.changed").data["fields"] == ["starts_on"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('themes: ["9.z"]', "kế hoạch không có nội dung ở vị trí “9.z”"),
        ("budget_line: Không có dòng này", "không có dòng dự toán “Không có dòng này”"),
        ("topics: [{theme: 9.z, title: A}]", "kế hoạch không có nội dung ở vị trí “9.z”"),
    ],
)
def test_a_name_nothing_answers_to_is_refused_and_nothing_is_loaded(ward, line, words):
    before = counts()
    head = "version: 1\nplan: 18/KH-UBND\ncampaigns:\n  - {code: tot, title: Tốt}\n"
    text = f"{head}  - code: xau\n    title: A\n    {line}\n"
    with pytest.raises(DefinitionErrors, match=words):
        load_yaml(text, organisation=ward.organisation, by=ward.officer)
    assert counts() == before


def test_names_nothing_answers_to_are_told_with_their_lines_together_with_all_other_mistakes(ward):
    bring(ward)
    text = (
        "version: 1\nplan: 18/KH-UBND\ncampaigns:\n  - code: moi\n    title: A\n    themes: [1.a, 9.z]\n"
        "    budget_line: Không có\n    channels: [fax]\n    topics:\n      - {theme: 8.x, title: B}\n"
    )
    with pytest.raises(DefinitionErrors) as caught:
        load_yaml(text, organisation=ward.organisation, by=None)
    assert [error.line for error in caught.value.errors] == [6, 7, 8, 10]
    with pytest.raises(DefinitionErrors, match=r"Dòng 2 .*chưa có kế hoạch số “99/KH”"):
        load_yaml(
            "version: 1\nplan: 99/KH\ncampaigns:\n  - {code: a, title: b}\n", organisation=ward.organisation, by=None
        )


def test_a_definition_cannot_reach_into_another_organisation(ward):
    other = make_ward()
    BudgetLine.objects.filter(pk=other.line.pk).update(label="X9", name="Dòng của người khác")
    text = "version: 1\ncampaigns:\n  - {code: moi, title: Mới, budget_line: X9}\n"
    with pytest.raises(DefinitionErrors):
        load_yaml(text, organisation=ward.organisation, by=ward.officer)
    load_yaml(
        "version: 1\ncampaigns:\n  - {code: moi-truong, title: Của tôi}\n", organisation=other.organisation, by=None
    )
    assert Campaign.objects.get(pk=ward.campaign.pk).title == "Vệ sinh môi trường"


def test_public_references_can_be_read_aloud():
    refs = {new_ref() for _ in range(500)}
    assert len(refs) == 500
    assert {letter for ref in refs for letter in ref} <= set(LETTERS)
    assert not set("01OIL") & set(LETTERS) - {"L"}
