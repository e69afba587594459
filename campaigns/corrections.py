"""A reading as people corrected it. Pure: the reading itself is never changed.

A pointer names a place: "/title", "/issuer/name", "/budget/lines/0/amount", "/themes/1/children/0/title". Places are
those of the reading as it was read and never shift: what is no item after all gets "/themes/1/excluded" true, and what
the reader missed is added as "/themes/+1" or "/themes/1/children/+1", behind the others. Values: `campaigns.fields`.
"""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.fields import EXCLUDED, ITEM_WORDS, ITEMS, SCALARS, BadCorrection, Field
from campaigns.reading import schema

Json = dict[str, Any]
LONGEST = 200
_STEP = r"(?:0|\+?[1-9][0-9]{0,3})"  # one way to write each place: the newest correction of a pointer counts
_ITEM = re.compile(
    r"/(?P<kind>"
    + "|".join(ITEMS)
    + r")(?P<way>(?:/"
    + _STEP
    + r"/children)*)/(?P<at>"
    + _STEP
    + r")(?:/(?P<field>[a-z_/]+))?"
)
_SHAPES = {
    "themes": schema.Item,
    "targets": schema.Target,
    "tasks": schema.Task,
    "duties": schema.Task,
    "reports": schema.Report,
    "channels": schema.Channel,
    "audiences": schema.Audience,
    "budget/lines": schema.BudgetLine,
}
_PARENTS = {"issuer": schema.Issuer, "signer": schema.Signer, "budget": schema.Budget, "deadline": schema.Deadline}


@dataclass(frozen=True, slots=True)
class Place:
    """A pointer taken apart. `kind` is the list ("" for a field of the document), `item` the pointer of the item,
    `name` the field in it ("" for the item itself), `field` what may stand there."""

    pointer: str
    kind: str
    item: str
    name: str
    field: Field

    @property
    def adds(self) -> bool:
        return not self.name

    @property
    def steps(self) -> list[str]:
        return (self.item or "").strip("/").split("/") if self.item else []


def place(pointer: str) -> Place:
    """Raises `BadCorrection` for what nobody may correct."""
    if pointer[:1] == "/" and pointer[1:] in SCALARS:
        return Place(pointer, "", "", pointer[1:], SCALARS[pointer[1:]])
    match = _ITEM.fullmatch(pointer) if len(pointer) <= LONGEST else None
    if match is None or (match["way"] and match["kind"] != "themes"):
        raise BadCorrection(f"Không sửa được mục “{pointer[:60]}” của kết quả đọc.")
    kind, name = match["kind"], match["field"] or ""
    item = f"/{kind}{match['way']}/{match['at']}"
    if not name and match["at"].startswith("+"):
        return Place(pointer, kind, item, "", Field("item", ITEM_WORDS[kind], parts=ITEMS[kind]))
    found = EXCLUDED if name == "excluded" else ITEMS[kind].get(name)
    if found is None:
        raise BadCorrection(f"Không sửa được mục “{pointer[:60]}” của kết quả đọc.")
    return Place(pointer, kind, item, name, found)


def checked(reading: Json, pointer: str, value: Any) -> Any:
    """The value as it is kept. `reading` is the corrected one so far. Raises `BadCorrection`."""
    where = place(pointer)
    around = where.item.rpartition("/")[0] if where.adds else where.item
    if around and find(reading, around.strip("/").split("/")) is None and around.strip("/") not in ITEMS:
        raise BadCorrection(f"Kết quả đọc không có {ITEM_WORDS[where.kind]} này; tải lại trang rồi sửa lại.")
    return where.field.read(value)


def apply(reading: Json, corrections: Iterable[tuple[str, Any]]) -> Json:
    """The reading with `(pointer, value)` corrections, oldest first: the newest of a pointer wins."""
    newest = dict(corrections)
    if not newest:
        return reading
    made = copy.deepcopy(reading)
    places = [place(pointer) for pointer in newest]
    for where in sorted((p for p in places if p.adds), key=lambda p: (p.pointer.count("/"), _number(p))):
        if newest[where.pointer] is not None:
            _add(made, where, newest[where.pointer])
    for where in places:
        if not where.adds:
            _set(made, where, newest[where.pointer])
    if any(pointer.startswith("/budget") for pointer in newest) and made.get("budget"):
        _reckon(made["budget"])
    return made


