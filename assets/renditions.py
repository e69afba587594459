"""Pictures made for a channel once and remembered, so that what was shown, approved and sent are the same bytes.

Remembered also against a newer library that would encode otherwise: what was approved keeps its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from assets.fitting import Form, Needs, Picture, VariantNeed, fits, size_of
from assets.models import Asset, Kind, Rendition
from assets.store import Store

Need = TypeVar("Need", bound=VariantNeed)
_REMEMBERED = 64  # forms of some 50 KB: a poster of the province is published by every ward of one installation
_RECENT: dict[tuple[str, str], Form] = {}


def fitted(asset: Asset, needs: Needs, store: Store) -> Asset:
    """The picture itself when it fits, else its rendition. Raises `BadPicture`, `Missing`, `Damaged`, `OSError`."""
    if fits(asset, needs):
        return asset
    return _known(asset, name_of(needs)) or _keep(asset, name_of(needs), _open(asset, store).fit(needs), store)


def varied(asset: Asset, needs: Sequence[Need], store: Store) -> list[tuple[Need, Asset]]:
    """The forms that were asked for, each once: a picture narrower than two of them has one. Raises as `fitted`."""
    wanted = _different(asset, needs)
    known = {name: _known(asset, name) for name in wanted}
    lacking = [need for name, need in wanted.items() if known[name] is None]
    if lacking:
        for name, form in _made(asset, lacking, store).items():
            known[name] = _keep(asset, name, form, store)
    return [(need, made) for name, need in wanted.items() if (made := known[name])]


def _made(asset: Asset, needs: Sequence[Need], store: Store) -> dict[str, Form]:
    """Forms of one opening; those this process made of the same picture for somebody else are not made again."""
    forms, picture = {}, None
    for need in sorted(needs, key=lambda need: -need.width):  # each is made from the next larger
        name = variant_name(need, asset.focus)
        form = _RECENT.get((asset.sha256, name))
        if form is None:
            picture = picture or _open(asset, store, at_least=max(max(need.width, need.height) for need in needs))
            form = _RECENT[asset.sha256, name] = picture.vary(need, asset.focus)
        forms[name] = form
    for oldest in list(_RECENT)[:-_REMEMBERED]:  # of a copy: other threads add theirs meanwhile
        _RECENT.pop(oldest, None)
    return forms


def _different(asset: Asset, needs: Sequence[Need]) -> dict[str, Need]:
    seen, wanted = set(), {}
    for need in needs:
        mark = (need.use, need.media_type, size_of((asset.width, asset.height), need))
        if mark not in seen:
            seen.add(mark)
            wanted[variant_name(need, asset.focus)] = need
    return wanted


def _open(asset: Asset, store: Store, at_least: int = 0) -> Picture:
    return Picture(store.get(asset.sha256), at_least)


def _known(asset: Asset, name: str) -> Asset | None:
    row = Rendition.objects.filter(of=asset, needs=name).select_related("asset").first()
    return row.asset if row else None


def _keep(asset: Asset, name: str, form: Form, store: Store) -> Asset:
    store.put(form.data)
    facts = form.facts
    made, _ = Asset.objects.get_or_create(
        organisation_id=asset.organisation_id,
        sha256=facts.sha256,
        defaults={
            "kind": Kind.RENDITION,
            "media_type": facts.media_type,
            "width": facts.width,
            "height": facts.height,
            "size": facts.size,
            "alt": asset.alt,
            "name": asset.name,
        },
    )
    Rendition.objects.get_or_create(of=asset, needs=name, defaults={"asset": made})
    return made


def name_of(needs: Needs) -> str:
    """`image/jpeg,image/png 1000000 2048`: types, bytes, pixels a side; 0 is no limit."""
    return f"{','.join(sorted(needs.media_types))} {needs.most_bytes} {needs.longest_side}"


def variant_name(need: VariantNeed, focus: tuple[float, float]) -> str:
    """`width image/avif 480`, `share image/jpeg 1200x630 0.500,0.333`: what is cut depends on the focus too."""
    if not need.height:
        return f"{need.use} {need.media_type} {need.width}"
    return f"{need.use} {need.media_type} {need.width}x{need.height} {focus[0]:.3f},{focus[1]:.3f}"
