"""The recording of a session, beside its sheet."""

from __future__ import annotations

from datetime import datetime

from channels.contract import Account
from channels.loudspeaker.marks import SoundFile


class NoSound(Exception):
    """Why there is no recording, in the reader's words; nothing else fails for it."""


def make_sound(account: Account, slot: datetime) -> SoundFile:
    """Speaks the session with the account's voice and lays the recording beside the sheet. Raises `NoSound`."""
    raise NoSound("Chưa có giọng đọc.")
