"""Previews as the console shows them: the channel's own fragment, what it shows visible before it is public."""

from __future__ import annotations

import re

from django.urls import reverse

MARK = 16  # characters of a picture's sha256 that name it in addresses (channels.page.address)

_PUBLIC_PICTURE = re.compile(r'(src|poster)="[^"]*/anh/([0-9a-f]{16})\.[a-z]+"')
_PUBLIC_VIDEO = re.compile(r'(src|href)="[^"]*/video/([0-9a-f]{16})\.mp4"')
_BARE_FIGURE = re.compile(r'(<figure data-sha256="([0-9a-f]{64})">)(?!\s*<img)')
_BARE_VIDEO = re.compile(r'(<figure data-video="([0-9a-f]{64})">)(?!\s*<video)')


def with_pictures(html: str) -> str:
    """Pictures and videos of a fragment from the console itself: no public address stands before publication."""
    local = _PUBLIC_PICTURE.sub(lambda found: f'{found[1]}="{_address("picture", found[2])}"', html)
    local = _PUBLIC_VIDEO.sub(lambda found: f'{found[1]}="{_address("video", found[2])}"', local)
    local = _BARE_FIGURE.sub(lambda found: f'{found[1]}<img src="{_address("picture", found[2])}" alt="">', local)
    return _BARE_VIDEO.sub(lambda found: f"{found[1]}{_player(found[2])}", local)


def _player(sha256: str) -> str:
    return f'<video controls preload="metadata" playsinline src="{_address("video", sha256)}"></video>'


def _address(name: str, sha256: str) -> str:
    return reverse(name, kwargs={"mark": sha256[:MARK]})
