"""The one contract between the publisher and every channel.

A channel turns channel-neutral `Content` into a `Payload` (`shape`, pure), shows it (`preview`, pure) and acts on it
(`send`, `poll`, `reconcile`, `update`, `withdraw`). What is approved is the payload's digest and what is sent is that
very payload, so preview and publication cannot differ.

Errors: see `channels.errors`. Everything here is plain Python: no Django, no database, no clock.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from channels.errors import Unsupported


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by the identity of its bytes. `url` is its public address once the page stands ("" without a page)."""

    sha256: str
    media_type: str  # "image/jpeg" or "image/png"
    width: int  # pixels
    height: int
    size: int  # bytes
    alt: str
    url: str = ""
    source: str = ""  # whom to name beside it
    variants: tuple[Variant, ...] = ()  # made for the channels that ask for them (`PictureNeeds.variants`)


@dataclass(frozen=True, slots=True)
class VariantNeed:
    """One more form of a picture: narrower or newer for browsers (`use` "width"), or cut for shared links ("share")."""

    use: str
    media_type: str  # "image/avif", "image/webp" or "image/jpeg"
    width: int  # pixels; a narrower picture is not made wider
    height: int = 0  # 0: the picture's own proportions; else cut around the focus point


@dataclass(frozen=True, slots=True)
class Variant:
    """A form of a picture as it was made."""

    use: str
    sha256: str
    media_type: str
    width: int
    height: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class PictureNeeds:
    """What a channel takes of a picture; one that does not fit is re-encoded to JPEG before it is approved."""

    media_types: tuple[str, ...] = ("image/jpeg", "image/png")
    most_bytes: int = 0  # 0: no limit
    longest_side: int = 0  # pixels; 0: no limit
    variants: tuple[VariantNeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Video:
    """A video by the identity of its bytes. `cover` is the picture shown before it plays."""

    sha256: str
    media_type: str  # "video/mp4"
    size: int  # bytes
    name: str  # file name, for the vendor
    cover: Picture | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording of the text read aloud, by the identity of its bytes."""

    sha256: str
    media_type: str  # "audio/mpeg"
    size: int  # bytes
    seconds: int


@dataclass(frozen=True, slots=True)
class Publisher:
    """The body in whose name everything is said."""

    name: str
    short_name: str
    slug: str
    address: str = ""
    hotline: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What one post says, before any channel has shaped it. Text is NFC, `body` Markdown (CommonMark, no raw HTML)."""

    ref: str  # stable public id of the post, letters and digits, fixed for life
    title: str
    lead: str
    body: str
    footer: str  # hotline and address line, may be ""
    publisher: Publisher
    url: str = ""  # canonical address of the article on the public page, "" when the body has none
    campaign: str = ""  # title of the campaign
    theme: str = ""  # title of the theme it serves
    pictures: tuple[Picture, ...] = ()
    video: Video | None = None
    sound: Sound | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One configured account as a channel sees it. Secrets never appear in `repr`."""

    ref: str
    kind: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Payload:
    """Exactly what goes out on one account: JSON values only, pictures named by sha256 inside `body`."""

    kind: str
    body: Mapping[str, Any]

    def canonical(self) -> bytes:
        """The bytes that are hashed: sorted keys, no spaces, UTF-8."""
        record = {"kind": self.kind, "body": self.body}
        return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()


@dataclass(frozen=True, slots=True)
class Count:
    """One counter beside a preview: what is counted, how much is used, what the channel allows (None: no limit)."""

    label: str
    used: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The payload as a person reads it: `html` is a sanitised fragment, `text` the same in plain words."""

    html: str
    text: str
    counts: tuple[Count, ...] = ()
    warnings: tuple[str, ...] = ()


class Result(StrEnum):
    """What became of an act, as far as the channel can say. Doubt is an error (`OutcomeUnknown`), not a result."""

    DELIVERED = "delivered"  # it stands in public
    PROCESSING = "processing"  # the remote works on it: `token` asks again
    HANDED_OVER = "handed_over"  # a person or contractor acts now


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence. `kind`: permalink, remote_id, file, document; `value`: address, id, or path under the
    account's root."""

    kind: str
    label: str
    value: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    result: Result
    remote_id: str = ""
    permalink: str = ""
    token: str = ""
    proofs: tuple[Proof, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)  # the vendor's answer, masked


@dataclass(frozen=True, slots=True)
class Remote:
    """A publication that already stands: what `update` and `withdraw` act on."""

    remote_id: str
    permalink: str
    delivery_ref: str  # the delivery that published it
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of a newsletter. `unsubscribe_url` ends the subscription by POST (RFC 8058), by GET it only asks."""

    ref: str  # stable, the same in every issue
    address: str = field(repr=False)
    unsubscribe_url: str = field(repr=False)


class Audience(Protocol):
    """Those who get one delivery, each at most once whatever happens: marked before the call, settled after it."""

    def waiting(self) -> Iterator[Recipient]:
        """Everybody not yet tried."""

    def begin(self, recipient: Recipient) -> bool:
        """Marks, durably, that the message goes out now. False: somebody else had it."""

    def settle(self, recipient: Recipient, state: str, why: str = "") -> None:
        """`state`: sent, refused (for good), waiting (nothing went out: try again) or unknown."""

    def tally(self) -> Mapping[str, int]:
        """How many are in each state."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a channel may use while it acts, handed in by the engine."""

    delivery_ref: str  # stable id of the delivery, the same for every attempt
    due_at: datetime  # aware, in the organisation's zone: names the slot
    now: datetime  # aware
    media: Callable[[str], bytes]  # bytes by sha256; KeyError when unknown
    keep_secrets: Callable[[Mapping[str, str]], None] = lambda renewed: None  # stores renewed credentials before use
    secrets_now: Callable[[], Mapping[str, str]] | None = None  # what is stored now, whoever renewed it
    alone: Callable[[], AbstractContextManager[None]] = nullcontext  # one holder per account across all workers
    slow_down: Callable[[float], None] = lambda seconds: None  # nothing more on this account for so long
    notes: Mapping[str, Any] = field(default_factory=dict)  # what earlier attempts of this delivery kept
    keep_notes: Callable[[Mapping[str, Any]], None] = lambda notes: None  # replaces them, durably, before returning
    after: Remote | None = None  # what stands of the delivery this one waits for
    audience: Audience | None = None  # the readers of a newsletter
    deadline: datetime | None = None  # aware: it may not go out later; None: however late
    sessions_after: Callable[[datetime], Iterator[datetime]] = lambda moment: iter(())  # in which the account may speak
    timeout: tuple[float, float] = (5.0, 30.0)  # seconds: connect, read


@dataclass(frozen=True, slots=True)
class Difference:
    """One approved paragraph that does not stand there, and what does instead ("" where nothing is like it)."""

    approved: str
    standing: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found at an address a person gave, beside what was approved. `missing`: where the two differ."""

    link: str
    looked_for: int  # paragraphs
    missing: tuple[Difference, ...]
    page: bytes = field(repr=False)

    @property
    def same(self) -> bool:
        return not self.missing


class Sign(StrEnum):
    GOOD = "good"
    WARNING = "warning"  # it works, not for long or not wholly
    MISSING = "missing"  # it will not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at while connecting: what, how it stands, and what to do (Vietnamese)."""

    what: str
    sign: Sign
    message: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """What a look at the live account found. `name` is the vendor's name of it; `expires_at` None: never or unknown."""

    findings: tuple[Finding, ...]
    name: str = ""
    expires_at: datetime | None = None

    @property
    def works(self) -> bool:
        return all(finding.sign is not Sign.MISSING for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of an account's form."""

    name: str
    label: str
    required: bool = True
    secret: bool = False
    default: str = ""
    hint: str = ""
    takes_secrets: bool = False  # an address the secrets are sent to: whoever changes it enters them anew


class Channel(ABC):
    kind: ClassVar[str]  # the name in the registry and the database
    label: ClassVar[str]  # the name people read
    automatic: ClassVar[bool] = True  # False: a person or contractor closes the delivery
    follows_page: ClassVar[bool] = False  # the vendor or reader follows a link to the public page, which goes first
    public_files: ClassVar[bool] = False  # what it writes is the organisation's public site
    hosts_articles: ClassVar[bool] = False  # its address of an article is the one everybody links to
    needs_acceptance: ClassVar[bool] = False  # closed only with evidence and acceptance, not by word of mouth
    closed_by_link: ClassVar[bool] = False  # a person gives the address where it stands, which is read and compared
    lead: ClassVar[timedelta] = timedelta(0)  # handed over this long before it is due: people need time to prepare
    repeats: ClassVar[bool] = True  # False: it stands for good, so a recurring post goes there once
    listing_lag: ClassVar[float] = 60.0  # seconds a publication may stay unseen when read back; 0 where files are read
    reads_back: ClassVar[bool] = True  # False: what was sent cannot be looked up, so a doubt goes to a person at once
    looks_by_sending: ClassVar[bool] = False  # True: it looks by sending the same id again, so only what may still go
    can_correct: ClassVar[bool] = True  # False: what stands cannot be changed, and people are told beforehand
    can_withdraw: ClassVar[bool] = True
    follows: ClassVar[str] = ""  # the kind whose publication of the same post must stand first
    through: ClassVar[str] = ""  # the kind of account whose settings and secrets this one borrows
    picture_needs: ClassVar[PictureNeeds] = PictureNeeds()
    asked_settings: ClassVar[tuple[Setting, ...]] = ()

    def problems(self, account: Account) -> list[str]:
        """What keeps this account from working, in the reader's words; empty when it is ready."""
        given = {**account.settings, **account.secrets}
        return [f"Thiếu {s.label}." for s in self.asked_settings if s.required and not given.get(s.name)]

    def check(self, account: Account, desk: Desk) -> Checkup:
        """Looks at the live account: token, rights, expiry. Publishes nothing. Raises `Unavailable` when not reached.

        Where there is no vendor to ask, what is missing in the settings is all there is to find.
        """
        missing = self.problems(account)
        found = [Finding("Cấu hình", Sign.MISSING, words) for words in missing]
        return Checkup(tuple(found) or (Finding("Cấu hình", Sign.GOOD, "Đã đủ thông tin."),))

    @abstractmethod
    def shape(self, content: Content, account: Account) -> Payload:
        """Pure and deterministic. Raises `Unsupported` when this channel cannot carry the content."""

    @abstractmethod
    def preview(self, payload: Payload, account: Account) -> Preview:
        """Pure: the payload as people will see it."""

    @abstractmethod
    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Publishes once. Raises a `ChannelError` that says what may follow."""

    def poll(self, token: str, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Asks again about an act the remote was working on."""
        raise Unsupported(f"Kênh {self.label} không có bước chờ xử lý.")

    @abstractmethod
    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """Looks for a publication whose answer was lost. None: not there (so far). `OutcomeUnknown`: cannot tell."""

    @abstractmethod
    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Puts the corrected payload in the place of what stands. `Unsupported` where a channel cannot."""

    @abstractmethod
    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        """Takes down what stands; what is already gone counts as taken down. `Unsupported` where a channel cannot."""

    def compare(self, link: str, payload: Payload, account: Account, desk: Desk, *, gone: bool = False) -> Comparison:
        """Reads what stands at `link` and holds it against the payload; `gone`: whether it was taken down.

        Only where `closed_by_link`. Raises `Rejected` for an address that cannot be this publication's, `Unavailable`
        when nothing could be read.
        """
        raise Unsupported(f"Kênh {self.label} không đối chiếu bằng đường dẫn.")
