"""One short letter to one person through the office's mail server."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError

from channels.contract import Account
from channels.email.letter import note
from channels.email.server import Broken, Refused, hand_over, line_to, place_of
from channels.errors import OutcomeUnknown, Rejected, Unavailable


def send_single(
    account: Account, to: str, subject: str, words: str, *, ref: str, now: datetime, timeout: tuple[float, float]
) -> None:
    """Returns when the mail server has taken it. Raises a `ChannelError` that says what became of it."""
    place = place_of(account)
    try:
        letter = note(account, to, subject, words, ref, now)
        with line_to(place, timeout) as line:
            hand_over(line, place.sender, to, letter)
    except (ValueError, IndexError, MessageError):
        raise Rejected("Địa chỉ thư điện tử không đúng dạng.") from None
    except Refused as refusal:
        kind = Unavailable if refusal.later else Rejected
        raise kind(f"Máy chủ thư {place.host} không nhận thư này (mã {refusal.code}).") from None
    except Broken as broken:
        if broken.doubt:
            raise OutcomeUnknown(f"Máy chủ thư {place.host} không trả lời sau khi thư đã đi.") from None
        raise Unavailable(f"Đường truyền tới máy chủ thư {place.host} bị đứt. Thư chưa đi.") from None
