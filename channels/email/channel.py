"""A newsletter: one letter to each reader, through the office's own mail server.

What cannot be read back from a mailbox is kept by ourselves: the audience knows who was written to, so a turn whose end
is not known is taken up again for those waiting alone. Per reader a doubt stays a doubt and is counted in the evidence.
From the first letter on an issue is under way, and can no longer be called off: each further turn is a poll.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import ClassVar

from channels.contract import (
    Account,
    Channel,
    Checkup,
    Content,
    Desk,
    Finding,
    Outcome,
    Payload,
    Preview,
    Recipient,
    Remote,
    Setting,
    Sign,
)
from channels.email import facts, issue, letter, shaping
from channels.email.server import Refused, line_to, place_of, place_problems, takes_sender
from channels.errors import Unauthorized, Unavailable, Unsupported

PUBLISH = "publish"
CORRECT = "correct:"  # followed by the ref of the delivery that is put right


class Email(Channel):
    kind: ClassVar[str] = shaping.KIND
    label: ClassVar[str] = "Thư điện tử"
    follows_page: ClassVar[bool] = True  # letters lead to the article and show its pictures
    listing_lag: ClassVar[float] = 0.0  # our own record of letters, not somebody's listing
    can_withdraw: ClassVar[bool] = False
    asked_settings: ClassVar[tuple[Setting, ...]] = (
        Setting("host", "Máy chủ thư", takes_secrets=True, hint="Ví dụ: smtp.songvang.example"),
        Setting("security", "Mã hóa đường truyền", required=False, default="starttls", hint="starttls hoặc tls."),
        Setting("port", "Cổng", required=False, hint="Để trống: 587 với starttls, 465 với tls."),
        Setting("sender", "Địa chỉ người gửi", hint="Ví dụ: bantin@songvang.example"),
        Setting("sender_name", "Tên người gửi", required=False, hint="Để trống: tên ngắn của đơn vị."),
        Setting("reply_to", "Địa chỉ nhận thư trả lời", required=False),
        Setting("user", "Tên đăng nhập máy chủ thư", required=False),
        Setting("password", "Mật khẩu máy chủ thư", required=False, secret=True),
        Setting(
            "letters_a_turn",
            "Số thư mỗi lần kết nối",
            required=False,
            hint=f"Để trống: {facts.LETTERS_A_TURN}. Hỏi bên cho thuê máy chủ thư nếu họ giới hạn ít hơn.",
        ),
    )

    def problems(self, account: Account) -> list[str]:
        return [*super().problems(account), *place_problems(place_of(account))]

    def check(self, account: Account, desk: Desk) -> Checkup:
        """Greets, secures and signs in, and asks whether the sender is taken. No letter goes out."""
        place = place_of(account)
        return Checkup(tuple(_findings(account, desk)), f"{place.sender} qua {place.host}")

    def shape(self, content: Content, account: Account) -> Payload:
        return shaping.shape(content)

    def preview(self, payload: Payload, account: Account) -> Preview:
        return shaping.preview(payload)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        return _first_turn(payload, account, desk, PUBLISH)

    def poll(self, token: str, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """The next turn of an issue whose readers are more than one turn takes."""
        return _turn(payload, account, desk, token)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """Looks into our own record. None: nobody was written to. Under way: only those who wait still are.

        None as well where it may have gone out as early as it was due: such comes from a restored backup, whose record
        does not know who got the letter since, and whether the others are written to is for a person to say.
        """
        tally, address = issue.audience_of(desk).tally(), str(payload.body["url"])
        if not tally.get("waiting"):
            return issue.delivered(tally, desk.delivery_ref, address)
        known = issue.begun(tally) and since > desk.due_at
        return issue.under_way(tally, desk.delivery_ref, address, PUBLISH) if known else None

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """A letter cannot be changed: a correction is another one, to those who had the first."""
        return _first_turn(payload, account, desk, f"{CORRECT}{remote.delivery_ref}")

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        raise Unsupported("Thư đã gửi không thu hồi được. Nếu nội dung sai, hãy gửi đính chính.", code="letter")


def _first_turn(payload: Payload, account: Account, desk: Desk, what: str) -> Outcome:
    """Under way from the first letter on, also where the server then turns us away: the next turn meets that again."""
    try:
        return _turn(payload, account, desk, what)
    except (Unauthorized, Unavailable):
        tally = issue.audience_of(desk).tally()
        if not issue.begun(tally):
            raise
        return issue.under_way(tally, desk.delivery_ref, str(payload.body["url"]), what)


def _turn(payload: Payload, account: Account, desk: Desk, what: str) -> Outcome:
    corrects = what.removeprefix(CORRECT) if what.startswith(CORRECT) else ""
    write = partial(_issue, payload, account, desk, corrects)
    finished = issue.turn(account, desk, write)
    return issue.result(desk, desk.delivery_ref, str(payload.body["url"]), finished=finished, token=what)


def _issue(payload: Payload, account: Account, desk: Desk, corrects: str, recipient: Recipient) -> bytes:
    return letter.issue(payload.body, account, recipient, desk.delivery_ref, desk.now, corrects)


def _findings(account: Account, desk: Desk) -> Iterator[Finding]:
    place = place_of(account)
    try:
        with line_to(place, desk.timeout) as line:
            signed_in = "Đã đăng nhập." if place.user else "Máy chủ không đòi đăng nhập."
            yield Finding("Kết nối", Sign.GOOD, f"{place.host} trả lời. {signed_in}")
            takes_sender(line, place.sender)
            yield Finding("Người gửi", Sign.GOOD, f"Máy chủ nhận thư từ {place.sender}.")
    except Unauthorized as error:
        yield Finding("Kết nối", Sign.MISSING, error.message)
    except Refused as refusal:
        yield Finding("Người gửi", Sign.MISSING, f"Máy chủ không nhận thư từ {place.sender}: {refusal}")
