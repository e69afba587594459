"""The rules of the sandbox that can be turned: either the vendor's real rule is not certain, or a person wants another.

Read at `GET /_switches`, set by `POST /_switches` with a JSON object. All are whole numbers.
"""

from __future__ import annotations

FACEBOOK: dict[str, tuple[int, str]] = {
    "real_permalinks": (0, "1: permalinks of the real shape (https://www.facebook.com/…), not openable here"),
    "require_proof": (0, "1: Facebook calls without appsecret_proof are refused (an app's own setting)"),
    "refuse_repeats": (0, "1: the same message twice in a row is refused with 506 (the real rule is not certain)"),
    "repeat_code": (506, "506 or 368: with what a repeated message is refused (both were seen)"),
    "link_or_media": (1, "1: link and attached_media exclude each other (not certain)"),
    "form_truth": (1, '0: "true" and "false" in a form are not understood, only 1 and 0 (not certain)'),
    "message_bytes": (0, "1: the 63,206 of a message are counted in UTF-8 bytes, not code points (not certain)"),
    "latest_days": (30, "how many days ahead a post may be scheduled: the documents say 30 and 75"),
    "scheduled_most": (0, "how many posts may wait for their time, 0: any number (29 was reported once)"),
    "photo_scheduling": (0, "1: /photos takes scheduled_publish_time (documented; refused in the field)"),
    "marked_videos": (0, "1: /videos takes unpublished_content_type=SCHEDULED (made an odd object in the field)"),
    "photo_limit_mb": (10, "largest photo: the documents say 10, the words of the refusal 4"),
    "photo_hours": (24, "life of a photo that hangs in no post (not certain)"),
    "bad_url_code": (324, "324, 1366046 or 100: how a picture address that cannot be read is refused"),
    "missing_token_code": (190, "with what a call without a token is refused (104 and 2500 are possible too)"),
    "swap_photos": (0, "1: attached_media of a live post may be changed (not certain)"),
    "video_looks": (1, "how many looks (status or listing) a video stays in processing"),
    "video_chunk": (1024 * 1024, "bytes of a video that are asked for at a time"),
    "upload_as_person": (0, "1: resumable uploads are refused to a Page token (the documents name a user token)"),
    "listing_lag": (0, "seconds before a new post shows in the listings"),
    "page_token_expires": (0, "epoch seconds at which the Page token dies, 0: never"),
    "page_token_dead": (0, "subcode of 190 that the Page token is refused with (460, 463, 467 …), 0: it lives"),
    "data_access_days": (90, "days until data_access_expires_at, as debug_token tells it"),
    "grant_posts": (1, "0: the token has no pages_manage_posts"),
    "grant_reads": (1, "0: the token has no pages_read_engagement"),
    "grant_video": (1, "0: the token has no publish_video"),
    "task_content": (1, "0: the person has no task CREATE_CONTENT on the Page"),
    "same_app": (1, "0: the posts of the Page were made by another app and cannot be edited"),
    "usage_percent": (0, "what the usage headers tell, 0: no such headers"),
}
ZALO: dict[str, tuple[int, str]] = {
    "pending_looks": (1, "how many looks (verify or listing) an article stays in processing"),
    "fetch_pictures": (1, "1: article pictures on loopback hosts are really fetched; other hosts are believed"),
    "fetch_ms": (3000, "how long a picture or video address may take, for both vendors"),
    "strict_json": (1, "1: article calls with a form body are refused (not certain)"),
    "title_most": (149, "longest title taken: the documents say 150, which was refused"),
    "description_most": (299, "longest description taken: the documents say 300, which was refused"),
    "oa_video_looks": (1, "how many looks a video stays in conversion"),
    "oa_proof": (0, "1: calls without the header appsecret_proof are refused with -242"),
    "oa_verified": (1, "0: the OA is not verified, broadcasts are refused with -221"),
    "oa_disabled": (0, "1: the OA is disabled, every call is refused with -204"),
    "oa_followers": (1200, "people who follow the OA"),
    "refresh_days": (90, "life of a refresh token"),
    "refresh_restarts": (
        1,
        "0: the life of a refresh token runs from the consent, not the rotation (not certain)",
    ),
    "broadcast_month": (
        4,
        "broadcasts a follower may get a month (package Basic 1, Advanced 4, Premium 6; 0: none)",
    ),
    "broadcast_day": (1, "broadcasts a follower may get a day"),
    "broadcast_opens": (6, "hour from which broadcasts are taken"),
    "broadcast_closes": (22, "hour from which they are not"),
    "broadcast_zone": (7, "hours east of Greenwich of those two (not certain)"),
    "moderation_seconds": (1800, "how long a broadcast is looked at before it goes out"),
    "calls_a_minute": (4000, "calls an app may make a minute, more is -32; 0: any number"),
}
SWITCHES = {**FACEBOOK, **ZALO}
