"""Previews as the console shows them: the channel's own fragment, its pictures visible before they are public."""

from __future__ import annotations

import re

from django.urls import reverse

MARK = 16  # characters of a picture's sha256 that name it in addresses (channels.page.address)

_PUBLIC_PICTURE = re.compile(r'src="[^"]*/anh/([0-9a-f]{16})\.[a-z]+"')
_BARE_FIGURE = re.compile(r'(<figure data-sha256="([0-9a-f]{64})">)(?!\s*<img)')


def with_pictures(html: str) -> str:
    """Pictures of a fragment from the console itself: their public address does not stand before publication."""
    local = _PUBLIC_PICTURE.sub(lambda found: f'src="{_address(found[1])}"', html)
    return _BARE_FIGURE.sub(lambda found: f'{found[1]}<img src="{_address(found[2][:MARK])}" alt="">', local)


def _address(mark: str) -> str:
    return reverse("picture", kwargs={"mark": mark})
