"""What a truth describes in words → what must show it: a warning, a label as printed, a joined paragraph.

A description none of these fits is listed as such and not counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from campaigns.reading.schema import Item
from tests.plans.comparing import Comparison, Rule, Truth

_TABLE: tuple[tuple[str, str], ...] = (
    (r"\btwo (?:sections )?(?:III|V)\b", "duplicate_label"),
    (r"\bno section IV\b", "duplicate_label"),
    (r"read as d\)", "letter_restored"),
    (r"\(?đ\)? missing", "missing_letter"),
    (r"letterhead garbled", "issuer_needs_confirmation"),
)


def _all(c: Comparison, claim: list[str]) -> None:
    for text in claim:
        at = f"irregularities[{text[:48]}]"
        codes = [code for pattern, code in _TABLE if re.search(pattern, text)]
        for code in dict.fromkeys(codes):
            c.warned(at, text, code)
        checks = [check for pattern, check in _CHECKS if re.search(pattern, text)]
        for check in checks:
            check(c, at, text)
        if not codes and not checks:
            c.describe("irregularities", text)


def _regular(c: Comparison, at: str, text: str) -> None:
    """ "sections regular I..V": no section is told to have another label."""
    c.hold(at, [], [s.expected_label for s in c.reading.sections if s.expected_label])


def _as_printed(c: Comparison, at: str, text: str) -> None:
    """A label quoted as printed is kept as the raw label of some section or item."""
    raws = {(raw or "").strip() for raw in _raw_labels(c)} | {(raw or "").strip(" .)") for raw in _raw_labels(c)}
    for quote in re.findall(r'"([^"\s]{1,5})" (?:for|instead of)|printed "([^"\s]{1,4})"', text):
        wanted = next(q for q in quote if q)
        c.hold(at, wanted, wanted if wanted in raws or wanted.strip(".)") in raws else sorted(raws))


def _raw_labels(c: Comparison) -> Iterator[str | None]:
    for section in c.reading.sections:
        yield section.raw_label
        for item in _walk(section.items):
            yield item.raw_label


def _walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.children)


def _joined(c: Comparison, at: str, text: str) -> None:
    """ "page breaks split sentences (25/27 …)": one paragraph spans both lines."""
    spans = [i.source.lines for s in c.reading.sections for i in _walk(s.items)]
    spans += [sentence.source.lines for sentence in (*c.reading.targets, *c.reading.reports)]
    texts = [(i.extent, i.text) for s in c.reading.sections for i in _walk(s.items)]
    for first, last in re.findall(r"\b(\d+)/(\d+)\b", text):
        a, b = int(first), int(last)
        whole = any(lines[0] <= a and b <= lines[1] for lines in spans)
        c.hold(f"{at} {a}/{b}", True, whole or any(e[0] <= a and b <= e[1] for e, _ in texts))


def _columns(c: Comparison, at: str, text: str) -> None:
    """A table with that many columns whose total was read."""
    wanted = re.search(r"(\d+) columns", text)
    budget = c.reading.budget
    c.hold(at, int(wanted[1]) if wanted else 0, len(budget.columns) if budget and budget.stated_total else None)


def _stray(c: Comparison, at: str, text: str) -> None:
    """Page numbers inside text: on none of these lines does a paragraph consist of the number."""
    alone = [i for s in c.reading.sections for i in _walk(s.items) if i.title.isdigit()]
    c.hold(at, [], [i.title for i in alone])


def _kept(c: Comparison, at: str, text: str) -> None:
    """ "typos kept in source": the words stand in what was read, unchanged."""
    said = " ".join(
        [i.text for s in c.reading.sections for i in _walk(s.items)]
        + [s.raw for s in c.reading.sources.values()]
        + [r.source.raw for r in c.reading.legal_bases]
    )
    for word in re.findall(r'"([^"]+)" \((\d+)\)', text):
        if word[0] in said:
            c.hold(f"{at} {word[0]}", word[0], word[0])
        else:
            c.describe(f"{at} {word[0]}", "stands where no value is read")


def _noisy_numbers(c: Comparison, at: str, text: str) -> None:
    """Every number of a cited document came out in its right letters."""
    numbers = [r.number for r in (*c.reading.legal_bases, *c.reading.other_refs) if r.number]
    c.hold(at, [], [n for n in numbers if re.search(r"(?<![A-ZĐ])(?:ND|Nb|QB|QD)", n)])


_CHECKS: tuple[tuple[str, Callable[[Comparison, str, str], None]], ...] = (
    (r"^sections regular", _regular),
    (r'" (?:for|instead of) |printed "', _as_printed),
    (r"split sentences", _joined),
    (r"\d+ columns", _columns),
    (r"stray page numbers", _stray),
    (r"typos kept", _kept),
    (r"numbers with OCR noise", _noisy_numbers),
)


def misread(truth: Truth) -> dict[str, str]:
    """'TTHC read as "TTTC"/…': what stands in the source → what the truth writes for it."""
    found: dict[str, str] = {}
    for text in truth.get("irregularities", ()):
        match = re.match(r'([A-ZĐ]{3,}) read as "([A-ZĐ]{3,})"', text)
        if match:
            found[match[2]] = match[1]
    return found


RULES: dict[str, Rule] = {"irregularities": _all}
