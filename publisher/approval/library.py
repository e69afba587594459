"""The organisation's pictures: kept once, described before they are used, retired instead of deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from assets.consent import folded
from assets.guarded import cleaned_guarded
from assets.models import Asset, Kind
from assets.pictures import Clean
from campaigns.models import Post, PostPicture, PostVersion
from publisher.delivery.models import Action, Delivery
from publisher.delivery.shaping import media
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.people.models import Organisation, Person

WORDS = ("alt", "source", "people", "people_note", "children", "children_note", "tags")
MOST_WORDS = 6  # of a search


@dataclass(frozen=True, slots=True)
class Kept:
    asset: Asset
    known: bool  # the same picture was there already


def upload(organisation: Organisation, data: bytes, *, by: Person, name: str = "", **words: Any) -> Kept:
    """Cleans a picture in a process of its own and keeps it. Raises `BadPicture`, `OSError`."""
    return keep(organisation, cleaned_guarded(data), data, by=by, name=name, **words)


def keep(
    organisation: Organisation, clean: Clean, original: bytes, *, by: Person | None, name: str = "", **words: Any
) -> Kept:
    """Puts a clean picture into the library, beside the file it was made from. One that is there already stays as it
    is described; what it lacks is taken from `words`."""
    store, found = media(), same(organisation, clean)
    if found is None:
        store.put(clean.data)
        store.put(original)
        try:
            return Kept(add(organisation, clean, by, name, words), known=False)
        except IntegrityError:  # somebody else handed in the same picture at this moment
            found = same(organisation, clean)
            if found is None:
                raise
    if found.sha256 == clean.facts.sha256 and found.sha256 not in store:
        store.put(clean.data)  # it was lost
    return Kept(complete(found, by, name, words), known=True)


def same(organisation: Organisation, clean: Clean) -> Asset | None:
    """The row of the same picture: by its file, by what was kept of it, or by what is seen."""
    rows = Asset.objects.filter(organisation=organisation)
    alike = Q(pixels=clean.pixels) | Q(sha256=clean.facts.sha256) | Q(original_sha256=clean.original.sha256)
    return rows.filter(alike).order_by("pk").first()


@transaction.atomic
def add(organisation: Organisation, clean: Clean, by: Person | None, name: str, words: dict[str, Any]) -> Asset:
    asset = Asset(organisation=organisation, added_by=by, name=name[-200:], **facts_of(clean), **tidied(words))
    asset.folded = asset.search_words()
    asset.save(force_insert=True)
    note(asset, "kept", by, sha256=asset.sha256, original=asset.original_sha256)
    return asset


def facts_of(clean: Clean) -> dict[str, Any]:
    kept, original = clean.facts, clean.original
    return {
        "sha256": kept.sha256,
        "media_type": kept.media_type,
        "width": kept.width,
        "height": kept.height,
        "size": kept.size,
        "original_sha256": original.sha256,
        "original_type": original.media_type,
        "original_size": original.size,
        "pixels": clean.pixels,
    }


def complete(asset: Asset, by: Person | None, name: str, words: dict[str, Any]) -> Asset:
    """A rendition that is handed in as a picture becomes one; nothing that was written is written over."""
    given = {field: value for field, value in tidied(words).items() if value and not getattr(asset, field)}
    if asset.kind == Kind.RENDITION:
        given |= {"kind": Kind.PICTURE, "name": name[-200:] or asset.name, "added_by": by}
    return describe(asset, given, by=by) if given else asset


def tidied(words: dict[str, Any]) -> dict[str, Any]:
    longest = {field.name: field.max_length for field in Asset._meta.fields if field.name in WORDS}
    return {
        field: " ".join(value.split())[: longest.get(field)] if isinstance(value, str) else value
        for field, value in words.items()
    }


@transaction.atomic
def describe(asset: Asset, given: dict[str, Any], *, by: Person | None) -> Asset:
    """Changes what is written beside a picture, or its focus point. Versions that were submitted keep what they had."""
    changed = {field: value for field, value in tidied(given).items() if getattr(asset, field) != value}
    if not changed:
        return asset
    for field, value in changed.items():
        setattr(asset, field, value)
    asset.folded = asset.search_words()
    asset.save(update_fields=[*changed, "folded"])
    told = {field: value for field, value in changed.items() if field in (*WORDS, "focus_x", "focus_y")}
    note(asset, "described", by, **told)
    return asset


@transaction.atomic
def retire(asset: Asset, *, by: Person) -> None:
    """It is offered no more; what is published with it stays, and so do the files."""
    if Asset.objects.filter(pk=asset.pk, retired_at=None).update(retired_at=timezone.now()):
        note(asset, "retired", by)


@transaction.atomic
def bring_back(asset: Asset, *, by: Person) -> None:
    if Asset.objects.filter(pk=asset.pk).exclude(retired_at=None).update(retired_at=None):
        note(asset, "brought_back", by)


def pictures(organisation: Organisation) -> QuerySet[Asset]:
    """The library, `used` telling whether a post has the picture now."""
    rows = Asset.objects.filter(organisation=organisation, kind=Kind.PICTURE, media_type__startswith="image/")
    return rows.annotate(used=Exists(PostPicture.objects.filter(asset=OuterRef("pk"))))


def matching(rows: QuerySet[Asset], text: str) -> QuerySet[Asset]:
    """Those in whose words every word of `text` begins or stands, whatever its diacritics."""
    for word in folded(text).split()[:MOST_WORDS]:
        rows = rows.filter(folded__contains=word)
    return rows


INCOMPLETE = (
    Q(alt="")
    | Q(source="")
    | Q(people="")
    | (Q(people_note="") & ~Q(people="none"))
    | Q(children=True, children_note="")
)  # what `assets.consent.missing` finds, for the database


@dataclass(frozen=True, slots=True)
class Usage:
    post: Post
    deliveries: list[Delivery]  # where it stands in public with this picture


def usage(asset: Asset) -> list[Usage]:
    """The posts that have the picture now or were published with it, newest first."""
    frozen = PostVersion.objects.filter(post__organisation=asset.organisation_id)
    shown = frozen.annotate(text=Cast("content", TextField())).filter(text__contains=asset.sha256)
    stands = Delivery.objects.filter(version__in=shown, state=State.DELIVERED).exclude(action=Action.WITHDRAW)
    deliveries = list(stands.select_related("account", "version").order_by("-pk"))
    by_post: dict[int, list[Delivery]] = {}
    for delivery in deliveries:
        by_post.setdefault(delivery.version.post_id, []).append(delivery)
    linked = PostPicture.objects.filter(asset=asset).values("post")
    posts = Post.objects.filter(Q(pk__in=linked) | Q(pk__in=shown.values("post")), organisation=asset.organisation_id)
    return [Usage(post, by_post.get(post.pk, [])) for post in posts.order_by("-updated_at")]


def still_to_go_out(asset: Asset) -> list[Post]:
    """Posts with the picture that are approved and wait for their hour."""
    waiting = Delivery.objects.filter(organisation=asset.organisation_id, state__in=[State.SCHEDULED, State.QUEUED])
    with_it = Post.objects.filter(pk__in=PostPicture.objects.filter(asset=asset).values("post"))
    unsent = waiting.exclude(action=Action.WITHDRAW).values("version__post")
    return list(with_it.filter(pk__in=unsent).order_by("title", "pk"))


def problems_of_pictures(post: Post) -> list[str]:
    """Why the post's pictures keep it from being submitted, in the officer's words."""
    found = []
    for asset in post.pictures.all():
        if asset.retired_at:
            found.append(f"Ảnh “{asset}” đã ngừng dùng: bỏ ảnh khỏi bài, hoặc dùng lại ảnh trong Thư viện ảnh.")
        elif lacks := asset.missing:
            found.append(f"Ảnh “{asset}” còn thiếu {', '.join(lacks)}: bổ sung trong Thư viện ảnh.")
    return found


def note(asset: Asset, what: str, by: Person | None, **data: object) -> None:
    record(f"picture.{what}", f"asset:{asset.pk}", organisation=asset.organisation, actor=by, data=data)
