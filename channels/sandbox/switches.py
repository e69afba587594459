"""The rules of the sandbox that can be turned: either the vendor's real rule is not certain, or a person wants another.

Read at `GET /_switches`, set by `POST /_switches` with a JSON object.
"""

from __future__ import annotations

SWITCHES: dict[str, tuple[int, str]] = {
    "real_permalinks": (
        0,
        "1: permalinks of the real shape (https://www.facebook.com/…), not openable here",
    ),
    "require_proof": (0, "1: Facebook calls without appsecret_proof are refused (an app's own setting)"),
    "refuse_repeats": (0, "1: the same message twice in a row is refused with 506 (the real rule is not certain)"),
    "link_or_media": (1, "1: link and attached_media exclude each other (not certain)"),
    "pending_looks": (1, "how many looks (verify or listing) an article stays in processing"),
    "fetch_pictures": (1, "1: article pictures on loopback hosts are really fetched; other hosts are believed"),
    "strict_json": (1, "1: article calls with a form body are refused (not certain)"),
}
