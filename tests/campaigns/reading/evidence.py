"""Holds a reading against the text it was read from, by other means than the reader's: every number, date and amount in
its JSON must be written near the lines that it gives as its place.

Knows nothing of how plans are understood; only what a figure, a date and an amount look like in a Vietnamese text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

NEAR = 4  # lines before and behind the cited ones
FAR = 12  # … of a task, whose source is its first sentence, and of a budget
COUNTS = ("count", "count_to", "due_day", "due_month", "quantity")
DATES = ("date", "due_date")
AMOUNTS = ("amount", "price", "unit_price")
_WORDS = (
    "khong", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai",
)  # fmt: skip
_OTHER_WORDS = {"tu": 4, "lam": 5, "nua": 6, "giua": 15}
_CONFUSED = str.maketrans("oql|!isbzg", "0011115829")


def inventions(reading: dict[str, Any], text: str) -> list[str]:
    """What the reading says that the text does not, each as "place: value"; empty when all of it is written."""
    return list(_Check(reading, text).all())


class _Check:
    def __init__(self, reading: dict[str, Any], text: str) -> None:
        self._reading = reading
        self._lines = [_folded(line) for line in re.split(r"\r\n|\r|\n", text)]
        self._ocr = bool(reading.get("ocr"))
        self._whole = self._figures("\n".join(self._lines))

    def all(self) -> Iterator[str]:
        for key in ("number", "date"):
            source = self._reading["sources"].get(key)
            yield from self._node({key: self._reading[key], "source": source}, "")
        if self._reading["year"] and not self._written(self._reading["year"], self._whole):
            yield f"year: {self._reading['year']}"
        yield from self._budget(self._reading["budget"])
        for key, value in self._reading.items():
            if key not in ("budget", "sources", "warnings"):
                yield from self._walk(value, key)

    def _walk(self, value: Any, place: str) -> Iterator[str]:
        if isinstance(value, list):
            for at, one in enumerate(value):
                yield from self._walk(one, f"{place}[{at}]")
        elif isinstance(value, dict):
            if value.get("source"):
                yield from self._node(value, place)
                deadline = value.get("deadline") or {}
                yield from self._node(
                    {"date": deadline.get("date"), "source": value["source"]}, f"{place}.deadline", FAR
                )
            for key, inner in value.items():
                yield from self._walk(inner, f"{place}.{key}")

    def _node(self, node: dict[str, Any], place: str, reach: int = NEAR) -> Iterator[str]:
        """The numbers and dates of one object with a source."""
        near = self._figures(self._near(node.get("source"), reach))
        for key in COUNTS:
            value = node.get(key)
            if isinstance(value, int) and not self._written(value, near):
                yield f"{place}.{key}: {value}"
        if isinstance(node.get("number"), str):
            for run in re.findall(r"\d+", node["number"]):
                if not self._written(int(run), near):
                    yield f"{place}.number: {node['number']}"
        for key in DATES:
            if isinstance(node.get(key), str) and not self._dated(node[key], near):
                yield f"{place}.{key}: {node[key]}"

    def _dated(self, iso: str, near: set[int]) -> bool:
        """Day and month stand near; the year may be said once for the whole plan."""
        year, month, day = map(int, iso.split("-"))
        return self._written(day, near) and self._written(month, near) and self._written(year, self._whole)

    def _budget(self, budget: dict[str, Any] | None) -> Iterator[str]:
        if budget is None:
            return
        around = self._near(budget["source"], FAR)
        for at, line in enumerate(budget["lines"]):
            payees = [payee["amount"] for payee in line.get("payees") or []]
            if payees and line["amount"] is not None and line["amount"] != sum(p or 0 for p in payees):
                yield f"budget.lines[{at}].amount: {line['amount']} is no sum"
            for amount in payees or [line["amount"]]:
                if amount is not None and not _is_amount_in(amount, self._near(line["source"]), around):
                    yield f"budget.lines[{at}].amount: {amount}"
        total, words = budget["stated_total"], budget["in_words"]
        if total is not None and total != budget["in_words_amount"] and not self._is_amount(total, around):
            yield f"budget.stated_total: {total}"
        said = "".join(line for line in self._lines if re.search("[a-z]", line))  # page numbers may stand between
        if words and _squeezed(words) not in _squeezed(said):
            yield f"budget.in_words: {words}"
        amounts = [line["amount"] for line in budget["lines"]]
        if budget["sum"] is not None and None not in amounts and budget["sum"] != sum(amounts):
            yield f"budget.sum: {budget['sum']}"

    def _is_amount(self, amount: int, around: str) -> bool:
        """Near the budget, or in any other sentence of the plan: a total may stand far from its rows."""
        whole = "\n".join(self._lines)
        return _is_amount_in(amount, around, around) or _is_amount_in(amount, whole, whole)

    def _near(self, source: dict[str, Any] | None, reach: int = NEAR) -> str:
        if source is None:
            return ""
        first, last = source["lines"]
        above = self._telling(self._lines[: first - 1][::-1], reach)[::-1]
        return "\n".join([*above, *self._lines[first - 1 : last], *self._telling(self._lines[last:], reach)])

    def _telling(self, lines: list[str], reach: int) -> list[str]:
        """Up to `reach` lines with words: blank lines and page numbers between them take no room."""
        told = 0
        for at, line in enumerate(lines):
            told += bool(re.search("[a-z]", line))
            if told == reach:
                return lines[: at + 1]
        return lines

    def _figures(self, text: str) -> set[int]:
        found = {int(run) for run in re.findall(r"\d{1,18}", text)}
        found |= {int(re.sub(r"[.,\s]", "", run)) for run in re.findall(r"\d{1,3}(?:[.,]\d{3})+", text)}
        found |= {int(run.replace(" ", "")) for run in re.findall(r"\b\d(?: \d){1,3}\b", text)}  # "ngày 1 4"
        for value, word in enumerate(_WORDS):
            if re.search(rf"\b{word}\b", text):
                found.add(value)
        found |= {value for word, value in _OTHER_WORDS.items() if re.search(rf"\b{word}\b", text)}
        if self._ocr:
            blurred = text.translate(_CONFUSED)
            runs = re.findall(r"\d{1,18}", blurred)
            found |= {int(part) for run in runs for part in (run, run[1:], run[:-1]) if part}
        return found

    def _written(self, value: int, figures: set[int]) -> bool:
        return value in figures


def _is_amount_in(amount: int, near: str, around: str) -> bool:
    """Whether a figure stands near that gives the amount in đồng, or in the unit of a table around it."""
    for run in set(re.findall(r"\d[\d.,]*", near)):
        for value in _values(run):
            for factor, word in (
                (1, ""),
                (10**3, "nghin|ngan|1000|1\\.000"),
                (10**6, r"trieu|\btr\b|trd"),
                (10**9, r"ty\b|ti\b"),
            ):
                if abs(value * factor - amount) < 0.5 and re.search(word, around):
                    return True
    return False


def _values(run: str) -> Iterator[float]:
    """What a figure may mean: "1.500" is 1500, "1,5" is 1.5, "1.500,5" is 1500.5."""
    run = run.strip(".,")
    yield float(re.sub(r"[.,]", "", run))
    for point, group in ((",", "."), (".", ",")):
        plain = run.replace(group, "")
        if plain.count(point) == 1:
            yield float(plain.replace(point, "."))


def _folded(text: str) -> str:
    """Letters without marks; a mark that stands on no letter parts what it stands between."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    kept: list[str] = []
    for letter in letters:
        if not unicodedata.combining(letter):
            kept.append(letter)
        elif kept and not kept[-1].isalpha():
            kept.append(" ")
    return "".join(kept)


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _folded(text))
