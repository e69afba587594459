"""What a newspaper, a television station, a printer or an organiser does for the office by contract.

    <root>/2026/<delivery>/order.json                        what was ordered, and its revision
    <root>/2026/<delivery>/phieu-dat-hang.txt, .docx         the order; phieu-dat-hang-lan-2 is its first correction
    <root>/2026/<delivery>/anh-1.jpg                         the pictures that go with it
    <root>/2026/<delivery>/phieu-huy.txt, .docx              the cancellation

Evidence and acceptance close the delivery; the engine asks for them, not this channel.
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from channels import files
from channels.contract import (
    Account,
    Channel,
    Content,
    Count,
    Desk,
    Outcome,
    Payload,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
)
from channels.contracted.order import CANCELLATION, Cancellation, Order, picture_name
from channels.errors import Unavailable, Unsupported
from channels.text import nfc, to_text

RECORD = "order.json"
with Path(__file__).with_name("terms.toml").open("rb") as _file:
    _DEFAULTS: dict[str, Any] = tomllib.load(_file)["defaults"]


class Contracted(Channel):
    kind = "contracted"
    lead = timedelta(days=366)  # ordered at once; due is when the partner must have done it
    needs_acceptance = True
    label = "Theo hợp đồng"
    automatic = False
    repeats = False
    listing_lag = 0.0
    asked_settings = (
        Setting("root", "Thư mục phiếu đặt hàng"),
        Setting("partner", "Đơn vị thực hiện", hint="Báo, đài, nhà in hoặc đơn vị tổ chức sự kiện"),
        Setting("what", "Sản phẩm", required=False, default=_DEFAULTS["what"], hint="bài báo, phóng sự, tờ rơi"),
        Setting("contract", "Số hợp đồng", required=False),
        Setting(
            "acceptance",
            "Điều kiện nghiệm thu, mỗi dòng một điều",
            required=False,
            default="\n".join(_DEFAULTS["acceptance"]),
        ),
    )

    def shape(self, content: Content, account: Account) -> Payload:
        lines = [nfc(part).strip() for part in (content.lead, *to_text(content.body).split("\n"), content.footer)]
        text = [line for line in lines if line]
        if not content.title.strip() or not text:
            raise Unsupported("Phiếu đặt hàng cần cả tiêu đề và nội dung.", code="empty")
        given = account.settings
        terms = str(given.get("acceptance") or "").splitlines()
        publisher = content.publisher
        body: dict[str, Any] = {
            "title": nfc(content.title).strip(),
            "text": text,
            "partner": str(given.get("partner") or ""),
            "what": str(given.get("what") or _DEFAULTS["what"]),
            "contract": str(given.get("contract") or ""),
            "acceptance": [term.strip() for term in terms if term.strip()] or list(_DEFAULTS["acceptance"]),
            "publisher": {name: getattr(publisher, name) for name in ("name", "address", "hotline", "email")},
            "pictures": [
                {"sha256": one.sha256, "media_type": one.media_type, "alt": one.alt} for one in content.pictures
            ],
        }
        return Payload(self.kind, body)

    def preview(self, payload: Payload, account: Account) -> Preview:
        body = payload.body
        head = [f"{body['what']}: {body['title']}", f"Đơn vị thực hiện: {body['partner']}"]
        ordered = [f"- {term}" for term in body["acceptance"]]
        paragraphs = [*head, *body["text"], "Điều kiện nghiệm thu", *ordered]
        fragment = "".join(f"<p>{html.escape(words)}</p>" for words in paragraphs)
        words = sum(len(line.split()) for line in body["text"])
        return Preview(fragment, "\n".join(paragraphs), (Count("Chữ", words), Count("Ảnh", len(body["pictures"]))))

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        return _issue(payload, account, desk, desk.delivery_ref, desk.due_at)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        root, folder = _root(account), files.delivery_folder(desk.delivery_ref, desk.due_at)
        record = files.read_json(files.inside(root, f"{folder}/{RECORD}"))
        if record is None or record.get("digest") != payload.digest or record.get("cancelled_at"):
            return None
        outcome = _handed_over(root, folder, _order(record, folder).name)
        if all(proof.sha256 for proof in outcome.proofs):
            return outcome
        return _issue(payload, account, desk, desk.delivery_ref, desk.due_at)  # recorded, but not all of it written

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        return _issue(payload, account, desk, remote.delivery_ref, remote.due_at)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        """The notice is ready; that the contractor stopped or took the work down is for a person to prove."""
        root, folder = _root(account), files.delivery_folder(remote.delivery_ref, remote.due_at)
        with files.locked(root):
            record = files.read_json(files.inside(root, f"{folder}/{RECORD}"))
            if record is None:
                return Outcome(Result.DELIVERED, remote_id=remote.remote_id)
            if not record.get("cancelled_at"):
                record["cancelled_at"] = desk.now.isoformat()
                notice = Cancellation(_order(record, folder), desk.now)
                with files.Batch(root) as batch:
                    _put_paper(batch, folder, notice)
                    batch.put_json(f"{folder}/{RECORD}", record)
            return _handed_over(root, folder, CANCELLATION)


def _issue(payload: Payload, account: Account, desk: Desk, ref: str, due_at: datetime) -> Outcome:
    """The order with its pictures. What is ordered already stays as it is; other words are the next revision."""
    root, folder = _root(account), files.delivery_folder(ref, due_at)
    with files.locked(root):
        record = files.read_json(files.inside(root, f"{folder}/{RECORD}")) or {}
        if record.get("digest") != payload.digest or record.get("cancelled_at"):
            record = {
                "delivery": ref,
                "revision": int(record.get("revision", 0)) + 1,
                "issued_at": desk.now.isoformat(),
                "deadline": due_at.isoformat(),
                "digest": payload.digest,
                "body": dict(payload.body),
            }
        order = _order(record, folder)
        with files.Batch(root) as batch:
            for place, picture in enumerate(payload.body["pictures"], 1):
                name = picture_name(place, picture["media_type"])
                batch.put(f"{folder}/{name}", _picture(desk, picture))
            for ending in (".txt", ".docx"):  # an order issued again is no longer cancelled
                batch.drop(f"{folder}/{CANCELLATION}{ending}")
            _put_paper(batch, folder, order)
            batch.put_json(f"{folder}/{RECORD}", record)
        return _handed_over(root, folder, order.name)


def _picture(desk: Desk, picture: Mapping[str, str]) -> bytes:
    try:
        return desk.media(picture["sha256"])
    except KeyError:
        raise Unsupported(f"Ảnh “{picture['alt']}” không còn trong thư viện: chọn ảnh khác.", code="picture") from None


def _order(record: Mapping[str, Any], folder: str) -> Order:
    try:
        return Order(
            number=str(record["delivery"]),
            revision=int(record["revision"]),
            issued_at=datetime.fromisoformat(record["issued_at"]),
            deadline=datetime.fromisoformat(record["deadline"]),
            body=record["body"],
        )
    except (KeyError, TypeError, ValueError) as error:
        reason = f"Chưa gửi gì: tệp “{folder}/{RECORD}” đã hỏng. Xóa tệp ấy rồi gửi lại."
        raise Unavailable(reason, code="order") from error


def _put_paper(batch: files.Batch, folder: str, paper: Order | Cancellation) -> None:
    batch.put(f"{folder}/{paper.name}.txt", paper.text().encode())
    batch.put(f"{folder}/{paper.name}.docx", paper.docx())


def _root(account: Account) -> Path:
    return Path(str(account.settings["root"]))


def _handed_over(root: Path, folder: str, name: str) -> Outcome:
    papers = ((f"{name}.docx", "Phiếu để ký"), (f"{name}.txt", "Phiếu, bản chữ"))
    proofs = tuple(Proof("file", label, f"{folder}/{one}", files.sha256(root / folder / one)) for one, label in papers)
    return Outcome(Result.HANDED_OVER, remote_id=folder, proofs=proofs, detail={"paper": name})
