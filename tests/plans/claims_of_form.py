"""What a truth claims of the document itself: identity, cited documents, sections, themes, tasks, forms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from campaigns.reading.labels import LETTERS
from campaigns.reading.schema import Item, Reference, Section, Task
from tests.plans.comparing import Comparison, Rule
from tests.plans.sameness import exact, labelled, named, plain, quoted, spelling


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
    c.hold("signer.name", claim.get("name"), signer.name if signer else None, _without_degree)
    if "note" in claim:
        c.warned("signer.note", claim["note"], "missing_signer")


def _without_degree(wanted: str | None, found: str | None, _: bool) -> bool:
    """The same name, a degree before it ("TS.", "BSCKII.") aside."""
    names = [re.sub(r"^(?:[A-ZĐ][\w-]*\.\s*)+", "", name) if name else name for name in (wanted, found)]
    return names[0] == names[1]


def _doc_type(c: Comparison, claim: str) -> None:
    """A plan that a decision issues is read as the plan; what truth and reading agree on is that it hangs on one."""
    if claim == "Quyết định" and c.reading.doc_type == "Kế hoạch":
        codes = {w.code for w in c.reading.warnings} & {"issued_by_decision", "attached_plan"}
        c.hold("doc_type", claim, claim if codes else c.reading.doc_type)
    else:
        c.hold("doc_type", claim, c.reading.doc_type)


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
        "invalid": (found.standing == "dead", exact),
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
        "label": ((found.label, _printed(found.raw_label)), labelled),
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


def _printed(raw: str | None) -> str:
    return (raw or "").strip(" .:)-–")


def _themes(c: Comparison, claim: list[dict[str, Any]]) -> None:
    _items(c, "themes", claim, c.reading.themes)


def _tasks(c: Comparison, claim: list[dict[str, Any]]) -> None:
    """Items of the sections of tasks; rows of a table of work where the claim tells of owner, partners or time."""
    c.hold("tasks.count", len(claim), len(c.reading.tasks))
    if any(wanted.keys() & {"owner", "partners", "time", "due"} for wanted in claim):
        for order, (wanted, found) in enumerate(zip(claim, c.reading.tasks, strict=False), 1):
            _task(c, f"tasks[{order}]", wanted, found)
        return
    _items(c, "tasks", claim, [i for s in c.reading.sections if s.role == "tasks" for i in s.items])


def _task(c: Comparison, at: str, wanted: dict[str, Any], found: Task) -> None:
    deadline = found.deadline
    rules: dict[str, Any] = {
        "label": (found.label, exact),
        "title": (found.title, plain),
        "owner": (found.owner, plain),
        "partners": (list(found.partners), lambda w, f, _: [spelling(x) for x in w] == [spelling(x) for x in f]),
        "time": (deadline.raw if deadline else None, plain),
        "due": (deadline.due if deadline else None, same_day),
        "product": (found.text, quoted),
    }
    for key in wanted:
        c.hold(f"{at}.{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))


def _items(c: Comparison, name: str, claim: list[dict[str, Any]], found: Sequence[Item]) -> None:
    c.hold(f"{name}.count", len(claim), len(found))
    for order, (wanted, item) in enumerate(zip(claim, found, strict=False), 1):
        _item(c, f"{name}[{order}]", wanted, item)


def _item(c: Comparison, at: str, wanted: dict[str, Any], found: Item) -> None:
    children = [_label(child) for child in found.children]
    rules: dict[str, Any] = {
        "label": ((_label(found), _printed(found.raw_label)), labelled),
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
            "title": (found.title, _headed),
            "bullets": (len(found.children), exact),
        }
        for key in wanted:
            c.hold(f"forms[{order}].{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))


def _headed(wanted: str, found: str, ocr: bool) -> bool:
    """A form's title is its whole paragraph, or what stands before the first colon of it."""
    return named(wanted, found, ocr) or named(wanted, found.split(":", maxsplit=1)[0], ocr)


def _themes_line(c: Comparison, claim: int) -> None:
    lines = [s.source.lines[0] for s in c.reading.sections if s.role == "themes"]
    c.hold("themes_section_line", [claim], lines)


def _issuer(c: Comparison, claim: str) -> None:
    """A body is named alone, or with the place that its letterhead gives to the body above it."""
    issuer = c.reading.issuer
    found = issuer.name if issuer else None
    place = re.search(r"\b(?:tỉnh|thành phố)\s.+$", (issuer.parent or "") if issuer else "", re.IGNORECASE)
    if issuer and place and plain(claim, f"{issuer.name} {place[0]}"):
        found = claim
    c.hold("issuer", claim, found, plain)


def _amends(c: Comparison, claim: dict[str, Any]) -> None:
    """The plan this one changes is among the documents it mentions, not among its grounds, and stands in its title."""
    found = next((r for r in c.reading.other_refs if r.number == claim["number"]), None)
    c.hold("amends", True, found is not None and claim["number"] in (c.reading.title or ""))
    _reference(c, "amends", claim, found)


RULES: dict[str, Rule] = {
    "file": lambda c, claim: c.hold("file", claim, c.reading.file),
    "key": lambda c, claim: c.describe("key", claim),  # only the truth's own name for the plan
    "issuer": _issuer,
    "issuer_level": _of_issuer("issuer_level", "level"),
    "number": _attribute("number"),
    "number_raw": _raw("number_raw", "number"),
    "number_note": lambda c, claim: c.warned("number_note", claim, "missing_number"),
    "symbol": _attribute("symbol"),
    "date": lambda c, claim: c.hold("date", claim, c.reading.date, same_day),
    "date_raw": _raw("date_raw", "date"),
    "doc_type": _doc_type,
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
    "amends": _amends,
    "footnotes_count": lambda c, claim: c.hold("footnotes_count", claim, len(c.reading.notes)),
    "tasks_count": lambda c, claim: c.hold("tasks_count", claim, len(c.reading.tasks)),
    "forms": _forms,
}
