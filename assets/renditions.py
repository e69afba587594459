"""Pictures fitted to a channel once and remembered, so that what was shown, approved and sent are the same bytes.

Remembered also against a newer library that would encode otherwise: what was approved keeps its digest.
"""

from __future__ import annotations

from assets.fitting import Needs, fit, fits
from assets.models import Asset, Rendition
from assets.pictures import inspect
from assets.store import Store


def fitted(asset: Asset, needs: Needs, store: Store) -> Asset:
    """The picture itself when it fits, else its rendition. Raises `BadPicture`, `Missing`, `Damaged`, `OSError`."""
    if fits(asset, needs):
        return asset
    known = Rendition.objects.filter(of=asset, needs=name_of(needs)).select_related("asset").first()
    return known.asset if known else make(asset, needs, store)


def make(asset: Asset, needs: Needs, store: Store) -> Asset:
    data = fit(store.get(asset.sha256), needs)
    facts = inspect(data)
    store.put(data)
    made, _ = Asset.objects.get_or_create(
        organisation_id=asset.organisation_id,
        sha256=facts.sha256,
        defaults={
            "media_type": facts.media_type,
            "width": facts.width,
            "height": facts.height,
            "size": facts.size,
            "alt": asset.alt,
            "name": asset.name,
        },
    )
    Rendition.objects.get_or_create(of=asset, needs=name_of(needs), defaults={"asset": made})
    return made


def name_of(needs: Needs) -> str:
    """`image/jpeg,image/png 1000000 2048`: types, bytes, pixels a side; 0 is no limit."""
    return f"{','.join(sorted(needs.media_types))} {needs.most_bytes} {needs.longest_side}"
