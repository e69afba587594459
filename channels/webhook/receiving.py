"""What a receiver does with a call before believing it. docs/webhooks.md shows the same in a language of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channels import signature


def verify(
    given: Mapping[str, str], secrets: Sequence[str], body: bytes, now: float, window: float = signature.WINDOW
) -> bool:
    """Whether a call is ours and fresh.

    `given`: its headers, in any case. `secrets`: all that are good now, two while they change. `body`: the raw bytes.
    `now`: seconds since 1970. `window`: seconds by which the two clocks may differ. Takes the same time for every key.
    """
    found = [signature.verify(given, secret, body, now, window) for secret in secrets if secret]
    return any(found)
