"""The episode of a session that was aired, on the organisation's public site."""

from __future__ import annotations

from publisher.airing.models import Bulletin


def put_episode_of(bulletin: Bulletin) -> bool:
    """False where there is nothing to put out: not wanted, not aired, no recording."""
    return False
