"""The looks an officer may choose from: the organisation's own styles, then every layout in its colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.consent import NOBODY, OUR_OWN
from assets.made.layouts import LAYOUTS
from assets.made.making import Look
from assets.made.models import Style
from assets.models import Asset
from assets.store import Damaged, Missing
from publisher.delivery.shaping import media
from publisher.people.models import Organisation


@dataclass(frozen=True, slots=True)
class Choice:
    key: str  # "7": a style's row; "river": a layout as it is
    label: str
    says: str


def choices(organisation: Organisation) -> list[Choice]:
    own = [Choice(str(one.pk), one.name, LAYOUTS[one.layout].label) for one in styles(organisation)]
    return [*own, *(Choice(one.name, one.label, one.says) for one in LAYOUTS.values())]


def styles(organisation: Organisation) -> list[Style]:
    rows = Style.objects.filter(organisation=organisation, retired_at=None)
    return list(rows.select_related("emblem", "background"))


def look_of(organisation: Organisation, key: str) -> Look:
    """Raises `KeyError` for a key that is none of the organisation's."""
    return look_like(style_of(organisation, key), organisation)


def declared(organisation: Organisation, key: str) -> dict[str, Any]:
    """What is to be written beside a picture of that look: whose it is, and who is seen in its photograph."""
    style = style_of(organisation, key)
    photo = usable(style.background) if LAYOUTS[style.layout].wants_photo else None
    if photo is None:
        return {"source": OUR_OWN, "people": NOBODY}
    told = {name: getattr(photo, name) for name in ("people", "people_note", "children", "children_note")}
    return {"source": f"{OUR_OWN}; ảnh nền: {photo.source}", **told}


def style_of(organisation: Organisation, key: str) -> Style:
    """Raises `KeyError`."""
    if key in LAYOUTS:
        return Style(organisation=organisation, layout=key, accent=organisation.accent)
    found = next((one for one in styles(organisation) if str(one.pk) == key), None)
    if found is None:
        raise KeyError(key)
    return found


def look_like(style: Style, organisation: Organisation) -> Look:
    """What the style leaves open is taken from the organisation."""
    return Look(
        organisation=organisation.short_name,
        layout=style.layout,
        accent=style.accent,
        headline=style.headline,
        footer=style.footer or footer_of(organisation),
        emblem=bytes_of(usable(style.emblem) or organisation.emblem),
        background=bytes_of(usable(style.background)),
    )


def footer_of(organisation: Organisation) -> str:
    return f"Đường dây nóng: {organisation.hotline}" if organisation.hotline else ""


def usable(asset: Asset | None) -> Asset | None:
    """A picture that was retired, or of which something is no longer said, goes out in no other picture either."""
    return None if asset is None or asset.retired_at or asset.missing else asset


def bytes_of(asset: Asset | None) -> bytes:
    """Nothing where the file was lost: the picture is made without it."""
    try:
        return media().get(asset.sha256) if asset else b""
    except (Missing, Damaged):
        return b""
