"""What a plan says, as values that each know where they were read.

`Reading` is the whole result; `to_json` gives the documented JSON form of it. A value the document does not state
is None (null): it is never guessed. Amounts are integer đồng, dates `datetime.date`, line numbers 1-based.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["tw", "tinh", "huyen", "xa", "so", "khac"]
Role = Literal["purpose", "requirements", "tasks", "themes", "methods", "organisation", "budget", "other"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands. `lines` is first and last line, both included; `raw` the text before normalising;
    `confidence` 0..1 is 1.0 for text read as it stands, less where OCR or a merged column had to be undone."""

    file: str
    page: int | None
    lines: tuple[int, int]
    raw: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """A doubt for a person: stable snake_case `code`, a Vietnamese sentence, the place (None: whole document)."""

    code: str
    message: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    name: str
    level: Level
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """`title` is the last line of `authority` as printed ("PHÓ CHỦ TỊCH"); `name` None when it cannot be read."""

    name: str | None
    title: str | None
    authority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that this one cites. `number` is normalised, `source.raw` is as printed, `mentions` are further
    places of the same part of the plan.
    `repealed_from`/`repealed_by` and `standing` come from the dated data file, not from the plan. `standing` on the
    day of the plan: "dead", "dies_later", "repealed" (the plan's day or that of the repeal is not known),
    "partly_repealed", "uncertain" (nobody could tell us), None where the file knows nothing."""

    kind: str
    number: str | None
    date: dt.date | None
    issuer: str | None
    source: Source
    name: str | None = None
    year: int | None = None
    amended: bool = False
    repealed_from: dt.date | None = None
    repealed_by: str | None = None
    standing: str | None = None
    mentions: tuple[Source, ...] = ()
    replaced: bool = False  # this plan says that it amends or replaces it


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled paragraph and what hangs below it. `title` is its first paragraph without label and final colon,
    `text` all of its own paragraphs; `source` covers `title`, `extent` the item with everything below it.
    `label` is normalised ("đ" for a second "d)"); `raw_label` as printed, None for an unlabelled paragraph."""

    label: str | None
    title: str
    text: str
    children: tuple[Item, ...]
    source: Source
    extent: tuple[int, int]
    raw_label: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """`label` is the Roman or other number as meant ("III" for OCR "I1I"); identity is order and title, not label."""

    label: str | None
    title: str | None
    role: Role
    source: Source
    raw_label: str | None = None
    expected_label: str | None = None
    item_count: int = 0
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """`kind`: page, facebook, zalo, loudspeaker, contracted, event, print, message, video, other.
    `own` False: the plan asks another body (a newspaper, a broadcaster)."""

    name: str
    kind: str
    own: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Audience:
    """A group the plan wants to reach; `channels` are the kinds by which it says so, `rule` is where."""

    name: str
    source: Source
    channels: tuple[str, ...] = ()
    rule: Source | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A form or way of communicating the plan names, with the kinds of channel in it (as `Channel.kind`). `own` False:
    by request to others (newspapers, broadcasters), None where its words tell of neither or of both."""

    label: str | None
    title: str
    kinds: tuple[str, ...]
    own: bool | None
    source: Source
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A body the plan lays duties on, by the heading or the words that name it."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Funding:
    """Where the money is to come from: `origin` as the plan says it, `bearer` whose spending that is (None: all)."""

    origin: str
    bearer: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Target:
    """A demand in numbers. `period`: day, week, month, quarter, half, year, issue (per item) or None;
    `op`: ">=", "<=" or "=". `count` None: no number is written; `implied_count` 1 then says "each period once".
    `count_to` ends a range ("từ 3 đến 5"), `of` is what a percentage is of ("tổ dân phố"). `rivals` are the places in
    `Reading.targets` of demands that say something else of the same thing; `stricter` then tells whether this one is to
    be planned for (None: no rivals). `channel_name` is the channel of that kind which the sentence names before the
    number."""

    text: str
    count: int | None
    unit: str | None
    period: str | None
    op: str
    channel: str | None
    source: Source
    implied_count: int | None = None
    owner: str | None = None
    count_to: int | None = None
    of: str | None = None
    rivals: tuple[int, ...] = ()
    stricter: bool | None = None
    channel_name: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """`date` only where a full day is written; `periods` are all that are named ("2026", "2026-Q2", "2026-03"),
    `period` the first; `due` the last day that fits what is written. All empty where only words stand."""

    raw: str
    date: dt.date | None = None
    period: str | None = None
    periods: tuple[str, ...] = ()
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """`further` are the deadlines stated behind the first."""

    label: str | None
    title: str
    text: str
    source: Source
    owner: str | None = None
    partners: tuple[str, ...] = ()
    deadline: Deadline | None = None
    further: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Payee:
    name: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one source of money bears of a line, by the head of its column."""

    origin: str
    amount: int


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """`note` is what explains the amount in its cell or in a column of notes; `deadline` is `period` understood;
    `origins` only where they add up to the amount."""

    label: str | None
    name: str
    amount: int | None
    payees: tuple[Payee, ...]
    period: str | None
    owner: str | None
    source: Source
    media: str | None = None
    result: str | None = None
    note: str | None = None
    deadline: Deadline | None = None
    origins: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """`sum` of the lines that state an amount; `consistent` False when rows, total and words disagree or some could
    not be read: a person must look. None when there is nothing to compare."""

    currency: str
    lines: tuple[BudgetLine, ...]
    stated_total: int | None
    sum: int | None
    consistent: bool | None
    source: Source
    unit: str | None = None
    unit_factor: int | None = None
    in_words: str | None = None
    in_words_amount: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`period`: week, month, quarter, half, nine_months, year or None ("định kỳ" alone names none). `due` as printed,
    `due_day`/`due_month` what it names, `due_date` where the year stands there too. `to_source` where the addressee
    is named elsewhere than in the duty itself."""

    text: str
    who: str | None
    to: str | None
    period: str | None
    source: Source
    due: str | None = None
    due_day: int | None = None
    due_month: int | None = None
    due_date: dt.date | None = None
    to_source: Source | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote: its own text, kept apart from the sentence it hangs on."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Reading:
    """One plan as read. `sources` gives the place of each scalar by its key ("number", "date", "title", …)."""

    file: str
    format: str
    doc_type: str
    is_plan: bool
    issuer: Issuer | None
    number: str | None
    date: dt.date | None
    title: str | None
    year: int | None
    signer: Signer | None
    symbol: str | None = None
    ocr: bool = False
    title_confidence: float | None = None
    legal_bases: tuple[Reference, ...] = ()
    other_refs: tuple[Reference, ...] = ()
    sections: tuple[Section, ...] = ()
    themes: tuple[Item, ...] = ()
    forms: tuple[Item, ...] = ()
    methods: tuple[Method, ...] = ()
    channels: tuple[Channel, ...] = ()
    audiences: tuple[Audience, ...] = ()
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    duties: tuple[Task, ...] = ()
    responsible_units: tuple[Unit, ...] = ()
    funding: tuple[Funding, ...] = ()
    budget: Budget | None = None
    reports: tuple[Report, ...] = ()
    recipients: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    warnings: tuple[PlanWarning, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)


def to_json(reading: Reading) -> dict[str, Any]:
    """The reading as plain JSON values: ISO dates, lists for tuples, objects with the field names above."""
    value = _plain(reading)
    if not isinstance(value, dict):
        raise TypeError("a reading becomes a JSON object")
    for section in value["sections"]:
        del section["items"]  # themes, tasks and forms carry them
    return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value
