"""Pictures of a post as each channel takes them, before it shapes its payload: what is approved names these bytes.

What stands at a picture's public address is the rendition for the page; whatever goes out by machine shows those very
bytes, so an address and a digest beside each other never mean two pictures. People who print get the best there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from assets.fitting import fits
from assets.models import Asset
from assets.pictures import BadPicture
from assets.renditions import fitted, varied
from assets.store import Damaged, Missing, Store
from channels import contract
from channels.page import Page
from publisher.people.models import Organisation


class Unfit(Exception):
    """Why a picture cannot be made into what the channel takes, in the officer's words."""


def fit_content(
    content: contract.Content, channel: contract.Channel, organisation: Organisation, store: Store
) -> tuple[contract.Content, tuple[str, ...]]:
    """The content with pictures the channel takes, and a sentence on each that had to be made anew. Raises `Unfit`."""
    pictures = tuple(for_channel(picture, channel, organisation, store) for picture in content.pictures)
    notes = tuple(
        note(before, after)
        for before, after in zip(content.pictures, pictures, strict=True)
        if before.sha256 != after.sha256
    )
    video = content.video
    if video and video.cover:
        video = replace(video, cover=for_channel(video.cover, channel, organisation, store))
    return replace(content, pictures=pictures, video=video), notes


def for_channel(
    picture: contract.Picture, channel: contract.Channel, organisation: Organisation, store: Store
) -> contract.Picture:
    own = best_for(picture, channel, organisation, store)
    return replace(own, variants=variants_of(picture, channel.picture_needs.variants, organisation, store))


def best_for(
    picture: contract.Picture, channel: contract.Channel, organisation: Organisation, store: Store
) -> contract.Picture:
    if picture.url and channel.automatic:
        on_page = as_needed(picture, Page.picture_needs, organisation, store)
        if fits(on_page, channel.picture_needs):
            return on_page
    own = as_needed(picture, channel.picture_needs, organisation, store)
    return own if own.sha256 == picture.sha256 and fits(own, Page.picture_needs) else replace(own, url="")


def as_needed(
    picture: contract.Picture, needs: contract.PictureNeeds, organisation: Organisation, store: Store
) -> contract.Picture:
    if fits(picture, needs):
        return picture
    with told_as_unfit(picture):
        made = fitted(asset_of(picture, organisation), needs, store)
    return replace(
        picture,
        sha256=made.sha256,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        size=made.size,
    )


def variants_of(
    picture: contract.Picture, needs: tuple[contract.VariantNeed, ...], organisation: Organisation, store: Store
) -> tuple[contract.Variant, ...]:
    """The further forms a channel asks for, made from the best there is of the picture."""
    if not needs:
        return ()
    with told_as_unfit(picture):
        made = varied(asset_of(picture, organisation), needs, store)
    return tuple(
        contract.Variant(need.use, one.sha256, one.media_type, one.width, one.height, one.size) for need, one in made
    )


def asset_of(picture: contract.Picture, organisation: Organisation) -> Asset:
    asset = Asset.objects.filter(organisation=organisation, sha256=picture.sha256).first()
    if asset is None:
        raise Unfit(f"Ảnh “{named(picture)}” không còn trong thư viện: hãy bỏ ảnh rồi thêm lại.")
    return asset


def named(picture: contract.Picture) -> str:
    return picture.alt or "không tên"


@contextmanager
def told_as_unfit(picture: contract.Picture) -> Iterator[None]:
    try:
        yield
    except BadPicture as error:
        raise Unfit(f"Ảnh “{named(picture)}”: {error}") from error
    except Missing as error:
        raise Unfit(
            f"Ảnh “{named(picture)}” không còn trong kho: khôi phục từ bản sao lưu, hoặc thêm lại ảnh."
        ) from error
    except Damaged as error:
        raise Unfit(str(error)) from error


def note(before: contract.Picture, after: contract.Picture) -> str:
    named = f"Ảnh “{before.alt}”" if before.alt else "Một ảnh"
    sides = f"{before.width}×{before.height}", f"{after.width}×{after.height}"
    shrunk = f", {sides[0]} còn {sides[1]} điểm" if sides[0] != sides[1] else ""
    return f"{named} đã nén cho kênh này: {weight(before.size)} còn {weight(after.size)}{shrunk}."


def weight(size: int) -> str:
    """`6,1 MB`, `180 KB`."""
    if size < 100_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
