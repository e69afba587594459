"""Campaigns and posts when one plan replaces another: tied to the contents that go on, asked about where none does."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaigns.definitions import CampaignDefinition, Definitions
from campaigns.models import Campaign, CampaignState, Plan, Post, PostState, Theme
from campaigns.revising import Comparison
from publisher.events.log import record
from publisher.intake.carrying import name_of
from publisher.intake.definitions import columns_of, draft_post, load_definitions, new_topics, say
from publisher.intake.following import derived
from publisher.intake.understanding import understood
from publisher.people.models import Person

Json = dict[str, Any]
WHAT = ("plan_id", "to_decide", "state")


class Retying:
    """One replacement at work: which theme goes on as which, and what was so before."""

    def __init__(self, old: Plan, new: Plan, found: Comparison, by: Person | None) -> None:
        self.old, self.new, self.by = old, new, by
        self.before: Json = {"campaigns": {}, "posts": {}, "created": [], "themes": [], "retired": [], "drafted": []}
        self.to_see: list[str] = []
        rows = {plan.pk: {theme.pointer: theme for theme in plan.themes.all()} for plan in (old, new)}
        self.onward = {
            rows[old.pk][c.old.pointer].pk: rows[new.pk][c.new.pointer]
            for c in found.themes
            if c.old and c.new and c.old.pointer in rows[old.pk] and c.new.pointer in rows[new.pk]
        }
        self.reworded = {c.new.path for c in found.themes if c.change == "reworded" and c.new}
        self.stated = {
            plan.pk: {d.themes[0]: d for d in derived(plan, understood(plan)).values()} for plan in (old, new)
        }

    def carry(self) -> None:
        for theme, later in self.onward.items():
            Theme.objects.filter(pk=later.pk).update(continues=theme)
            self.before["themes"].append(later.pk)
        ours = list(self.old.campaigns.select_related("budget_line"))
        theirs = list(self.new.campaigns.all())
        for campaign in ours:
            self.retie(campaign)
        for campaign in theirs:
            self.make_way(campaign)
        self.derive_added()

    def retie(self, campaign: Campaign) -> None:
        themes = list(campaign.themes.all())
        later = [self.onward[theme.pk] for theme in themes if theme.pk in self.onward]
        self.keep(campaign, themes)
        if themes and not later:
            self.ask(
                campaign, f"Kế hoạch {name_of(self.new)} không còn nội dung này. Tiếp tục hay kết thúc chiến dịch?"
            )
            return
        self.follow(campaign, themes, later)
        Campaign.objects.filter(pk=campaign.pk).update(plan=self.new)
        campaign.plan = self.new
        campaign.themes.set(later)
        self.retie_posts(campaign)
        told = {"from": self.old.pk, "to": self.new.pk, "themes": [theme.path for theme in later]}
        record(
            "campaign.retied", f"campaign:{campaign.pk}", organisation=self.new.organisation, actor=self.by, data=told
        )

    def keep(self, campaign: Campaign, themes: list[Theme]) -> None:
        columns = {name: getattr(campaign, name) for name in WHAT}
        told = {**columns, "themes": [theme.pk for theme in themes], "followed": {}}
        self.before["campaigns"][str(campaign.pk)] = told

    def follow(self, campaign: Campaign, themes: list[Theme], later: list[Theme]) -> None:
        """A draft takes what the new plan says wherever it still says what the old one did."""
        before, after = self.definition(self.old, themes), self.definition(self.new, later)
        if campaign.state != CampaignState.DRAFT or not before or not after:
            return
        was = columns_of(before, self.old, campaign.organisation)
        to = columns_of(after, self.new, campaign.organisation)
        changed = [n for n in to if n != "budget_line" and to[n] != was[n] and getattr(campaign, n) == was[n]]
        for name in changed:
            setattr(campaign, name, to[name])
            self.before["campaigns"][str(campaign.pk)]["followed"][name] = [plain(was[name]), plain(to[name])]
        if changed:
            campaign.save(update_fields=changed)
            say(campaign, "changed", self.by, fields=changed)

    def definition(self, plan: Plan, themes: list[Theme]) -> CampaignDefinition | None:
        return self.stated[plan.pk].get(themes[0].path) if len(themes) == 1 else None

    def retie_posts(self, campaign: Campaign) -> None:
        """Posts that were never submitted move to the theme that goes on; what was keeps the theme it served."""
        gone, reworded = [], []
        for post in campaign.posts.exclude(theme=None).exclude(state=PostState.RETIRED).select_related("theme"):
            later = self.onward.get(post.theme_id)
            if later is None:
                gone.append(post)
                continue
            if later.path in self.reworded:
                reworded.append(post)
            if not post.versions.exists():
                self.before["posts"][str(post.pk)] = post.theme_id
                Post.objects.filter(pk=post.pk).update(theme=later)
        if gone:
            titles = "; ".join(f"“{post.title}”" for post in gone[:5])
            self.ask(campaign, f"Kế hoạch {name_of(self.new)} không còn nội dung của {len(gone)} bài: {titles}.")
        self.to_see += [
            f"Nội dung của bài “{post.title}” đã đổi lời trong kế hoạch mới; xem lại bài trước khi đăng."
            for post in reworded
            if post.state != PostState.APPROVED
        ]

    def ask(self, campaign: Campaign, question: str) -> None:
        Campaign.objects.filter(pk=campaign.pk).update(to_decide=question)
        self.to_see.append(f"Chiến dịch “{campaign.title}”: {question}")

    def make_way(self, campaign: Campaign) -> None:
        """What the new plan had already derived for contents that go on: put away if untouched, else asked about."""
        themes = list(campaign.themes.all())
        doubled = {theme.pk for theme in themes} & {later.pk for later in self.onward.values()}
        if (
            not doubled
            or not Campaign.objects.filter(plan=self.new, themes__in=doubled).exclude(pk=campaign.pk).exists()
        ):
            return
        self.keep(campaign, themes)
        if untouched(campaign):
            put_away(campaign, self.before["retired"])
            say(campaign, "closed", self.by, why="kế hoạch này thay thế kế hoạch đã có chiến dịch cùng nội dung")
        else:
            self.ask(campaign, "Trùng nội dung với chiến dịch đã có từ kế hoạch cũ. Giữ chiến dịch nào?")

    def derive_added(self) -> None:
        """Campaigns for contents nobody serves yet, and drafts for new letters of those that go on."""
        served = set(Theme.objects.filter(campaigns__plan=self.new, plan=self.new).values_list("path", flat=True))
        fresh = [d for path, d in self.stated[self.new.pk].items() if path not in served]
        if fresh:
            definitions = Definitions(plan=None, campaigns=fresh)
            loaded = load_definitions(definitions, organisation=self.new.organisation, by=self.by, plan=self.new)
            self.before["created"] = loaded.created
        for campaign in self.new.campaigns.exclude(code__in=self.before["created"]).exclude(state=CampaignState.CLOSED):
            stated = self.definition(self.new, list(campaign.themes.all()))
            for topic in new_topics(campaign, stated.topics) if stated else ():
                self.before["drafted"].append(draft_post(campaign, topic, self.by).pk)


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def untouched(campaign: Campaign) -> bool:
    posts = campaign.posts.exclude(state=PostState.DRAFT, revision=1, versions=None)
    return campaign.state == CampaignState.DRAFT and not posts.exists()


def put_away(campaign: Campaign, retired: list[int]) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)
    posts = campaign.posts.filter(state=PostState.DRAFT)
    retired += posts.values_list("pk", flat=True)
    posts.update(state=PostState.RETIRED)


def put_back(new: Plan, before: Json, by: Person | None) -> None:
    """Campaigns, posts and themes as they were; what was derived for the replacement is put away or asked about."""
    for pk, was in before["campaigns"].items():
        campaign = Campaign.objects.get(pk=pk)
        columns = {name: was[name] for name in WHAT}
        followed = {n: was_to for n, was_to in was["followed"].items() if plain(getattr(campaign, n)) == was_to[1]}
        columns |= {name: value for name, (value, _) in followed.items()}
        Campaign.objects.filter(pk=pk).update(**columns)
        campaign.themes.set(was["themes"])
        say(campaign, "retied", by, to=was["plan_id"], why="hoàn tác việc thay kế hoạch")
    for pk, theme in before["posts"].items():
        Post.objects.filter(pk=pk).update(theme=theme)
    Post.objects.filter(pk__in=before["retired"]).update(state=PostState.DRAFT)
    Post.objects.filter(pk__in=before["drafted"], state=PostState.DRAFT).update(state=PostState.RETIRED)
    Theme.objects.filter(pk__in=before["themes"]).update(continues=None)
    for campaign in new.campaigns.filter(code__in=before["created"]):
        if untouched(campaign):
            put_away(campaign, [])
            say(campaign, "closed", by, why="hoàn tác việc thay kế hoạch")
