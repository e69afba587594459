"""How what goes to a webhook is signed, and how its receiver makes sure of it. Pure.

    X-Tincoso-Delivery:  9f2c…                  the same for every try: a receiver drops what it has had
    X-Tincoso-Timestamp: 1763800000             seconds since 1970, of this try
    X-Tincoso-Signature: v1=<hex>[,v1=<hex>]    HMAC-SHA256(secret, timestamp + "." + raw body); two while keys change

The timestamp is signed too, so an old call cannot be played again once the window has passed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

DELIVERY = "X-Tincoso-Delivery"
TIMESTAMP = "X-Tincoso-Timestamp"
SIGNATURE = "X-Tincoso-Signature"
SCHEME = "v1"
WINDOW = 300  # seconds by which the two clocks may differ


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """`v1=<hex>` of one secret."""
    mark = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"{SCHEME}={mark}"


def headers(delivery: str, secrets: Sequence[str], timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one call; `secrets` newest first."""
    return {
        DELIVERY: delivery,
        TIMESTAMP: str(timestamp),
        SIGNATURE: ",".join(signature(secret, timestamp, body) for secret in secrets),
    }


def verify(given: Mapping[str, str], secret: str, body: bytes, now: float, window: float = WINDOW) -> bool:
    """Whether the call is ours and fresh. `given`: its headers, in any case; `now`: seconds since 1970."""
    named = {name.lower(): value for name, value in given.items()}
    try:
        timestamp = int(named[TIMESTAMP.lower()])
    except (KeyError, ValueError):
        return False
    expected = signature(secret, timestamp, body).encode()
    marks = [mark.strip().encode() for mark in named.get(SIGNATURE.lower(), "").split(",")]
    return abs(now - timestamp) <= window and any(hmac.compare_digest(expected, mark) for mark in marks)
