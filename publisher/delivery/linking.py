"""Closing by the address where something stands: read, held against what was approved, kept as evidence."""

from __future__ import annotations

import hashlib
import re

from django.conf import settings
from django.db import transaction

from campaigns.models import Rendering
from channels.contract import Comparison, Payload, Proof
from channels.errors import ChannelError, Unavailable
from channels.files import Batch
from publisher.delivery import desk
from publisher.delivery.accounts import as_channel_sees, channel_of
from publisher.delivery.desk import NotPossible
from publisher.delivery.desks import desk_of_account
from publisher.delivery.models import Action, Delivery
from publisher.delivery.states import State
from publisher.people.models import Person

LONGEST = 500  # characters of an address (Delivery.permalink)
TOLD = 3  # differences named in the log


def look(delivery: Delivery, link: str) -> Comparison:
    """What stands at `link`, beside what was approved. Calls the other machine: never inside a transaction.

    Raises `NotPossible` when the address cannot be right or nothing could be read.
    """
    desk.only_in(delivery, State.HANDED_OVER)
    if not re.match(r"https?://", link) or len(link) > LONGEST:
        raise NotPossible("Đường dẫn phải bắt đầu bằng https:// và không quá 500 ký tự.")
    rendering = Rendering.objects.get(version=delivery.version, account=delivery.account, digest=delivery.digest)
    payload = Payload(rendering.kind, rendering.body)
    account = delivery.account
    try:
        seen, at = as_channel_sees(account), desk_of_account(account)
        gone = delivery.action == Action.WITHDRAW
        return channel_of(account).compare(link, payload, seen, at, gone=gone)
    except ChannelError as error:
        raise NotPossible(error.message) from error


def close(delivery: Delivery, found: Comparison, *, by: Person, note: str = "") -> None:
    """Closes the delivery with what was found. Where it differs, a person says why it stands so all the same."""
    if not found.same and not note.strip():
        raise NotPossible("Bài trên cổng khác bản đã duyệt: sửa trên cổng rồi đối chiếu lại, hoặc ghi lý do vẫn nhận.")
    page = keep(delivery, found.page)
    with transaction.atomic():
        desk.add_evidence(delivery, Proof("permalink", "Bài trên cổng", found.link), by=by)
        desk.add_evidence(delivery, page, by=by)
        desk.add_evidence(delivery, Proof("note", "Kết quả đối chiếu", told(delivery, found)), by=by)
        desk.settle(delivery, State.DELIVERED, by=by, data={"note": note.strip()}, permalink=found.link)


def close_unseen(delivery: Delivery, link: str, *, by: Person, note: str) -> None:
    """Closes on a person's word where the page could not be read: the log says so."""
    desk.only_in(delivery, State.HANDED_OVER)
    why = desk.needed(note)
    with transaction.atomic():
        desk.add_evidence(delivery, Proof("permalink", "Bài trên cổng, chưa đối chiếu được", link[:LONGEST]), by=by)
        desk.add_evidence(delivery, Proof("note", "Lời người xác nhận", why), by=by)
        desk.settle(delivery, State.DELIVERED, by=by, data={"note": why}, permalink=link[:LONGEST])


def told(delivery: Delivery, found: Comparison) -> str:
    """One line for the log, "" is never said."""
    if delivery.action == Action.WITHDRAW:
        return "Không còn thấy bài." if found.same else f"Còn {len(found.missing)} đoạn của bài trên cổng."
    if found.same:
        return f"Khớp bản đã duyệt: đủ {found.looked_for} đoạn."
    named = "; ".join(f"“{one.approved[:80]}”" for one in found.missing[:TOLD])
    return f"Khác bản đã duyệt {len(found.missing)}/{found.looked_for} đoạn: {named}"


def keep(delivery: Delivery, page: bytes) -> Proof:
    """The page as it was read, under its own digest."""
    sha256 = hashlib.sha256(page).hexdigest()
    path = desk.evidence_root(delivery) / f"{sha256[:16]}-trang-tren-cong.html"
    try:
        with Batch(path.parent) as batch:
            batch.put(path.name, page)
    except Unavailable as error:
        raise NotPossible(f"Chưa lưu được minh chứng. {error.message}") from error
    return Proof("file", "Trang trên cổng lúc đối chiếu", str(path.relative_to(settings.DESK_ROOT)), sha256)
