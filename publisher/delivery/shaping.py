"""From a post to the exact payload of every account. What `shape_post` shows is what will be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from assets.cards import card
from assets.consent import NOBODY, OUR_OWN
from assets.models import Asset, Kind
from assets.pictures import inspect
from assets.store import Store
from campaigns.models import Post, Rendering
from channels import contract
from channels.errors import ChannelError
from channels.page import Page, article_url, picture_url
from publisher.delivery.accounts import as_channel_sees, channel_of
from publisher.delivery.fitting import Unfit, as_needed, fit_content
from publisher.delivery.listening import sound_of
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.sites import publisher_of, site_address
from publisher.timetable.models import Schedule


@dataclass(frozen=True, slots=True)
class Shaped:
    """One account's share of a post: a payload and its preview, or the problem that stands in the way."""

    account: Account
    payload: contract.Payload | None
    preview: contract.Preview | None
    problem: str = ""


@cache
def media() -> Store:
    return Store(Path(settings.MEDIA_STORE))


def shape_post(post: Post) -> list[Shaped]:
    content = content_of(post)
    return [shape(content, account) for account in accounts_of(post)]


def accounts_of(post: Post) -> list[Account]:
    return list(post.accounts.filter(retired_at=None).select_related("organisation").order_by("pk"))


def shape(content: contract.Content, account: Account) -> Shaped:
    channel = channel_of(account)
    try:
        seen = as_channel_sees(account)
        fitted, notes = fit_content(content, channel, account.organisation, media())
        payload = channel.shape(fitted, seen)
        preview = channel.preview(payload, seen)
        return Shaped(account, payload, replace(preview, warnings=(*preview.warnings, *notes)))
    except ChannelError as error:
        return Shaped(account, None, None, error.message)
    except (Unfit, UnreadableSecret) as error:
        return Shaped(account, None, None, str(error))


def shown(rendering: Rendering) -> contract.Preview:
    """A frozen rendering as a person reads it."""
    channel = channel_of(rendering.account)
    return channel.preview(payload_of(rendering), as_channel_sees(rendering.account))


def payload_of(rendering: Rendering) -> contract.Payload:
    return contract.Payload(rendering.kind, rendering.body)


def content_of(post: Post, base: str | None = None) -> contract.Content:
    """The post as channels take it. A post without a picture gets its title card. `base`: of a page not saved yet."""
    base = base_of(post) if base is None else base
    pictures = tuple(picture(asset, base) for asset in pictures_of(post))
    words = words_of(post, base)
    return replace(words, pictures=pictures, video=video_of(post, pictures[0]), sound=sound_of(post, words))


def words_of(post: Post, base: str = "") -> contract.Content:
    """The post without its pictures, for what only reads it: no card is drawn."""
    organisation = post.organisation
    return contract.Content(
        ref=post.ref,
        title=post.title,
        lead=post.lead,
        body=post.body,
        footer=post.footer,
        publisher=publisher_of(organisation),
        url=address_of(post, base),
        campaign=post.campaign.title,
        theme=post.theme.title if post.theme else "",
        urgent=post.urgent,
    )


def base_of(post: Post) -> str:
    return site_address(post.organisation) if hosts_articles(accounts_of(post)) else ""


def hosts_articles(accounts: Iterable[Account]) -> bool:
    return any(channel_of(account).hosts_articles for account in accounts)


def address_of(post: Post, base: str) -> str:
    """Where the article stands: the address of its first version for life, however the title changes."""
    if not base:
        return ""
    first = post.versions.order_by("number").values_list("content__url", flat=True).first()
    return first or article_url(base, post.title, post.ref)


def pictures_of(post: Post) -> list[Asset]:
    chosen = [link.asset for link in post.postpicture_set.select_related("asset")]
    return chosen or [title_card(post)]


def picture(asset: Asset, base: str) -> contract.Picture:
    """The picture as it is kept; its address is the one at which its rendition for the page will stand."""
    facts = (asset.sha256, asset.media_type, asset.width, asset.height, asset.size)
    bare = contract.Picture(*facts, alt=asset.alt, source=asset.source)
    if not base:
        return bare
    try:
        on_page = as_needed(bare, Page.picture_needs, asset.organisation, media())
    except Unfit:  # told for every channel, where the picture is fitted to it
        return bare
    return replace(bare, url=picture_url(base, on_page))


def video_of(post: Post, cover: contract.Picture) -> contract.Video | None:
    asset = post.video
    return contract.Video(asset.sha256, asset.media_type, asset.size, asset.name, cover) if asset else None


def title_card(post: Post) -> Asset:
    """The card is a function of title, body and colour: drawn once, found again by that name."""
    drawn_from = (post.title, post.organisation.short_name, post.organisation.accent)
    name = f"the-{hashlib.sha256(repr(drawn_from).encode()).hexdigest()[:24]}.jpg"
    cards = Asset.objects.filter(organisation=post.organisation, kind=Kind.CARD)  # a file of that name is no card
    known = cards.filter(name=name).first()
    return known or draw_card(post, name)


def draw_card(post: Post, name: str) -> Asset:
    data = card(post.title, post.organisation.short_name, accent=post.organisation.accent)
    facts = inspect(data)
    media().put(data)
    asset, _ = Asset.objects.get_or_create(
        organisation=post.organisation,
        sha256=facts.sha256,
        defaults={
            "kind": Kind.CARD,
            "source": OUR_OWN,
            "people": NOBODY,
            "media_type": facts.media_type,
            "width": facts.width,
            "height": facts.height,
            "size": facts.size,
            "alt": f"Thẻ tiêu đề: {post.title}"[:300],
            "name": name,
        },
    )
    return asset


def schedule_of(post: Post) -> Schedule | None:
    try:
        return post.schedule
    except ObjectDoesNotExist:
        return None
