"""What was derived and left untouched follows its plan; what somebody changed stays as they left it."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from campaigns.corrections import kept
from campaigns.definitions import CampaignDefinition, Definitions, Topic
from campaigns.models import Campaign, CampaignState, Plan, Post, PostState
from publisher.events.log import record
from publisher.intake.definitions import columns_of, draft_post, load_definitions, new_topics, say
from publisher.intake.plans import definitions_of
from publisher.people.models import Person

Json = dict[str, Any]
NO_THEME = "Nội dung của chiến dịch này đã được đánh dấu là không phải nội dung của kế hoạch."
WORDS = ("title", "lead", "body")


def derived(plan: Plan, reading: Json) -> dict[str, CampaignDefinition]:
    """What a reading of the plan derives, by code."""
    if not kept(reading["themes"]):
        return {}
    return {definition.code: definition for definition in definitions_of(plan, reading).campaigns}


def follow(plan: Plan, before: Json, after: Json, by: Person | None) -> None:
    """Carries a change of the reading into drafts: new themes get theirs, untouched ones take the new words."""
    campaigns = {campaign.code: campaign for campaign in plan.campaigns.all()}
    if not campaigns:
        return  # nothing was derived yet: a person decides first
    old, new = derived(plan, before), derived(plan, after)
    fresh = [definition for code, definition in new.items() if code not in campaigns and code not in old]
    if fresh:
        load_definitions(Definitions(plan=None, campaigns=fresh), organisation=plan.organisation, by=by, plan=plan)
    for code, campaign in campaigns.items():
        if code in new and campaign.state == CampaignState.DRAFT:
            follow_campaign(campaign, old.get(code), new[code], by)
        question(campaign)


def follow_campaign(
    campaign: Campaign, old: CampaignDefinition | None, new: CampaignDefinition, by: Person | None
) -> None:
    before, after = (
        (columns_of(old, campaign.plan, campaign.organisation) if old else {}),
        columns_of(new, campaign.plan, campaign.organisation),
    )
    changed = [
        n for n, value in after.items() if n in before and before[n] != value and getattr(campaign, n) == before[n]
    ]
    for name in changed:
        setattr(campaign, name, after[name])
    if changed:
        campaign.save(update_fields=changed)
        say(campaign, "changed", by, fields=changed)
    topics = {topic.theme: topic for topic in old.topics} if old else {}
    for topic in new.topics:
        if topic.theme in topics and topics[topic.theme] != topic:
            follow_post(campaign, topics[topic.theme], topic, by)
    for topic in new_topics(campaign, [t for t in new.topics if t.theme not in topics]):
        draft_post(campaign, topic, by)


def follow_post(campaign: Campaign, old: Topic, new: Topic, by: Person | None) -> None:
    """Only a draft that still reads as it was derived; its revision moves on, so an open editor notices."""
    untouched = {name: getattr(old, name) for name in WORDS}
    for post in Post.objects.filter(campaign=campaign, theme__path=new.theme, state=PostState.DRAFT, **untouched):
        words = {name: getattr(new, name) for name in (*WORDS, "unconfirmed")}
        Post.objects.filter(pk=post.pk).update(**words, revision=F("revision") + 1)
        told = {"fields": sorted(words), "revision": post.revision + 1, "why": "sửa kết quả đọc kế hoạch"}
        record("post.edited", f"post:{post.pk}", organisation=campaign.organisation, actor=by, data=told)


def question(campaign: Campaign) -> None:
    """A campaign none of whose themes is one any more waits for a person; taken back, the question goes too."""
    themes = list(campaign.themes.values_list("excluded", flat=True))
    asked = campaign.to_decide == NO_THEME
    if themes and all(themes) and not campaign.to_decide:
        Campaign.objects.filter(pk=campaign.pk).update(to_decide=NO_THEME)
    elif asked and not all(themes):
        Campaign.objects.filter(pk=campaign.pk).update(to_decide="")
