"""What was understood of a plan, in the order a plan has: groups of findings, each with its lines and its corrections.

A finding is one thing the reader found (a theme, a target, a row of the budget); its values are the fields a person may
correct. Built from the corrected reading, so it shows what counts now, and what was read beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.corrections import Place, apply, value_at
from campaigns.deriving import pointers_of, walk
from campaigns.fields import ITEM_WORDS, ITEMS, SCALARS, Field
from campaigns.models import Plan
from publisher.console.value_words import in_words
from publisher.intake.models import Correction

Json = Mapping[str, Any]
MAIN = {
    "themes": "title", "targets": "text", "tasks": "title", "duties": "title", "reports": "text", "channels": "name",
    "audiences": "name", "budget/lines": "name",
}  # fmt: skip
QUIET = {
    "themes": {"label", "text"}, "budget/lines": {"label"}, "channels": {"own"},
    "tasks": {"deadline/period"}, "duties": {"deadline/period"},
}  # fmt: skip  # shown in the title, in the words beside it, or not said
TITLES = {
    "head": "Thể thức văn bản", "bases": "Căn cứ và văn bản nhắc tới", "sections": "Các mục",
    "themes": "Nội dung tuyên truyền", "channels": "Hình thức và kênh", "audiences": "Đối tượng",
    "targets": "Chỉ tiêu", "tasks": "Nhiệm vụ", "duties": "Việc của từng đơn vị", "budget": "Dự toán",
    "reports": "Báo cáo", "recipients": "Nơi nhận",
}  # fmt: skip
ADDS = {
    "themes": "themes", "channels": "channels", "audiences": "audiences", "targets": "targets", "tasks": "tasks",
    "duties": "duties", "budget": "budget/lines", "reports": "reports",
}  # fmt: skip
STANDINGS = {
    "dead": ("bad", "đã hết hiệu lực"),
    "dies_later": ("ask", "hết hiệu lực sau ngày ban hành kế hoạch"),
    "repealed": ("bad", "đã bị bãi bỏ"),
    "partly_repealed": ("ask", "hết hiệu lực một phần"),
    "uncertain": ("ask", "chưa rõ còn hiệu lực không"),
}
Tag = tuple[str, str]  # tone, words


@dataclass(frozen=True, slots=True)
class Value:
    """One correctable field: what stands there now, and what a person said about it."""

    pointer: str
    words: str
    shown: str  # "" where nothing stands
    read: str  # what the reader had, where a person said something else
    correction: Correction | None

    @property
    def changed(self) -> bool:
        return self.correction is not None and self.correction.value != self.correction.read


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing understood. `pointer` is "" for what nobody can correct here; `lines` None where no line says it."""

    anchor: str
    words: str
    title: str
    pointer: str = ""
    label: str = ""
    values: tuple[Value, ...] = ()
    main: Value | None = None
    lines: tuple[int, int] | None = None
    page: int | None = None
    doubtful: bool = False
    excluded: bool = False
    added: bool = False
    exclusion: Correction | None = None
    tags: tuple[Tag, ...] = ()
    notes: tuple[str, ...] = ()
    children: tuple[Finding, ...] = ()

    @property
    def at(self) -> str:
        """The place as an address names it."""
        return self.pointer.removeprefix("/")

    @property
    def below(self) -> str:
        return f"{self.at}/children"

    @property
    def touched(self) -> bool:
        """Whether a person said anything here."""
        values = (self.main, *self.values) if self.main else self.values
        return self.exclusion is not None or self.added or any(value.correction for value in values)


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    findings: tuple[Finding, ...]
    tags: tuple[Tag, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def around(self) -> str:
        """The list to which a person may add what the reader missed; "" for none."""
        return ADDS.get(self.key, "")

    @property
    def adds(self) -> str:
        return ITEM_WORDS[self.around] if self.around else ""

    @property
    def count(self) -> int:
        return sum(1 for _ in standing(self.findings))


@dataclass(frozen=True, slots=True)
class Understanding:
    """A plan as corrected: its groups, and every correction in the order it was made."""

    reading: Json
    groups: tuple[Group, ...]
    corrections: tuple[Correction, ...]

    def group_of(self, where: Place) -> Group:
        key = where.kind.partition("/")[0] or ("budget" if where.name.startswith("budget") else "head")
        return next(group for group in self.groups if group.key == key)

    @property
    def findings(self) -> list[Finding]:
        return [finding for group in self.groups for finding in flat(group.findings)]

    @property
    def standing(self) -> list[Finding]:
        return [finding for group in self.groups for finding in standing(group.findings)]


def understanding(plan: Plan) -> Understanding:
    rows = tuple(plan.corrections.select_related("by").order_by("pk"))
    reading = apply(plan.reading, [(row.pointer, row.value) for row in rows])
    said = Builder(reading, plan.reading, {row.pointer: row for row in rows})
    return Understanding(reading, tuple(said.groups()), rows)


def flat(findings: Sequence[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from flat(finding.children)


def standing(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Without what a person said is none, and without what hangs below that."""
    for finding in findings:
        if not finding.excluded:
            yield finding
            yield from standing(finding.children)


def anchor_of(pointer: str) -> str:
    return "f" + pointer.replace("/+", "/them-").replace("/", "-")


@dataclass(frozen=True, slots=True)
class Builder:
    """Lays one corrected reading out beside what was read."""

    reading: Any
    read: Any
    newest: Mapping[str, Correction]

    def groups(self) -> Iterator[Group]:
        yield Group("head", TITLES["head"], tuple(self.head()))
        yield Group("bases", TITLES["bases"], tuple(self.bases()))
        yield Group("sections", TITLES["sections"], tuple(self.sections()))
        yield Group("themes", TITLES["themes"], tuple(self.themes()))
        yield Group("channels", TITLES["channels"], (*self.methods(), *self.listed("channels")))
        yield Group("audiences", TITLES["audiences"], tuple(self.listed("audiences")))
        yield Group("targets", TITLES["targets"], tuple(self.targets()))
        for kind in ("tasks", "duties"):
            yield Group(kind, TITLES[kind], tuple(self.listed(kind)))
        yield self.budget()
        yield Group("reports", TITLES["reports"], tuple(self.listed("reports")))
        recipients = self.reading.get("recipients") or ()
        yield Group(
            "recipients",
            TITLES["recipients"],
            tuple(Finding(f"f-recipients-{at}", "nơi nhận", name) for at, name in enumerate(recipients)),
        )

    def value(self, pointer: str, field: Field) -> Value:
        correction = self.newest.get(pointer)
        read = in_words(field, correction.read) if correction else ""
        return Value(pointer, field.words, in_words(field, value_at(self.reading, pointer)), read, correction)

    def head(self) -> Iterator[Finding]:
        for name, field in SCALARS.items():
            if not name.startswith("budget"):
                yield self.scalar(name, field)

    def scalar(self, name: str, field: Field) -> Finding:
        pointer = f"/{name}"
        value = self.value(pointer, field)
        source = (self.reading.get("sources") or {}).get(name.split("/")[0])
        if name.startswith("budget"):
            source = (self.reading.get("budget") or {}).get("source")
        found = Finding(anchor_of(pointer), field.words, field.words.capitalize(), pointer, main=value)
        return self.placed(found, source if value.shown else None)

    def placed(self, finding: Finding, source: Json | None) -> Finding:
        """The finding with its place; doubt ends where a person has looked."""
        if not source or not source.get("lines"):
            return finding
        first, last = source["lines"]
        doubt = source.get("confidence", 1.0) < 1 and not finding.touched
        return replace(finding, lines=(first, last), page=source.get("page"), doubtful=doubt)

    def bases(self) -> Iterator[Finding]:
        for key, words in (("legal_bases", "căn cứ"), ("other_refs", "văn bản nhắc tới")):
            for at, cited in enumerate(self.reading.get(key) or ()):
                yield self.placed(self.cited(f"f-{key}-{at}", words, cited), cited.get("source"))

    def cited(self, anchor: str, words: str, cited: Json) -> Finding:
        title = " ".join(filter(None, [cited["kind"], cited.get("number"), cited.get("name")]))
        tags = [STANDINGS[cited["standing"]]] if cited.get("standing") in STANDINGS else []
        if not tags and cited.get("repealed_from"):
            tags.append(STANDINGS["repealed"])
        if cited.get("amended"):
            tags.append(("past", "đã sửa đổi, bổ sung"))
        by = cited.get("repealed_by")
        told = [cited.get("issuer"), cited.get("date") and in_words(SCALARS["date"], cited["date"])]
        notes = [", ".join(filter(None, told)), f"Văn bản thay thế: {by}" if by else ""]
        return Finding(anchor, words, title, tags=tuple(tags), notes=tuple(filter(None, notes)))

    def sections(self) -> Iterator[Finding]:
        for at, section in enumerate(self.reading.get("sections") or ()):
            label, expected = section.get("label") or "", section.get("expected_label")
            tags = (("ask", f"lẽ ra là {expected}"),) if expected and expected != label else ()
            found = Finding(f"f-sections-{at}", "mục", section.get("title") or "(không tên)", label=label, tags=tags)
            yield self.placed(found, section.get("source"))

    def themes(self) -> list[Finding]:
        themes = self.reading.get("themes") or []
        paths = zip(pointers_of(themes), walk(themes), strict=True)
        made = {pointer: self.item("themes", pointer, node, path) for pointer, (path, _, node) in paths}
        below: dict[str, list[str]] = {}
        for pointer in made:
            below.setdefault(pointer.rpartition("/children/")[0], []).append(pointer)
        for pointer in sorted(made, key=lambda one: -one.count("/")):
            children = tuple(made[child] for child in below.get(pointer, ()))
            made[pointer] = replace(made[pointer], children=children)
        return [made[pointer] for pointer in below.get("", ())]

    def listed(self, kind: str) -> Iterator[Finding]:
        node: Any = self.reading
        for step in kind.split("/"):
            node = (node or {}).get(step)
        for at, item in enumerate(node or ()):
            yield self.item(kind, f"/{kind}/{item.get('added') or at}", item, str(at + 1))

    def item(self, kind: str, pointer: str, node: Json, number: str) -> Finding:
        fields, main = ITEMS[kind], MAIN[kind]
        values = {name: self.value(f"{pointer}/{name}", field) for name, field in fields.items()}
        told = [v for name, v in values.items() if name != main and (v.correction or self.says(kind, name, v))]
        found = Finding(
            anchor_of(pointer),
            f"{ITEM_WORDS[kind]} {number}",
            values[main].shown,
            pointer,
            label=node.get("label") or "",
            main=values[main],
            values=tuple(told),
            excluded=bool(node.get("excluded")),
            added=bool(node.get("added")),
            exclusion=self.newest.get(f"{pointer}/excluded"),
            notes=tuple(notes_of(kind, node)),
        )
        return self.placed(found, node.get("source"))

    def says(self, kind: str, name: str, value: Value) -> bool:
        return bool(value.shown) and name not in QUIET.get(kind, ())

    def methods(self) -> Iterator[Finding]:
        for at, method in enumerate(self.reading.get("methods") or ()):
            asked = (("wait", "nhờ đơn vị khác"),) if method.get("own") is False else ()
            found = Finding(
                f"f-methods-{at}", "hình thức", method["title"], label=method.get("label") or "", tags=asked
            )
            yield self.placed(found, method.get("source"))

    def targets(self) -> list[Finding]:
        """Demands that say different things of the same stand one behind the other."""
        nodes, made = self.reading.get("targets") or [], list(self.listed("targets"))
        order: list[int] = []
        for at, node in enumerate(nodes):
            order += [place for place in (at, *node.get("rivals", ())) if place not in order and place < len(nodes)]
        return [replace(made[at], tags=tuple(tags_of(nodes[at]))) for at in order]

    def budget(self) -> Group:
        budget = self.reading.get("budget")
        if not budget:
            return Group("budget", TITLES["budget"], ())
        total = self.scalar("budget/stated_total", SCALARS["budget/stated_total"])
        return Group(
            "budget",
            TITLES["budget"],
            (*self.listed("budget/lines"), total),
            tuple(agreement(budget)),
            tuple(sums(budget)),
        )


def tags_of(target: Json) -> Iterator[Tag]:
    if target.get("rivals"):
        yield "ask", "kế hoạch nói hai cách"
        if target.get("stricter"):
            yield "wait", "mức chặt hơn, dùng để lập lịch"


def notes_of(kind: str, node: Json) -> Iterator[str]:
    """What else was read and is not corrected by itself."""
    if node.get("partners"):
        yield f"Phối hợp: {', '.join(node['partners'])}"
    for payee in node.get("payees") or ():
        amount = in_words(ITEMS["budget/lines"]["amount"], payee["amount"])
        yield f"{payee.get('name') or 'Nơi nhận tiền không ghi tên'}: {amount}"
    if kind == "targets" and node.get("count") is None and node.get("implied_count"):
        yield "Kế hoạch không ghi số; hiểu là mỗi kỳ một lần."
    if node.get("count_to"):
        yield f"Kế hoạch ghi một khoảng, đến {node['count_to']}."


def sums(budget: Json) -> Iterator[str]:
    amount = SCALARS["budget/stated_total"]
    yield f"Cộng các dòng: {in_words(amount, budget.get('sum')) or 'không dòng nào ghi số tiền'}"
    if budget.get("in_words"):
        yield f"Bằng chữ: {budget['in_words']} ({in_words(amount, budget.get('in_words_amount')) or 'không đọc được'})"
    if (budget.get("unit_factor") or 1) != 1:
        yield f"Bảng tính bằng {budget['unit']}; số ở đây đã đổi ra đồng."


def agreement(budget: Json) -> Iterator[Tag]:
    if budget.get("consistent") is True:
        yield "good", "tổng khớp"
    elif budget.get("consistent") is False:
        yield "bad", "tổng không khớp, cần xem"
