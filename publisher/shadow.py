"""Refuses to start when another package answers to one of our four names.

`channels` is also the import name of a well-known distribution; were it imported in place of ours, posts would go
nowhere without a sound.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

ROOMS = ("publisher", "channels", "campaigns", "assets")


class ShadowedImport(ImportError):
    """One of our names belongs to somebody else here; the message says whose and what to do."""


HERE = Path(__file__).resolve().parent.parent


def refuse_shadowed_imports(root: Path = HERE) -> None:
    """Raises `ShadowedImport` unless every room comes from the checkout at `root`."""
    for name in ROOMS:
        place = Path(import_module(name).__file__ or "").resolve()
        if root not in place.parents:
            raise ShadowedImport(
                f"Gói '{name}' được nạp từ {place.parent} chứ không phải từ {root}. "
                f"Gỡ gói trùng tên khỏi {sys.prefix} rồi chạy lại."
            )
