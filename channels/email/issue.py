"""Sending one issue to its readers, each at most once whatever happens.

A reader is marked before their letter goes out and settled after it, so a turn that is cut short is taken up where it
ended: only those waiting are tried, and who was being written to at that moment is in doubt and not written to again.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from email.errors import MessageError

from channels.contract import Account, Audience, Desk, Outcome, Proof, Recipient, Result
from channels.email import facts
from channels.email.server import BAD_NAME, Broken, Place, Refused, hand_over, line_to, place_of
from channels.errors import Unauthorized, Unavailable, Unsupported

Letter = Callable[[Recipient], bytes]
SINCE = "deferred_since"  # among the notes: when a server first said "later"
LOST = "Đường truyền đứt sau khi thư đã đi: không rõ máy chủ thư đã nhận chưa."


def audience_of(desk: Desk) -> Audience:
    if desk.audience is None:
        raise Unsupported("Chưa có danh sách người nhận thư cho lượt này.", code="audience")
    return desk.audience


def turn(account: Account, desk: Desk, letter: Letter) -> bool:
    """Writes to those waiting, as many as one turn takes. True: there was time for everybody.

    Raises `Unavailable` where the mail server is not reached, `Unauthorized` where it does not take the sender.
    """
    audience, place = audience_of(desk), place_of(account)
    ends, room = time.monotonic() + sum(desk.timeout), _room(account)
    with ExitStack() as stack:
        line: smtplib.SMTP | None = None
        for recipient in audience.waiting():
            if room == 0 or time.monotonic() > ends:
                return False
            line = line or stack.enter_context(line_to(place, desk.timeout))
            if audience.begin(recipient):
                room -= 1
                if not _write(line, place, audience, recipient, letter, desk):
                    return True  # whoever still waits does so for a new line
    return True


def _room(account: Account) -> int:
    given = str(account.settings.get("letters_a_turn") or "")
    return int(given) if given.isdecimal() and int(given) > 0 else facts.LETTERS_A_TURN


def _write(
    line: smtplib.SMTP, place: Place, audience: Audience, recipient: Recipient, letter: Letter, desk: Desk
) -> bool:
    """One letter, settled. False: the line is gone."""
    try:
        hand_over(line, place.sender, recipient.address, _written(letter, recipient))
    except Broken as broken:
        audience.settle(recipient, *(("unknown", LOST) if broken.doubt else ("waiting", "")))
        return False
    except Refused as refusal:
        if refusal.whole:
            audience.settle(recipient, "waiting", "")
            said = f"Máy chủ thư {place.host} không nhận thư từ {place.sender}: {refusal}"
            raise Unauthorized(said, code=refusal.code) from None
        later = refusal.later and _patient(desk)
        audience.settle(recipient, "waiting" if later else "refused", str(refusal))
    else:
        audience.settle(recipient, "sent")
    return True


def _written(letter: Letter, recipient: Recipient) -> bytes:
    try:
        return letter(recipient)
    except (ValueError, IndexError, MessageError):
        raise Refused(BAD_NAME, b"an address that cannot be written") from None


def _patient(desk: Desk) -> bool:
    """Whether a "later" is still waited for; the first one of the delivery is noted."""
    since = desk.notes.get(SINCE)
    if since is None:
        desk.keep_notes({**desk.notes, SINCE: desk.now.isoformat()})
        return True
    return desk.now - datetime.fromisoformat(str(since)) < timedelta(minutes=facts.PATIENCE_MINUTES)


def result(desk: Desk, remote_id: str, permalink: str, *, finished: bool, token: str) -> Outcome:
    """What a turn came to: under way from the first letter on. Raises `Unavailable` where nobody got one yet."""
    tally = audience_of(desk).tally()
    waiting = tally.get("waiting", 0)
    if waiting and (begun(tally) or not finished):
        return under_way(tally, remote_id, permalink, token)
    if waiting:
        raise Unavailable(
            f"Chưa ai nhận được thư, còn {waiting} người chờ: máy chủ thư bảo gửi lại sau hoặc đường truyền đứt. Hệ "
            f"thống sẽ tự gửi lại cho riêng những người này ({_counted(tally)}).",
            code="waiting",
        )
    return delivered(tally, remote_id, permalink)


def begun(tally: Mapping[str, int]) -> bool:
    """Whether somebody has the letter, or may have it: then it can no longer be called off."""
    return bool(tally.get("sent") or tally.get("unknown"))


def under_way(tally: Mapping[str, int], remote_id: str, permalink: str, token: str) -> Outcome:
    return Outcome(Result.PROCESSING, remote_id, permalink, token=token, detail=dict(tally))


def delivered(tally: Mapping[str, int], remote_id: str, permalink: str) -> Outcome:
    proofs = [Proof("document", "Số thư", _counted(tally)), Proof("remote_id", "Mã số bản tin", remote_id)]
    if permalink:
        proofs.append(Proof("permalink", "Bài trên trang công khai", permalink))
    return Outcome(Result.DELIVERED, remote_id, permalink, proofs=tuple(proofs), detail=dict(tally))


def _counted(tally: Mapping[str, int]) -> str:
    words = {"sent": "đã gửi", "refused": "bị từ chối", "unknown": "không rõ đã tới chưa", "waiting": "còn chờ"}
    told = [f"{tally[state]} {label}" for state, label in words.items() if tally.get(state)]
    return ", ".join(told) or "0: chưa có ai đăng ký nhận thư"