def value_at(reading: Json, pointer: str) -> Any:
    """What stands at a pointer; None where nothing does."""
    where = place(pointer)
    node: Any = find(reading, where.steps) if where.item else reading
    for step in where.name.split("/") if where.name else ():
        node = node.get(step) if isinstance(node, Mapping) else None
    return bool(node) if where.name == "excluded" else node


def kept(items: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Items without those a person said are none."""
    return [item for item in items if not item.get("excluded")]


def words_of(pointer: str) -> str:
    """The place for a person: "chỉ tiêu 2: số lượng"."""
    where = place(pointer)
    if not where.item:
        return where.field.words
    numbers = [int(step.lstrip("+")) + (not step.startswith("+")) for step in where.steps if step.lstrip("+").isdigit()]
    at = ".".join(map(str, numbers))
    added = " thêm" if "/+" in where.item else ""
    return f"{ITEM_WORDS[where.kind]}{added} {at}" + ("" if where.adds else f": {where.field.words}")


def next_addition(reading: Json, around: str, taken: Iterable[str]) -> str:
    """A free pointer for an item added to the list `around` ("/themes", "/themes/1/children"); `taken` are the
    pointers already used, withdrawn ones too. Raises `BadCorrection`."""
    numbers = [
        int(pointer.rpartition("+")[2]) for pointer in taken if re.fullmatch(re.escape(around) + r"/\+\d+", pointer)
    ]
    pointer = f"{around}/+{max(numbers, default=0) + 1}"
    place(pointer)
    return pointer


def _number(where: Place) -> int:
    return int(where.pointer.rpartition("+")[2])


def find(reading: Any, steps: Sequence[str]) -> Any:
    """The item, or list, the steps of a pointer lead to; None where they lead nowhere."""
    node = reading
    for step in steps:
        if isinstance(node, Mapping):
            node = node.get(step)
        elif step.startswith("+"):
            node = next((item for item in node or () if item.get("added") == step), None)
        else:
            node = node[int(step)] if node is not None and int(step) < len(node) else None
    return node


def _add(reading: Json, where: Place, value: Mapping[str, Any]) -> None:
    *way, mark = where.steps
    if where.kind == "budget/lines" and reading.get("budget") is None:
        reading["budget"] = _blank(schema.Budget) | {"currency": "VND"}
    items = find(reading, way)
    if items is None:
        return  # below an item that was withdrawn
    item = _blank(_SHAPES[where.kind]) | {"added": mark}
    if where.kind == "targets":
        item["op"] = ">="
    for name, given in value.items():
        _put(item, name.split("/"), given)
    if where.kind == "themes":
        item["text"] = item.get("text") or item["title"]
    items.append(item)


def _set(reading: Json, where: Place, value: Any) -> None:
    node = find(reading, where.steps) if where.item else reading
    if node is not None:
        if where.kind == "themes":
            _mark(node, where.name, value)
        _put(node, where.name.split("/"), value)
        if where.name == "deadline/date":
            _put(node, ["deadline", "due"], value)


def _mark(node: Json, name: str, value: Any) -> None:
    """Remembers which words of a theme a person has seen to; a text that only repeats the title follows it."""
    names = {name}
    if name == "title" and "text" not in node.get("corrected", ()) and node.get("text") in ("", node["title"]):
        node["text"] = value
        names.add("text")
    node["corrected"] = sorted({*node.get("corrected", ()), *names})


def _put(node: Json, way: list[str], value: Any) -> None:
    *parents, name = way
    for parent in parents:
        if node.get(parent) is None:
            node[parent] = _blank(_PARENTS[parent])
        node = node[parent]
    node[name] = value


def _blank(shape: Any) -> Json:
    """An item of which nothing is known yet, with every key of its JSON form."""
    empty: Json = {}
    for field in dataclasses.fields(shape):
        several = str(field.type).startswith("tuple")
        stated = None if field.default is dataclasses.MISSING else field.default
        empty[field.name] = [] if several else stated
    return (
        empty
        | ({"raw": ""} if shape is schema.Deadline else {})
        | ({"level": "khac"} if shape is schema.Issuer else {})
    )


def _reckon(budget: Json) -> None:
    """Sum and agreement after a correction, as the reader defines them."""
    amounts = [line["amount"] for line in kept(budget["lines"])]
    stated = [amount for amount in amounts if amount is not None]
    budget["sum"] = sum(stated) if stated else None
    against = budget["stated_total"] if budget["stated_total"] is not None else budget["in_words_amount"]
    budget["consistent"] = None if against is None or not stated else budget["sum"] == against
