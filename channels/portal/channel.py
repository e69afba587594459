"""The channel `portal`: an export package for the province's portal, whose CMS offers no interface we know.

    <root>/2026/<delivery>/dang/…          the package (channels.portal.package)
    <root>/2026/<delivery>/sua-<n>/…       that of a correction
    <root>/2026/<delivery>/go/phieu-go-bai.docx
    <root>/2026/<delivery>/goi.json        what was handed over, by whose order, with the digests

A person publishes and pastes the link back; what stands there is then read and held against what was approved.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from channels import files
from channels.contract import (
    Account,
    Channel,
    Comparison,
    Content,
    Count,
    Desk,
    Outcome,
    Payload,
    Picture,
    PictureNeeds,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
)
from channels.errors import OutcomeUnknown, Rejected, Unauthorized, Unavailable, Unsupported
from channels.portal import comparing
from channels.portal.package import SHEET, ZIP, Job, copy_sheet, files_of, page
from channels.remote import Call, address_problem, ask, host
from channels.text import nfc, opening, slug, to_html, to_text

RECORD = "goi.json"
_LIMITS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("portal.toml").read_text("utf-8"))["limits"]
GONE = (404, 410)


class Portal(Channel):
    kind = "portal"
    label = "Trang trên cổng của tỉnh, thành phố"
    automatic = False
    closed_by_link = True
    repeats = False
    lead = timedelta(days=1)  # the editor has a working day to put it in
    listing_lag = 0.0
    picture_needs = PictureNeeds(("image/jpeg", "image/png"), _LIMITS["picture_bytes"], _LIMITS["longest_side"])
    asked_settings = (
        Setting("root", "Thư mục gói đăng bài"),
        Setting("portal", "Tên trang trên cổng", hint="Ví dụ: Trang phường Sông Vàng, Cổng thông tin tỉnh Lạc An"),
        Setting("portal_url", "địa chỉ của trang trên cổng", hint="Ví dụ: https://songvang.lacan.example/"),
        Setting("category", "Chuyên mục trên cổng", required=False, hint="Ví dụ: Tin tức, Tuyên truyền"),
        Setting("author", "Tên tác giả ghi trên cổng", required=False),
    )

    def problems(self, account: Account) -> list[str]:
        given = str(account.settings.get("portal_url") or "")
        wrong = address_problem(given, "Địa chỉ của trang trên cổng") if given else ""
        return super().problems(account) + ([wrong] if wrong else [])

    def shape(self, content: Content, account: Account) -> Payload:
        title, words = nfc(content.title).strip(), to_text(content.body)
        if not title or not (words or content.lead.strip()):
            raise Unsupported("Gói đăng bài cần cả tiêu đề và nội dung.", code="empty")
        given, lead = account.settings, nfc(content.lead).strip()
        body = {
            "title": title,
            "lead": lead,
            "html": to_html(content.body),
            "text": words,
            "footer": nfc(content.footer).strip(),
            "slug": slug(title),
            "description": opening(lead or words, _LIMITS["description"]),
            "keywords": [nfc(one).strip() for one in (content.campaign, content.theme) if one.strip()],
            "category": str(given.get("category") or ""),
            "author": str(given.get("author") or ""),
            "portal": str(given.get("portal") or ""),
            "publisher": {"name": nfc(content.publisher.name).strip()},
            "pictures": [_picture(one) for one in content.pictures],
        }
        return Payload(self.kind, body)

    def preview(self, payload: Payload, account: Account) -> Preview:
        body = payload.body
        shown = page(body).partition("<body>\n")[2].partition("</body>")[0]
        counts = (
            Count("Ký tự trong trích yếu", len(body["lead"]), _LIMITS["summary"]),
            Count("Chữ", len(f"{body['lead']} {body['text']}".split())),
            Count("Ảnh", len(body["pictures"])),
        )
        long = len(body["lead"]) > _LIMITS["summary"]
        told = (
            (f"Trích yếu dài {len(body['lead'])} ký tự: cổng có thể cắt bớt khi hiện trong danh sách.",) if long else ()
        )
        text = "\n\n".join(part for part in (body["title"], body["lead"], body["text"], body["footer"]) if part)
        return Preview(shown, text, counts, told)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        job = Job("publish", desk.delivery_ref, desk.now, desk.due_at)
        return _hand_over(payload, account, desk, files.delivery_folder(desk.delivery_ref, desk.due_at), "dang", job)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        root, folder = _root(account), files.delivery_folder(desk.delivery_ref, desk.due_at)
        record = files.read_json(files.inside(root, f"{folder}/{RECORD}"))
        known = next((p for p in (record or {}).get("packages", ()) if p["digest"] == payload.digest), None)
        if known is None:
            return None
        outcome = _outcome(root, folder, known["name"])
        return outcome if all(proof.sha256 for proof in outcome.proofs) else self.send(payload, account, desk)

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """A package for the correction, which names the link that stands."""
        folder = files.delivery_folder(remote.delivery_ref, remote.due_at)
        job = Job("correct", desk.delivery_ref, desk.now, desk.due_at, remote.permalink)
        return _hand_over(payload, account, desk, folder, f"sua-{desk.delivery_ref}", job)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        """The sheet is ready; that the editor took the article down is for the link to show."""
        root, folder = _root(account), files.delivery_folder(remote.delivery_ref, remote.due_at)
        with files.locked(root):
            record = files.read_json(files.inside(root, f"{folder}/{RECORD}"))
            if record is None:
                return Outcome(Result.DELIVERED, remote.remote_id, remote.permalink)
            first = next((p for p in record["packages"] if p["name"] == "go"), None)
            issued = datetime.fromisoformat(first["issued_at"]) if first else desk.now
            job = Job("withdraw", desk.delivery_ref, issued, issued, remote.permalink)
            with files.Batch(root) as batch:
                batch.put(f"{folder}/go/{SHEET}", copy_sheet(record["body"], job))
                if first is None:
                    record["packages"].append({"name": "go", "digest": "", "issued_at": issued.isoformat()})
                batch.put_json(f"{folder}/{RECORD}", record)
        proof = Proof("file", "Phiếu gỡ bài", f"{folder}/go/{SHEET}", files.sha256(root / folder / "go" / SHEET))
        return Outcome(Result.HANDED_OVER, folder, remote.permalink, proofs=(proof,))

    def compare(self, link: str, payload: Payload, account: Account, desk: Desk, *, gone: bool = False) -> Comparison:
        own = host(str(account.settings.get("portal_url") or ""))
        if host(link) != own:
            raise Rejected(f"Đường dẫn phải là bài trên {own}. Hãy mở bài trên cổng rồi chép địa chỉ.", code="host")
        try:
            reply = ask(Call("GET", link, repeatable=True), desk.timeout)
        except (Unavailable, Unauthorized, OutcomeUnknown) as error:
            why = error.message.removesuffix(" Hệ thống sẽ tự thử lại.")
            raise Unavailable(f"Chưa mở được bài trên cổng. {why}", code="transport") from None
        if gone and reply.status in GONE:
            return Comparison(link, len(comparing.paragraphs(payload.body)), (), reply.body)
        if reply.status != 200:
            raise Unavailable(
                f"Cổng trả lời mã {reply.status} cho đường dẫn này: chưa thấy bài.", code=str(reply.status)
            )
        held = comparing.gone if gone else comparing.compare
        return held(payload.body, reply.body, link, reply.headers.get("content-type", ""))


def _hand_over(payload: Payload, account: Account, desk: Desk, folder: str, name: str, job: Job) -> Outcome:
    """Writes the package and its note. One that stands is left as it was: the day on its sheet is that of the first."""
    root = _root(account)
    with files.locked(root):
        record = files.read_json(files.inside(root, f"{folder}/{RECORD}")) or {"packages": []}
        before = next((p for p in record["packages"] if p["name"] == name and p["digest"] == payload.digest), None)
        issued = datetime.fromisoformat(before["issued_at"]) if before else job.issued_at
        made = _made(payload, desk, Job(job.act, job.number, issued, job.due_at, job.link))
        others = [p for p in record["packages"] if p["name"] != name]
        note = {"name": name, "digest": payload.digest, "issued_at": issued.isoformat()}
        with files.Batch(root) as batch:
            for file, data in made.items():
                batch.put(f"{folder}/{name}/{file}", data)
            batch.put_json(f"{folder}/{RECORD}", {"packages": [*others, note], "body": dict(payload.body)})
    return _outcome(root, folder, name, job.link)


def _made(payload: Payload, desk: Desk, job: Job) -> Mapping[str, bytes]:
    try:
        return files_of(payload.body, job, desk.media)
    except KeyError:
        raise Unsupported("Một ảnh của bài không còn trong thư viện: chọn ảnh khác.", code="picture") from None


def _outcome(root: Path, folder: str, name: str, link: str = "") -> Outcome:
    named = ((ZIP, "Gói đăng bài"), (SHEET, "Phiếu đăng bài"))
    proofs = tuple(
        Proof("file", label, f"{folder}/{name}/{file}", files.sha256(root / folder / name / file))
        for file, label in named
    )
    return Outcome(Result.HANDED_OVER, folder, link, proofs=proofs, detail={"package": name})


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "alt": nfc(picture.alt).strip(),
        "source": nfc(picture.source).strip(),
        "width": picture.width,
        "height": picture.height,
        "media_type": picture.media_type,
    }


def _root(account: Account) -> Path:
    return Path(str(account.settings["root"]))
