"""What a person corrects stands beside what was read; the rows and untouched drafts follow, all else stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaigns.models import Campaign, Post, Theme
from publisher.approval.drafting import edit_post
from publisher.budget.models import BudgetLine
from publisher.events.models import Event
from publisher.intake.corrections import BadCorrection, Overtaken, add, confirm, correct, exclude, withdraw
from publisher.intake.models import Correction, Document
from publisher.intake.plans import Imported
from publisher.intake.understanding import history, newest, understood
from publisher.intake.warnings import NoSuchWarning, decide, doubts
from publisher.reports.verification import verify_audit, verify_budget
from tests.plan_rows import plan_of
from tests.ward import Ward, fresh, make_ward

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def imported(ward: Ward) -> Imported:
    return plan_of(SAMPLE.read_bytes(), SAMPLE.name, organisation=ward.organisation, by=ward.officer)


@pytest.fixture
def plan(imported):
    return imported.plan


def test_a_corrected_value_stands_beside_the_read_one_with_who_and_when(ward, plan):
    read = plan.number
    row = correct(plan, "/number", "81/KH-UBND", by=ward.officer, note="xem bản giấy")
    assert (row.read, row.value, row.by, row.note) == (read, "81/KH-UBND", ward.officer, "xem bản giấy")
    assert (plan.number, plan.reading["number"], understood(plan)["number"]) == ("81/KH-UBND", read, "81/KH-UBND")
    told = Event.objects.get(kind="plan.corrected")
    assert (told.actor, told.data["was"], told.data["value"]) == (ward.officer, read, "81/KH-UBND")
    assert verify_audit() == []


def test_a_second_thought_is_another_row_and_the_newest_counts(ward, plan):
    correct(plan, "/title", "Một", by=ward.officer)
    correct(plan, "/title", "Hai", by=ward.approver)
    assert [row.value for row in history(plan, "/title")] == ["Hai", "Một"]
    withdraw(plan, "/title", by=ward.officer)
    assert plan.title == plan.reading["title"]
    assert len(history(plan, "/title")) == 3


def test_a_correction_is_never_rewritten_nor_deleted(ward, plan):
    row = correct(plan, "/year", 2027, by=ward.officer)
    row.value = 2028
    with pytest.raises(RuntimeError):
        row.save()
    with pytest.raises(RuntimeError):
        row.delete()


def test_two_people_at_one_place_do_not_overwrite_each_other_unseen(ward, plan):
    correct(plan, "/year", 2027, by=ward.approver, seen=0)
    with pytest.raises(Overtaken, match="vừa sửa chỗ này"):
        correct(plan, "/year", 2028, by=ward.officer, seen=0)
    seen = newest(plan)["/year"].pk
    assert correct(plan, "/year", 2028, by=ward.officer, seen=seen).value == 2028


@pytest.mark.parametrize(
    ("pointer", "value", "column"),
    [("/date", "7/7/2026", "date"), ("/title", "Trích yếu đúng", "title"), ("/issuer/name", "UBND xã", "issuer"),
     ("/year", 2027, "year")],
)  # fmt: skip
def test_the_plans_own_columns_follow(ward, plan, pointer, value, column):
    correct(plan, pointer, value, by=ward.officer)
    plan.refresh_from_db()
    assert str(getattr(plan, column)) == str(understood(plan)[column] if column != "issuer" else value)


def test_what_does_not_fit_changes_nothing(ward, plan):
    with pytest.raises(BadCorrection):
        correct(plan, "/date", "hôm qua", by=ward.officer)
    assert not Correction.objects.exists()
    assert not Event.objects.filter(kind="plan.corrected").exists()


def test_a_corrected_theme_takes_its_untouched_draft_along(ward, plan):
    theme = plan.themes.get(path="1.a")
    correct(plan, f"{theme.pointer}/title", "Tuyên truyền về ngày hội đọc sách", by=ward.officer)
    theme.refresh_from_db()
    post = theme.posts.get()
    assert (theme.title, post.title, post.revision) == ("Tuyên truyền về ngày hội đọc sách", "Ngày hội đọc sách", 2)


def test_a_draft_somebody_wrote_on_stays_as_it_is(ward, plan):
    post = Post.objects.get(theme__plan=plan, theme__path="1.a")
    edit_post(post, {"title": "Lời của cán bộ"}, by=ward.officer, revision=post.revision)
    correct(plan, f"{post.theme.pointer}/title", "Tuyên truyền về ngày hội đọc sách", by=ward.officer)
    post.refresh_from_db()
    assert post.title == "Lời của cán bộ"


def test_dates_follow_into_draft_campaigns_but_not_over_what_was_set_by_hand(ward, imported):
    one, other, *_ = imported.campaigns
    Campaign.objects.filter(pk=one.pk).update(starts_on="2026-01-01")
    correct(imported.plan, "/date", "2026-07-20", by=ward.officer)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (str(one.starts_on), str(other.starts_on)) == ("2026-01-01", "2026-07-20")


def test_a_theme_the_reader_missed_becomes_a_campaign_with_its_draft(ward, plan):
    before = plan.campaigns.count()
    row = add(plan, "/themes", {"title": "Tuyên truyền về hiến máu tình nguyện"}, by=ward.officer)
    theme = Theme.objects.get(plan=plan, pointer=row.pointer)
    assert plan.campaigns.count() == before + 1
    assert theme.campaigns.get().title == theme.posts.get().title == "Hiến máu tình nguyện"
    letter = add(plan, f"{row.pointer}/children", {"title": "Lịch hiến máu"}, by=ward.officer)
    assert Theme.objects.get(plan=plan, pointer=letter.pointer).parent == theme


def test_what_is_no_theme_waits_with_its_campaign_for_a_person_and_comes_back(ward, plan):
    theme = plan.themes.get(path="2")
    campaign = theme.campaigns.get()
    exclude(plan, theme.pointer, by=ward.officer)
    theme.refresh_from_db()
    campaign.refresh_from_db()
    assert theme.excluded
    assert "không phải nội dung" in campaign.to_decide
    assert campaign.posts.exists()
    correct(plan, f"{theme.pointer}/excluded", False, by=ward.officer)
    campaign.refresh_from_db()
    assert campaign.to_decide == ""


def test_a_target_takes_its_count_unit_and_period(ward, plan):
    correct(plan, "/targets/0/count", 5, by=ward.officer)
    correct(plan, "/targets/0/period", "month", by=ward.officer)
    target = plan.targets.get(order=1)
    assert (target.count, target.period) == (5, "month")
    exclude(plan, "/targets/0", by=ward.officer)
    target.refresh_from_db()
    assert target.excluded
    row = add(plan, "/targets", {"text": "2 video", "count": 2, "unit": "video", "op": ">="}, by=ward.officer)
    assert plan.targets.get(text="2 video").count == 2
    withdraw(plan, row.pointer, by=ward.officer)
    assert plan.targets.get(text="2 video").excluded


def test_a_budget_amount_follows(ward, plan):
    correct(plan, "/budget/lines/0/amount", "25.000.000 đ", by=ward.officer)
    assert plan.budget_lines.get(order=1).amount == 25_000_000
    assert understood(plan)["budget"]["consistent"] is False
    row = add(plan, "/budget/lines", {"name": "Dòng sót", "amount": 1}, by=ward.officer)
    assert plan.budget_lines.get(name="Dòng sót").amount == 1
    withdraw(plan, row.pointer, by=ward.officer)
    assert plan.budget_lines.get(name="Dòng sót").closed_at is not None
    assert verify_budget() == []


def test_an_amount_below_what_is_reserved_is_refused_in_figures(ward, plan):
    line = plan.budget_lines.get(order=1)
    ward.account("contracted", rate=2_000_000, budget_line=line)
    delivery = ward.approved("contracted")[0]
    assert fresh(delivery).budget_line == line
    for value in ("1.000.000", None):
        with pytest.raises(BadCorrection, match=r"đã cam kết 2\.000\.000 đ"):
            correct(plan, "/budget/lines/0/amount", value, by=ward.officer)
    with pytest.raises(BadCorrection, match="đã có tiền cam kết"):
        exclude(plan, "/budget/lines/0", by=ward.officer)
    line.refresh_from_db()
    assert (line.amount, line.committed) == (24_000_000, 2_000_000)
    correct(plan, "/budget/lines/0/amount", 2_000_000, by=ward.officer)
    assert verify_budget() == []


def test_a_line_that_is_none_buys_nothing_more(ward, plan):
    exclude(plan, "/budget/lines/1", by=ward.officer)
    line = plan.budget_lines.get(order=2)
    ward.account("contracted", rate=1_000, budget_line=line)
    with pytest.raises(Exception, match="đã đóng"):
        ward.approved("contracted")
    correct(plan, "/budget/lines/1/excluded", False, by=ward.officer)
    assert BudgetLine.objects.get(pk=line.pk).closed_at is None


def test_words_a_person_confirmed_no_longer_wait(ward, plan):
    plan.reading["warnings"] = [{"code": "ocr_text", "message": "Chữ mờ.", "source": None}]
    plan.save(update_fields=["reading"])
    post = Post.objects.get(theme__plan=plan, theme__path="1.a")
    Post.objects.filter(pk=post.pk).update(unconfirmed=True)
    confirm(plan, f"{post.theme.pointer}/title", by=ward.officer)
    post.refresh_from_db()
    assert not post.unconfirmed


def test_a_warning_is_a_task_until_somebody_decided_on_it(ward, plan):
    first = doubts(plan)[0]
    assert first.decision is None
    decide(plan, first.key, "seen", by=ward.officer, note="vẫn dùng")
    again = doubts(plan)[0]
    assert (again.decision.by, again.decision.note) == (ward.officer, "vẫn dùng")
    with pytest.raises(NoSuchWarning):
        decide(plan, "khong_co@1", "seen", by=ward.officer)
    with pytest.raises(ValueError, match="ignored"):
        decide(plan, first.key, "ignored", by=ward.officer)


def test_a_plan_of_another_body_and_a_number_used_before_are_told(ward):
    def codes(data: bytes) -> set[str]:
        plan = plan_of(data, SAMPLE.name, organisation=ward.organisation, by=None).plan
        return {doubt.code for doubt in doubts(plan)}

    text = SAMPLE.read_text()
    assert codes(text.replace("SÔNG VÀNG", "BẾN ĐÒ").encode()) >= {"issuer_differs", "number_taken"}
    assert "issuer_differs" not in codes(f"{text}\n\nBản khác.\n".encode())


def test_another_organisation_sees_nothing_of_it(ward, plan):
    correct(plan, "/year", 2027, by=ward.officer)
    other = make_ward()
    assert not Correction.objects.filter(plan__organisation=other.organisation).exists()
    assert not Document.objects.filter(organisation=other.organisation).exists()
