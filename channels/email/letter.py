"""One letter: headers, the approved words as text and as HTML, and the way out of the list. Pure.

Headers: RFC 5322; names and subjects in RFC 2047 by `email.message`; List-Id: RFC 2919; unsubscribing by one click:
RFC 8058. DKIM, which must cover the List headers, is signed by the mail server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any

from channels.contract import Account, Recipient

CORRECTED = "ĐÍNH CHÍNH: "
CORRECTS = "Thư này thay cho thư chúng tôi đã gửi trước đó về việc này."
BLOCK = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:40em;margin:0 auto;padding:1em"
SMALL = "font-size:13px;color:#555"


def message_id(delivery_ref: str, recipient_ref: str, domain: str) -> str:
    """The same for every try at this letter, so that a copy sent twice can be known for one (RFC 5322 3.6.4)."""
    mark = hashlib.sha256(f"{delivery_ref}\0{recipient_ref}".encode()).hexdigest()[:40]
    return f"<{mark}@{domain}>"


def issue(
    body: Mapping[str, Any],
    account: Account,
    recipient: Recipient,
    delivery_ref: str,
    now: datetime,
    corrects: str = "",
) -> bytes:
    """The letter of a newsletter to one reader. `corrects`: the ref of the delivery whose letter it puts right."""
    sender = str(account.settings["sender"])
    domain, organisation = sender.rpartition("@")[2], body["organisation"]
    letter = _letter(account, organisation["short_name"], recipient.address, now)
    letter["Subject"] = f"{CORRECTED if corrects else ''}{body['subject']}"
    letter["Message-ID"] = message_id(delivery_ref, recipient.ref, domain)
    if corrects:
        letter["In-Reply-To"] = letter["References"] = message_id(corrects, recipient.ref, domain)
    letter["List-Id"] = f"{_quoted(organisation['short_name'])} <{organisation['slug']}.tin.{domain}>"
    letter["List-Unsubscribe"] = f"<{recipient.unsubscribe_url}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(text(body, recipient.unsubscribe_url, bool(corrects)))
    letter.add_alternative(html(body, recipient.unsubscribe_url, bool(corrects)), subtype="html")
    return letter.as_bytes(policy=SMTP)


def note(account: Account, to: str, subject: str, words: str, ref: str, now: datetime) -> bytes:
    """A short letter to one person, for instance to confirm a subscription. `ref` names it for life."""
    letter = _letter(account, "", to, now)
    letter["Subject"] = " ".join(subject.split())
    letter["Message-ID"] = message_id(ref, to, str(account.settings["sender"]).rpartition("@")[2])
    letter.set_content(words)
    return letter.as_bytes(policy=SMTP)


def _letter(account: Account, known_as: str, to: str, now: datetime) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    name = " ".join(str(account.settings.get("sender_name") or known_as or account.name).split())
    letter["From"] = Address(name, addr_spec=str(account.settings["sender"]))
    letter["To"] = Address(addr_spec=to)
    if reply_to := str(account.settings.get("reply_to") or ""):
        letter["Reply-To"] = Address(addr_spec=reply_to)
    letter["Date"] = format_datetime(now)
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in return
    return letter


def _quoted(name: str) -> str:
    """A phrase that needs no encoding, which not every reader undoes in List-Id: ASCII or nothing."""
    return f'"{name}"' if name.isascii() and '"' not in name else ""


def text(body: Mapping[str, Any], unsubscribe_url: str, corrects: bool = False) -> str:
    way_out = f"Bạn nhận thư này vì đã đăng ký nhận tin. Không muốn nhận nữa: {unsubscribe_url}"
    link = f"Đọc trên trang: {body['url']}" if body["url"] else ""
    parts = (CORRECTS if corrects else "", body["title"], body["lead"], body["text"], link, body["footer"])
    return "\n\n".join(part for part in (*parts, f"--\n{body['organisation']['name']}\n{way_out}") if part)


def html(body: Mapping[str, Any], unsubscribe_url: str, corrects: bool = False) -> str:
    """A whole document; its words stand in `article`, which is also the preview."""
    leave = escape(unsubscribe_url)
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(body["subject"])}</title></head>'
        f'<body><div style="{BLOCK}">{f"<p><strong>{CORRECTS}</strong></p>" if corrects else ""}{article(body)}'
        f'<hr><p style="{SMALL}">{escape(body["organisation"]["name"])}<br>Bạn nhận thư này vì đã đăng ký nhận tin. '
        f'<a href="{leave}">Hủy nhận thư</a></p></div></body></html>'
    )


def article(body: Mapping[str, Any]) -> str:
    url = escape(body["url"])
    parts = (
        f"<h1>{escape(body['title'])}</h1>",
        f"<p><strong>{escape(body['lead'])}</strong></p>" if body["lead"] else "",
        "".join(map(_picture, body["pictures"])),
        body["html"],
        f'<p><a href="{url}">Đọc trên trang</a></p>' if url else "",
        f"<p>{escape(body['footer'])}</p>" if body["footer"] else "",
    )
    return "".join(parts)


def _picture(picture: Mapping[str, Any]) -> str:
    return (
        f'<p><img src="{escape(picture["url"])}" alt="{escape(picture["alt"])}" width="600" style="max-width:100%"></p>'
    )
