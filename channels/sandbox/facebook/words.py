"""What the Graph API says when it says no, word for word where the words are known.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from channels.sandbox.exchange import Answer, as_json


def refusal(
    code: int,
    message: str,
    *,
    subcode: int = 0,
    status: int = 400,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Answer:
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    trace = "A" + secrets.token_urlsafe(16)[:22]
    return as_json({"error": {**error, **more, "fbtrace_id": trace}}, status, headers)


def gone(method: str, object_id: str) -> Answer:
    verb = {"GET": "get", "POST": "post", "DELETE": "delete"}[method]
    return refusal(
        100,
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        subcode=33,
        type="GraphMethodException",
    )


def invalid(message: str = "Invalid parameter") -> Answer:
    return refusal(100, f"(#100) {message}")


def no_field(name: str, node: str) -> Answer:
    return invalid(f"Tried accessing nonexisting field ({name}) on node type ({node})")


def no_path() -> Answer:
    return refusal(2500, "Unknown path components")


def no_token(code: int = 190) -> Answer:
    return refusal(code, "Invalid OAuth access token.")


def dead_token(subcode: int, since: str) -> Answer:
    said = {
        458: "The user has not authorized application.",
        460: "The session has been invalidated because the user changed their password or Facebook has changed the "
        "session for security reasons.",
        463: f"Session has expired on {since}.",
    }.get(subcode, "The session is invalid.")
    return refusal(190, f"Error validating access token: {said}", subcode=subcode)


def not_the_page() -> Answer:
    return refusal(200, "(#200) Unpublished posts must be posted to a page as the page itself")


def no_permission(name: str) -> Answer:
    return refusal(
        200,
        f"(#200) If posting to a page, requires {name} permission as an admin with sufficient administrative "
        "permission",
    )


def no_reading() -> Answer:
    return refusal(10, "(#10) This endpoint requires the 'pages_read_engagement' permission")


def bad_time() -> Answer:
    return invalid("The specified scheduled publish time is invalid.")


def bad_picture() -> Answer:
    return refusal(
        324,
        "(#324) Missing or invalid image file",
        error_user_msg="Photos should be less than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files",
    )


def bad_picture_address(code: int) -> Answer:
    """The three ways seen in which a picture that cannot be fetched is refused."""
    if code == 1366046:
        return refusal(100, "(#100) Invalid parameter", subcode=1366046)
    return bad_picture() if code == 324 else invalid()
