"""What a truth claims of the document itself: identity, cited documents, sections, themes, tasks, forms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from campaigns.reading.labels import LETTERS
from campaigns.reading.schema import Item, Reference, Section
from tests.plans.comparing import Comparison, Rule
from tests.plans.sameness import exact, named, plain, quoted


def same_day(wanted: str | None, found: dt.date | None, ocr: bool = False) -> bool:
    return (str(wanted) if wanted else None) == (found.isoformat() if found else None)


def _attribute(name: str, same: Any = exact) -> Rule:
    return lambda c, claim: c.hold(name, claim, getattr(c.reading, name), same)


def _of_issuer(key: str, name: str, same: Any = exact) -> Rule:
    return lambda c, claim: c.hold(key, claim, getattr(c.reading.issuer, name, None), same)


def _raw(key: str, name: str) -> Rule:
    """As printed: the source of the value, ** marks and white space aside; none where nothing was read."""

    def rule(c: Comparison, claim: str | None) -> None:
        source = c.reading.sources.get(name) if getattr(c.reading, name) is not None else None
        found = source.raw if source else None
        c.hold(key, claim, found, quoted if claim else exact)

    return rule


def _signer(c: Comparison, claim: dict[str, Any]) -> None:
    signer = c.reading.signer
    c.hold("signer.authority", claim.get("authority", []), list(signer.authority) if signer else None)
    c.hold("signer.name", claim.get("name"), signer.name if signer else None)
    if "note" in claim:
        c.warned("signer.note", claim["note"], "missing_signer")


def _references(key: str) -> Rule:
    def rule(c: Comparison, claim: list[dict[str, Any]]) -> None:
        found = list(getattr(c.reading, key))
        named_only = [r.name for r in found if r.number is None and not any(w["number"] is None for w in claim)]
        c.hold(f"{key}.count", len(claim), len(found) - len(named_only))
        if named_only:
            c.unclaimed(f"{key}: laws cited by name", named_only)
        for wanted in claim:
            same = [r for r in found if r.number == wanted["number"] and r.kind == wanted["kind"]]
            _reference(c, f"{key}[{wanted['number'] or wanted['kind']}]", wanted, same[0] if same else None)

    return rule


def _reference(c: Comparison, at: str, wanted: dict[str, Any], found: Reference | None) -> None:
    c.hold(f"{at}.number", wanted["number"], found.number if found else "not read")
    if found is None:
        return
    rules: dict[str, Any] = {
        "kind": (found.kind, exact),
        "date": (found.date, same_day),
        "issuer": (found.issuer, plain),
        "year": (found.year, exact),
        "amended": (found.amended, exact),
        "raw": ([s.raw for s in (found.source, *found.mentions)], _one_raw),
        "name": (found.name, plain),
    }
    for key in (k for k in wanted if k in rules):
        c.hold(f"{at}.{key}", wanted[key], *rules[key])
    if "date_raw" in wanted:
        said = [w.source.raw for w in c.reading.warnings if w.code == "invalid_date" and w.source]
        c.hold(f"{at}.date_raw", wanted["date_raw"], next((s for s in said if wanted["date_raw"] in s), None), quoted)
    if "note" in wanted:
        _note(c, f"{at}.note", wanted["note"], found)


def _one_raw(wanted: str, found: list[str], _: bool) -> bool:
    """One of the forms the truth quotes is one of the printed forms that were read."""
    return any(plain(one, raw) for one in wanted.split("|") for raw in found)


# What a note on a cited document speaks of → the warning that must stand at it.
_NOTES = (
    ("repealed from", "legal_base_repealed_later"),
    ("invalid", "invalid_date"),
    ("conflict", "conflicting_dates"),
    ("source inconsistency", "doubtful_year"),
)


def _note(c: Comparison, at: str, note: str, found: Reference) -> None:
    if broken := re.search(r"broken across lines (\d+)-(\d+)", note):
        c.hold(at, (int(broken[1]), int(broken[2])), found.source.lines)
        return
    code = next((code for words, code in _NOTES if words in note), None)
    if code is None:
        c.describe(at, note)
        return
    number = found.number or ""
    said = [w for w in c.reading.warnings if w.code == code and number in w.message]
    c.hold(at, code, said[0].code if said else None)


def _sections(c: Comparison, claim: list[dict[str, Any]]) -> None:
    c.hold("sections.count", len(claim), len(c.reading.sections))
    for order, (wanted, found) in enumerate(zip(claim, c.reading.sections, strict=False), 1):
        _section(c, f"sections[{order}]", wanted, found)


def _section(c: Comparison, at: str, wanted: dict[str, Any], found: Section) -> None:
    rules: dict[str, Any] = {
        "label": (found.label, plain),
        "raw_label": ((found.raw_label or "").rstrip("."), lambda w, f, _: w.rstrip(".") == f),
        "line": (found.source.lines[0], exact),
        "title": (found.title, plain),
        "role": (found.role, exact),
        "item_count": (found.item_count, exact),
        "expected_label": (found.expected_label, exact),
    }
    for key in (k for k in wanted if k != "irregular"):
        c.hold(f"{at}.{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))
    if "irregular" in wanted:
        if "duplicate label" in wanted["irregular"]:
            c.warned(f"{at}.irregular", wanted["irregular"], "duplicate_label", found.source.lines)
        else:
            c.hold(f"{at}.irregular", True, (found.raw_label or "").rstrip(".") != found.label)


def _themes(c: Comparison, claim: list[dict[str, Any]]) -> None:
    _items(c, "themes", claim, c.reading.themes)


def _tasks(c: Comparison, claim: list[dict[str, Any]]) -> None:
    items = [i for s in c.reading.sections if s.role == "tasks" for i in s.items]
    c.hold("tasks.count", len(claim), len(c.reading.tasks))
    _items(c, "tasks", claim, items)


def _items(c: Comparison, name: str, claim: list[dict[str, Any]], found: Sequence[Item]) -> None:
    c.hold(f"{name}.count", len(claim), len(found))
    for order, (wanted, item) in enumerate(zip(claim, found, strict=False), 1):
        _item(c, f"{name}[{order}]", wanted, item)


def _item(c: Comparison, at: str, wanted: dict[str, Any], found: Item) -> None:
    children = [_label(child) for child in found.children]
    rules: dict[str, Any] = {
        "label": (_label(found), exact),
        "raw_label": (re.sub(r"\W", "", found.raw_label or ""), exact),
        "lines": (list(found.source.lines), exact),
        "title": (found.title, plain),
        "starts": (found.title, lambda w, f, _: f.startswith(w)),
        "title_corrected": (found.title, plain),  # the same words but for OCR
        "sub_count": (len(found.children), exact),
        "sub_labels": (children, exact),
        "intro": (found.text.split("\n")[1:], lambda w, f, _: [w] == f),
        "letters_missing": (_missing(children), exact),
    }
    for key in (k for k in wanted if k != "subs"):
        c.hold(f"{at}.{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))
    if "letters_missing" in wanted:
        c.warned(f"{at}.letters_missing", "missing letter", "missing_letter", found.extent)
    if "subs" in wanted:
        _items(c, f"{at}.subs", wanted["subs"], found.children)


def _label(item: Item) -> str | None:
    """A bullet is no label."""
    return item.label if item.label and re.search(r"\w", item.label) else None


def _missing(labels: list[str | None]) -> list[str]:
    """The Vietnamese letters that the labels skip."""
    used = [LETTERS.index(label) for label in labels if label and label in LETTERS]
    return [LETTERS[at] for at in range(max(used, default=-1)) if at not in used]


def _forms(c: Comparison, claim: list[dict[str, Any]]) -> None:
    c.hold("forms.count", len(claim), len(c.reading.forms))
    for order, (wanted, found) in enumerate(zip(claim, c.reading.forms, strict=False), 1):
        rules: dict[str, Any] = {
            "label": (_label(found), exact),
            "title": (found.title, named),
            "bullets": (len(found.children), exact),
        }
        for key in wanted:
            c.hold(f"forms[{order}].{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))


def _themes_line(c: Comparison, claim: int) -> None:
    lines = [s.source.lines[0] for s in c.reading.sections if s.role == "themes"]
    c.hold("themes_section_line", [claim], lines)


RULES: dict[str, Rule] = {
    "file": lambda c, claim: c.hold("file", claim, c.reading.file),
    "key": lambda c, claim: c.describe("key", claim),  # only the truth's own name for the plan
    "issuer": _of_issuer("issuer", "name", plain),
    "issuer_level": _of_issuer("issuer_level", "level"),
    "number": _attribute("number"),
    "number_raw": _raw("number_raw", "number"),
    "number_note": lambda c, claim: c.warned("number_note", claim, "missing_number"),
    "symbol": _attribute("symbol"),
    "date": lambda c, claim: c.hold("date", claim, c.reading.date, same_day),
    "date_raw": _raw("date_raw", "date"),
    "doc_type": _attribute("doc_type"),
    "year": _attribute("year"),
    "title": _attribute("title", plain),
    "title_also": lambda c, claim: c.describe("title_also", claim),
    "title_lines": lambda c, claim: c.hold("title_lines", claim, list(c.reading.sources["title"].lines)),
    "title_note": lambda c, claim: c.warned("title_note", claim, "title_needs_confirmation"),
    "signer": _signer,
    "recipients_count": lambda c, claim: c.hold("recipients_count", claim, len(c.reading.recipients)),
    "ocr_quality": lambda c, claim: c.hold("ocr_quality", claim == "bad", c.reading.ocr),
    "ocr": _attribute("ocr"),
    "legal_bases": _references("legal_bases"),
    "other_refs": _references("other_refs"),
    "sections": _sections,
    "themes_section_line": _themes_line,
    "themes": _themes,
    "theme_count": lambda c, claim: c.hold("theme_count", claim, len(c.reading.themes)),
    "sub_item_total": lambda c, claim: c.hold("sub_item_total", claim, sum(len(t.children) for t in c.reading.themes)),
    "tasks": _tasks,
    "tasks_count": lambda c, claim: c.hold("tasks_count", claim, len(c.reading.tasks)),
    "forms": _forms,
}
