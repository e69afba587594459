"""A plan that replaces another: what both have goes on, money in one piece; and all of it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from campaigns.models import Campaign, Plan, Post, PostState, Theme
from publisher.approval.drafting import edit_post
from publisher.budget.models import BudgetLine
from publisher.events.models import Event
from publisher.intake.definitions import export_yaml, load_yaml
from publisher.intake.models import PlanRevision, RevisionState
from publisher.intake.revising import (
    CannotRevise,
    compared,
    decide_campaign,
    derive_drafts,
    keep_apart,
    proposal_of,
    revise,
    undo,
)
from publisher.reports.verification import verify_audit, verify_budget
from tests.plan_rows import plan_of
from tests.ward import Ward, make_ward

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
TEXT = SAMPLE.read_text()
FIRE = "### 2. Phòng cháy, chữa cháy và cứu nạn, cứu hộ"
pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def bring(ward: Ward, text: str) -> Plan:
    return plan_of(text.encode(), "ke-hoach.md", organisation=ward.organisation, by=ward.officer).plan


@dataclass
class Office:
    """A ward with the old plan at work and the new one read."""

    ward: Ward
    old: Plan
    new: Plan

    def revise(self):
        return revise(self.old, self.new, by=self.ward.officer)

    def campaign(self, path: str) -> Campaign:
        return Campaign.objects.get(themes__plan=self.old, themes__path=path)


def later_plan() -> str:
    """The sample as its office might have changed it: one content dropped, one new, one line cut, one gone."""
    text = TEXT.replace("18/KH-UBND", "25/KH-UBND", 1)
    lines = text.splitlines()
    return "\n".join(changed(line) for line in lines if not line.startswith("| 5 "))


def changed(line: str) -> str:
    return line.replace("24.000.000", "30.000.000")


@pytest.fixture
def office(ward: Ward) -> Office:
    old = bring(ward, TEXT)
    return Office(ward, old, bring(ward, later_plan()))


def test_the_comparison_tells_what_changed_and_changes_nothing(office):
    before = Event.objects.count()
    found = compared(office.old, office.new).found
    assert found.counts["same"] == office.old.themes.count()
    assert [(c.change, c.changes[0].new if c.changes else None) for c in found.lines if c.change != "same"] == [
        ("changed", 30_000_000),
        ("removed", None),
    ]
    assert ("số, ký hiệu", "25/KH-UBND") in [(c.field, c.new) for c in found.facts]
    assert Event.objects.count() == before


def test_campaigns_go_on_under_the_new_plan_with_their_posts(office):
    campaign = office.campaign("1")
    posts = set(campaign.posts.values_list("pk", flat=True))
    office.revise()
    campaign.refresh_from_db()
    assert campaign.plan == office.new
    assert {theme.plan for theme in campaign.themes.all()} == {office.new}
    assert set(campaign.posts.values_list("pk", flat=True)) == posts
    assert {post.theme.plan for post in campaign.posts.all()} == {office.new}
    office.old.refresh_from_db()
    assert office.old.replaced_by == office.new
    assert Theme.objects.filter(plan=office.new, continues__plan=office.old).count() == office.old.themes.count()
    assert verify_audit() == []


def test_what_went_out_keeps_the_letter_it_served(office):
    post = Post.objects.filter(theme__plan=office.old, theme__path="1.a").get()
    office.ward.submitted("page", theme=post.theme)
    frozen = Post.objects.get(theme=post.theme, versions__isnull=False)
    Post.objects.filter(pk=frozen.pk).update(campaign=post.campaign)
    office.revise()
    frozen.refresh_from_db()
    assert frozen.theme.plan == office.old
    text = export_yaml([post.campaign])
    assert load_yaml(text, organisation=office.ward.organisation, by=None).unchanged == [post.campaign.code]


def test_what_the_new_plan_had_derived_twice_is_put_away_unless_somebody_wrote_on_it(office):
    mine = Campaign.objects.filter(plan=office.new)
    written = mine.first()
    post = written.posts.first()
    edit_post(post, {"title": "Đã viết"}, by=office.ward.officer, revision=post.revision)
    untouched = mine.exclude(pk=written.pk)
    codes = list(untouched.values_list("code", flat=True))
    office.revise()
    written.refresh_from_db()
    assert "Trùng nội dung" in written.to_decide
    assert set(Campaign.objects.filter(code__in=codes).values_list("state", flat=True)) == {"closed"}
    assert not Post.objects.filter(campaign__code__in=codes).exclude(state=PostState.RETIRED).exists()


def test_money_stays_in_one_piece(office):
    line = office.old.budget_lines.get(order=1)
    office.ward.account("contracted", rate=2_000_000, budget_line=line)
    office.ward.approved("contracted")
    office.revise()
    line.refresh_from_db()
    assert (line.plan, line.amount, line.committed) == (office.new, 30_000_000, 2_000_000)
    shown = office.old.budget_lines.get(order=1)
    assert (shown.amount, shown.committed, shown.closed_at is not None) == (24_000_000, 0, True)
    assert office.new.budget_lines.filter(order=1).count() == 1
    assert Event.objects.get(kind="budget.line_carried", subject=f"line:{line.pk}").data["was"] == 24_000_000
    assert verify_budget() == []


def test_a_dropped_line_is_closed_and_keeps_what_is_bound(office):
    line = office.old.budget_lines.get(order=5)
    office.ward.account("contracted", rate=900_000, budget_line=line)
    office.ward.approved("contracted")
    revision = office.revise()
    line.refresh_from_db()
    assert (line.plan, line.committed) == (office.old, 900_000)
    assert line.closed_at is not None
    assert any("bị bỏ nhưng đã cam kết" in sentence for sentence in revision.to_see)
    with pytest.raises(Exception, match="đã đóng"):
        office.ward.approved("contracted")


def test_a_limit_cut_below_what_is_bound_stops_at_it_and_says_so(ward):
    old = bring(ward, TEXT)
    new = bring(ward, later_plan().replace("30.000.000", "1.000.000"))
    line = old.budget_lines.get(order=1)
    ward.account("contracted", rate=2_000_000, budget_line=line)
    ward.approved("contracted")
    revision = revise(old, new, by=ward.officer)
    line.refresh_from_db()
    assert (line.amount, line.left) == (2_000_000, 0)
    assert "chỉ ghi 1.000.000 đ" in revision.to_see[0]


def test_a_line_already_spent_on_in_the_new_plan_stops_the_replacement_whole(office):
    line = office.new.budget_lines.get(order=1)
    office.ward.account("contracted", rate=2_000_000, budget_line=line)
    office.ward.approved("contracted")
    with pytest.raises(CannotRevise, match="đã có lượt đăng"):
        office.revise()
    assert not Plan.objects.filter(replaced_by__isnull=False).exists()


def test_a_content_the_new_plan_drops_is_put_to_a_person(ward):
    old = bring(ward, TEXT)
    last = old.themes.filter(parent=None).last()
    start = TEXT.index(last.source["raw"].splitlines()[0][:20]) if last.source.get("raw") else None
    assert start is not None
    lines = later_plan().splitlines()
    first, end = last.source["lines"][0], max(t.source["lines"][1] for t in [last, *last.children.all()])
    new = bring(ward, "\n".join(lines[: first - 1] + lines[end:]))
    campaign = Campaign.objects.get(plan=old, themes=last)
    revise(old, new, by=ward.officer)
    campaign.refresh_from_db()
    assert (campaign.plan, campaign.state) == (old, "draft")
    assert "không còn nội dung này" in campaign.to_decide
    decide_campaign(campaign, keep=False, by=ward.officer, reason="bỏ theo kế hoạch mới")
    assert (campaign.state, campaign.to_decide) == ("closed", "")
    assert Event.objects.filter(kind="campaign.decided").exists()


def test_a_replacement_can_be_taken_back(office):
    line = office.old.budget_lines.get(order=1)
    campaigns = dict(Campaign.objects.values_list("pk", "plan_id"))
    themes = dict(Post.objects.values_list("pk", "theme_id"))
    states = dict(Campaign.objects.values_list("pk", "state"))
    lines = {pk: v for pk, *v in BudgetLine.objects.values_list("pk", "plan_id", "order", "amount", "closed_at")}
    revision = undo(office.revise(), by=office.ward.approver)
    office.old.refresh_from_db()
    assert (revision.state, office.old.replaced_by) == (RevisionState.UNDONE, None)
    assert dict(Campaign.objects.values_list("pk", "plan_id")) == campaigns
    assert dict(Campaign.objects.values_list("pk", "state")) == states
    assert dict(Post.objects.values_list("pk", "theme_id")) == themes
    assert {
        pk: v for pk, *v in BudgetLine.objects.values_list("pk", "plan_id", "order", "amount", "closed_at")
    } == lines
    line.refresh_from_db()
    assert line.plan == office.old
    assert revise(office.old, office.new, by=None).state == RevisionState.ACCEPTED, "and decided anew"


def test_taking_back_stops_where_more_is_bound_than_the_old_line_allowed(office):
    revision = office.revise()
    line = BudgetLine.objects.get(plan=office.new, order=1)
    office.ward.account("contracted", rate=28_000_000, budget_line=line)
    office.ward.approved("contracted")
    with pytest.raises(CannotRevise, match="nhiều hơn dự toán của kế hoạch cũ"):
        undo(revision, by=None)


def test_a_plan_is_replaced_once_and_only_by_one_of_its_own_office(office):
    office.revise()
    with pytest.raises(CannotRevise, match="đã được thay"):
        office.revise()
    stranger = bring(make_ward(), TEXT)
    with pytest.raises(CannotRevise, match="cùng đơn vị"):
        revise(office.new, stranger, by=None)
    with pytest.raises(CannotRevise):
        revise(office.new, office.new, by=None)


def amending(number: str = "18/KH-UBND") -> str:
    return later_plan().replace(
        "Thông tin, tuyên truyền về", f"Sửa đổi, bổ sung Kế hoạch số {number} thông tin, tuyên truyền về", 1
    )


def test_a_plan_that_says_it_amends_another_waits_for_a_persons_word(ward):
    Plan.objects.filter(pk=ward.plan.pk).update(number="1/KH-UBND")
    old = bring(ward, TEXT)
    new = bring(ward, amending())
    proposal = proposal_of(new)
    assert proposal is not None
    assert (proposal.old, new.campaigns.count()) == (old, 0)
    assert "18/KH-UBND" in proposal.why
    loaded = keep_apart(proposal, by=ward.officer)
    assert len(loaded.created) == new.campaigns.count() > 0
    assert proposal_of(new) is None
    assert derive_drafts(new, by=ward.officer).created == []


def test_accepting_the_proposal_derives_nothing_twice(ward):
    Plan.objects.filter(pk=ward.plan.pk).update(number="1/KH-UBND")
    old = bring(ward, TEXT)
    campaigns = old.campaigns.count()
    new = bring(ward, amending())
    revise(old, new, by=ward.officer)
    assert (new.campaigns.count(), old.campaigns.count()) == (campaigns, 0)
    assert proposal_of(new) is None


def test_a_plan_that_amends_an_unknown_one_goes_its_way(ward):
    assert bring(ward, amending("77/KH-UBND")).campaigns.exists()


def test_a_campaign_of_the_new_plan_pays_from_its_own_line_again_when_the_replacement_is_taken_back(office):
    line = office.new.budget_lines.get(order=1)
    written = Campaign.objects.filter(plan=office.new).first()
    post = written.posts.first()
    edit_post(post, {"title": "Đã viết"}, by=office.ward.officer, revision=post.revision)
    Campaign.objects.filter(pk=written.pk).update(budget_line=line)
    account = office.ward.account("contracted", rate=2_000_000, budget_line=line)
    undo(office.revise(), by=office.ward.officer)
    written.refresh_from_db()
    account.refresh_from_db()
    assert (written.plan, written.budget_line, account.budget_line) == (office.new, line, line)
    assert verify_budget() == []


def test_a_proposal_that_was_accepted_meanwhile_is_not_set_apart(office):
    proposal = PlanRevision.objects.create(old=office.old, new=office.new)
    office.revise()
    with pytest.raises(CannotRevise, match="vừa được người khác quyết định"):
        keep_apart(proposal, by=office.ward.officer)
    proposal.refresh_from_db()
    assert proposal.state == RevisionState.ACCEPTED
    undo(proposal, by=office.ward.officer)
