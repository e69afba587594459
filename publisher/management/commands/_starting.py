"""What every command that runs for long does at its start."""

from __future__ import annotations

from django.core.management.base import CommandError

from publisher.config import BadSetting, MissingSecret
from publisher.delivery.secrets import prove_keys
from publisher.following.thread import Followers


def ready_to_run() -> None:
    """Stops with a sentence where the keys in use open nothing of what is stored. Raises `CommandError`."""
    try:
        prove_keys()
    except MissingSecret as error:
        raise CommandError(str(error)) from error


def listening() -> Followers:
    """The thread that tells others what happened. Raises `CommandError` for mail settings that cannot be followed."""
    try:
        return Followers()
    except (BadSetting, MissingSecret) as error:
        raise CommandError(str(error)) from error
