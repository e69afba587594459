"""Two plans held against each other: what the newer one added, dropped, reworded and changed. Pure.

Contents are matched by the likeness of their titles and by their order, never by their labels: plans renumber freely.
Both arguments are readings in JSON form, corrected where people corrected them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from rapidfuzz import fuzz

from campaigns.corrections import kept
from campaigns.deriving import pointers_of, walk
from campaigns.headlines import fold, headline

FLOOR = 0.72  # likeness of two titles below which they are two contents
CONTAINED = 0.9  # of what has all words of the other and more
Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a diff: kind "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """A theme as it stands in one of the plans; `parent` is the path of the theme above it."""

    path: str
    pointer: str
    title: str
    text: str
    parent: str | None
    source: Json | None


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """`change`: "same", "reworded", "added" or "removed". `words` is the diff of a reworded one."""

    change: str
    old: Content | None
    new: Content | None
    words: tuple[Piece, ...] = ()

    @property
    def renumbered(self) -> bool:
        return bool(self.old and self.new) and self.old.path != self.new.path  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: `field` is its Vietnamese name."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A target, budget line, task, channel or audience: places in both readings (None: not there), its words, and
    what differs. `change`: "same", "changed", "added" or "removed"."""

    change: str
    old: int | None
    new: int | None
    words: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    themes: tuple[ThemeChange, ...]
    targets: tuple[ItemChange, ...]
    lines: tuple[ItemChange, ...]
    tasks: tuple[ItemChange, ...]
    channels: tuple[ItemChange, ...]
    audiences: tuple[ItemChange, ...]
    facts: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many themes are "same", "reworded", "added", "removed"."""
        return {kind: sum(t.change == kind for t in self.themes) for kind in ("same", "reworded", "added", "removed")}


def compare(old: Json, new: Json) -> Comparison:
    """What `new` changes of `old`. In the order of `new`; what was removed stands last."""
    return Comparison(
        themes=tuple(theme_changes(contents(old), contents(new))),
        targets=tuple(items(old, new, lambda r: r.get("targets", []), "text", TARGET)),
        lines=tuple(items(old, new, lambda r: (r.get("budget") or {}).get("lines", []), "name", LINE)),
        tasks=tuple(items(old, new, lambda r: r.get("tasks", []), "title", TASK)),
        channels=tuple(items(old, new, lambda r: r.get("channels", []), "name", CHANNEL)),
        audiences=tuple(items(old, new, lambda r: r.get("audiences", []), "name", ())),
        facts=tuple(differing(old, new, FACTS)),
    )


TARGET = (
    ("số lượng", ("count",)), ("mức", ("op",)), ("đơn vị tính", ("unit",)), ("kỳ", ("period",)), ("kênh", ("channel",)),
)  # fmt: skip
LINE = (("số tiền", ("amount",)), ("tên", ("name",)), ("thời gian", ("period",)), ("đơn vị", ("owner",)))
TASK = (("đơn vị chủ trì", ("owner",)), ("thời hạn", ("deadline", "raw")), ("ngày đến hạn", ("deadline", "date")))
CHANNEL = (("loại kênh", ("kind",)), ("kênh của đơn vị", ("own",)))
FACTS = (
    ("số, ký hiệu", ("number",)), ("ngày ban hành", ("date",)), ("trích yếu", ("title",)), ("năm", ("year",)),
    ("cơ quan ban hành", ("issuer", "name")), ("người ký", ("signer", "name")),
    ("tổng dự toán", ("budget", "stated_total")),
)  # fmt: skip


def contents(reading: Json) -> list[Content]:
    """The themes of a reading in order, without those a person said are none."""
    found, excluded = [], set()
    for pointer, (path, parent, node) in zip(pointers_of(reading["themes"]), walk(reading["themes"]), strict=True):
        if node.get("excluded") or parent in excluded:
            excluded.add(path)
            continue
        found.append(Content(path, pointer, node["title"], node.get("text") or "", parent, node.get("source")))
    return found


def theme_changes(old: Sequence[Content], new: Sequence[Content]) -> Iterator[ThemeChange]:
    pairs = paired(old, new)
    before = {there.path: here for here, there in pairs}
    for content in new:
        known = before.get(content.path)
        yield told(known, content) if known else ThemeChange("added", None, content)
    gone = {here.path for here, _ in pairs}
    yield from (ThemeChange("removed", content, None) for content in old if content.path not in gone)


def told(old: Content, new: Content) -> ThemeChange:
    here, there = f"{old.title}\n{rest(old)}".strip(), f"{new.title}\n{rest(new)}".strip()
    if here.split() == there.split():
        return ThemeChange("same", old, new)
    return ThemeChange("reworded", old, new, tuple(diff(here, there)))


def rest(content: Content) -> str:
    """The text below the title, where it does more than repeat it."""
    return content.text.removeprefix(content.title)


def paired(old: Sequence[Content], new: Sequence[Content]) -> list[tuple[Content, Content]]:
    """Top-level themes first, then what hangs below a pair among itself, then whatever is left on both sides."""
    tops = matched([c for c in old if not c.parent], [c for c in new if not c.parent], title_of)
    pairs, queue = list(tops), list(tops)
    while queue:
        here, there = queue.pop(0)
        below = matched([c for c in old if c.parent == here.path], [c for c in new if c.parent == there.path], title_of)
        pairs += below
        queue += below
    used, taken = {here.path for here, _ in pairs}, {there.path for _, there in pairs}
    return pairs + matched([c for c in old if c.path not in used], [c for c in new if c.path not in taken], title_of)


def title_of(content: Content) -> str:
    return content.title


def matched(old: Sequence[T], new: Sequence[T], words: Callable[[T], str]) -> list[tuple[T, T]]:
    """Pairs that are alike, the likest first, of equals the one nearest in order; each side at most once."""
    here, there = [plain(words(item)) for item in old], [plain(words(item)) for item in new]
    likely = ((-likeness(one, other), abs(i - j), i, j) for i, one in enumerate(here) for j, other in enumerate(there))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(entry for entry in likely if entry[0] <= -FLOOR):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return [(old[i], new[j]) for i, j in sorted(pairs.items())]


def plain(words: str) -> str:
    return " ".join(fold(headline(words) or words).split())


def likeness(one: str, other: str) -> float:
    """0 to 1. One that only adds words to the other is still it."""
    if one == other:
        return 1.0
    return max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other) * CONTAINED) / 100


def diff(old: str, new: str) -> Iterator[Piece]:
    """The change word by word."""
    here, there = old.split(), new.split()
    for kind, a, b, c, d in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", " ".join(here[a:b]))
            continue
        if a < b:
            yield Piece("removed", " ".join(here[a:b]))
        if c < d:
            yield Piece("added", " ".join(there[c:d]))


Way = tuple[str, tuple[str, ...]]


def items(
    old: Json, new: Json, listed: Callable[[Json], Sequence[Json]], words: str, fields: Iterable[Way]
) -> Iterator[ItemChange]:
    """The changes of one list; places count from 0 in the whole list, excluded items included."""
    here, there = numbered(listed(old)), numbered(listed(new))
    pairs = matched(here, there, lambda entry: str(entry[1][words]))
    before = {to[0]: was for was, to in pairs}
    for at, item in there:
        was = before.get(at)
        changes = tuple(differing(was[1], item, fields)) if was else ()
        change = "added" if was is None else "changed" if changes else "same"
        yield ItemChange(change, was[0] if was else None, at, str(item[words]), changes)
    gone = {was[0] for was, _ in pairs}
    yield from (ItemChange("removed", at, None, str(item[words])) for at, item in here if at not in gone)


def numbered(listed: Sequence[Json]) -> list[tuple[int, Json]]:
    standing = {id(item) for item in kept(listed)}
    return [(at, item) for at, item in enumerate(listed) if id(item) in standing]


def differing(old: Json, new: Json, fields: Iterable[Way]) -> Iterator[Change]:
    for name, way in fields:
        here, there = at(old, way), at(new, way)
        if here != there:
            yield Change(name, here, there)


def at(node: Any, way: Sequence[str]) -> Any:
    for step in way:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node
