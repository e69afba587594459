"""What a truth claims of the plan's demands: channels, audiences, quotas, deadlines, reports, money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from campaigns.reading.money import amounts, figure, scaled
from campaigns.reading.schema import Budget, BudgetLine, Deadline, Report, Target
from tests.plans.claims_of_form import same_day
from tests.plans.comparing import Comparison, Rule
from tests.plans.sameness import (
    Same,
    bodies,
    channel,
    exact,
    pairs,
    peopled,
    plain,
    quoted,
    shortened,
    spelling,
    unmatched,
)

_PERIODS = {"half_year": "half", "9_months": "nine_months"}


_JOINED = re.compile(r",\s|\svà\s|\strên\s(?!địa bàn)")


def _names(c: Comparison, key: str, claim: list[str], found: list[str], same: Same) -> None:
    """Two lists of names of the same things: each one found, none read beyond them. A name that joins several ("Pa nô,
    tờ rơi", "cán bộ, công chức") is found when it is there as one, or when each of them is."""
    missing, extra = unmatched(claim, found, same, c.ocr)
    left = [part for name in extra for part in _JOINED.split(name)]
    for name in list(missing):
        gone, rest = unmatched(_JOINED.split(name), left, same, c.ocr)
        if not gone:
            missing.remove(name)
            left = rest
    extra = [name for name in extra if any(part in left for part in _JOINED.split(name))]
    for name in claim:
        c.hold(f"{key}[{name}]", name, None if name in missing else name)
    c.hold(f"{key}.beyond", [], extra)


def _channels(c: Comparison, claim: list[str]) -> None:
    """Printed matter and meetings that a truth lists under its forms only are not claimed here."""
    found = [(ch.name, ch.kind) for ch in c.reading.channels]
    said = [name for name, kind in found if kind not in ("print", "event")]
    apart = [name for name, kind in found if kind in ("print", "event")]
    claimed, unclaimed = [], list(apart)
    for want in claim:
        for part in (want, *_JOINED.split(want)):
            hit = next((name for name in unclaimed if channel(part, name, c.ocr)), None)
            if hit:
                unclaimed.remove(hit)
                claimed.append(hit)
    _names(c, "channels", claim, [*said, *claimed], channel)
    if unclaimed:
        c.unclaimed("channels: printed matter and meetings", unclaimed)


def _audiences(c: Comparison, claim: list[str]) -> None:
    _names(c, "audiences", claim, [a.name for a in c.reading.audiences], peopled)


def _rules(c: Comparison, claim: list[dict[str, Any]]) -> None:
    """ "người cao tuổi → loa": the group was read with some kind of channel; the reader tells kinds, not names."""
    for wanted in claim:
        group = next((a for a in c.reading.audiences if peopled(wanted["audience"], a.name, c.ocr)), None)
        at = f"audience_rules[{wanted['audience']}]"
        c.hold(at, True, bool(group and group.channels))


def _units(c: Comparison, claim: list[str]) -> None:
    found = [u.name for u in c.reading.responsible_units]
    missing, extra = unmatched(claim, found, bodies, c.ocr)
    for name in claim:
        c.hold(f"responsible_units[{name}]", name, None if name in missing else name)
    c.hold("responsible_units.beyond", [], extra)


def _indices(c: Comparison, claim: list[str]) -> None:
    c.hold("indices", sorted(i.lower() for i in claim), sorted(i.lower() for i in c.reading.indices))


def _quotas(c: Comparison, claim: list[dict[str, Any]]) -> None:
    counted = [t for t in c.reading.targets if t.unit != "%"]
    matched, extra = pairs(claim, counted, lambda w, f: _alike_target(w, f, c.ocr))
    for order, (wanted, found) in enumerate(matched, 1):
        _quota(c, f"quotas[{order}]", wanted, found)
    c.hold("quotas.beyond", [], [t.text for t in extra])


def _alike_target(wanted: dict[str, Any], found: Target, ocr: bool) -> int:
    number = found.count if found.count is not None else found.implied_count
    if not (quoted(wanted["text"], found.text, ocr) or number == wanted["count"]):
        return 0
    return (
        3 * quoted(wanted["text"], found.text, ocr)
        + 2 * (number == wanted["count"])
        + plain(wanted.get("unit"), found.unit)
        + (_PERIODS.get(wanted.get("period") or "", wanted.get("period")) == found.period)
    )


def _quota(c: Comparison, at: str, wanted: dict[str, Any], found: Target | None) -> None:
    c.hold(at, True, found is not None)
    if found is None:
        return
    number = found.count if found.count is not None else found.implied_count
    rules: dict[str, Any] = {
        "text": (found.text, quoted),
        "op": (found.op, exact),
        "count": (number, exact),
        "unit": (found.unit, plain),
        "period": (found.period, lambda w, f, _: _PERIODS.get(w or "", w) == f),
        "who": ((found.owner, found.channel_name), _carried),
        "channel": (found.channel_name, channel_of),
        "explicit_number": (found.count is not None, exact),
    }
    for key in wanted:
        if key in rules:
            c.hold(f"{at}.{key}", wanted[key], *rules[key])
        else:
            c.describe(f"{at}.{key}", wanted[key])  # the reader tells a kind of channel, not its name


def _carried(wanted: str | None, found: tuple[str | None, str | None], ocr: bool) -> bool:
    """Who a demand is laid on: the body that is asked, or the channel that carries it; null claims that no body is."""
    owner, carrier = found
    if wanted is None:
        return owner is None
    return bodies(wanted, owner, ocr) or channel_of(wanted, carrier, ocr)


def channel_of(wanted: str, found: str | None, ocr: bool) -> bool:
    return found is not None and channel(wanted, found, ocr)


def _conflicts(c: Comparison, claim: list[dict[str, Any]]) -> None:
    """Demands that contradict each other: each knows the other, the stricter one is marked, and a warning tells it."""
    targets = c.reading.targets
    for order, wanted in enumerate(claim, 1):
        ours = [n for n, t in enumerate(targets) if t.rivals and any(quoted(x, t.text, c.ocr) for x in wanted["texts"])]
        at = f"conflicts[{order}]"
        c.hold(f"{at}.texts", len(wanted["texts"]), len(ours))
        c.hold(f"{at}.rivals", True, all(set(targets[n].rivals) & set(ours) for n in ours))
        c.hold(f"{at}.stricter", [wanted["stricter"]], [targets[n].count for n in ours if targets[n].stricter])
    told = [w for w in c.reading.warnings if w.code == "conflicting_targets"]
    c.hold("conflicts.warnings", len(claim), len(told))


def _of_tables(c: Comparison, claim: list[dict[str, Any]]) -> None:
    """Numbers a table lays on each body, one column a unit: demands with that owner and that count."""
    for wanted in claim:
        for unit, count in ((key, value) for key, value in wanted.items() if key != "who"):
            hit = [t for t in c.reading.targets if t.owner and bodies(wanted["who"], t.owner) and t.count == count]
            c.hold(f"table_targets[{wanted['who']}].{unit}", count, hit[0].count if hit else None)


def _percents(c: Comparison, claim: list[dict[str, Any]]) -> None:
    shares = [t.text for t in c.reading.targets if t.unit == "%"]
    for order, wanted in enumerate(claim, 1):
        hit = next((text for text in shares if quoted(wanted["text"], text, c.ocr)), None)
        c.hold(f"percent_targets[{order}]", wanted["text"], hit, quoted)


def _deadlines(c: Comparison, claim: list[dict[str, Any]]) -> None:
    for order, wanted in enumerate(claim, 1):
        found = list(_meant(c, wanted))
        at = f"deadlines[{order}]"
        c.hold(f"{at}.raw", True, bool(found))
        for one in found:
            if "due" in wanted:
                c.hold(f"{at}.due", wanted["due"], one.due, same_day)
            if "quarters" in wanted:
                c.hold(f"{at}.quarters", wanted["quarters"], list(one.periods))


def _meant(c: Comparison, wanted: dict[str, Any]) -> Iterator[Deadline]:
    """The deadlines a claim is about: of rows of the budget by their numbers, else wherever those words stand."""
    lines = c.reading.budget.lines if c.reading.budget else ()
    if "row" in wanted and not any(line.period for line in lines):  # a table of work, its rows counted
        rows_of_work = [t for t in c.reading.tasks if t.deadline]
        of_row = rows_of_work[wanted["row"] - 1 : wanted["row"]]
        yield from [t.deadline for t in of_row if t.deadline and plain(wanted["raw"], t.deadline.raw)]
        return
    rows = re.search(r"budget rows (\d+)-(\d+)", str(wanted.get("what", "")))
    named_rows = {str(wanted["row"])} if "row" in wanted else set()
    if rows:
        named_rows = {str(n) for n in range(int(rows[1]), int(rows[2]) + 1)}
    if named_rows:
        of_rows = [ln.deadline for ln in lines if ln.label in named_rows and ln.deadline]
        if len(of_rows) == len(named_rows) and all(plain(wanted["raw"], d.raw) for d in of_rows):
            yield from of_rows
        return
    said = [x.deadline for x in (*c.reading.tasks, *c.reading.duties, *c.reading.methods, *lines) if x.deadline]
    said += [d for task in (*c.reading.tasks, *c.reading.duties) for d in task.further]
    said += [Deadline(r.due, r.due_date, due=r.due_date) for r in c.reading.reports if r.due]
    yield from [d for d in said if quoted(wanted["raw"], d.raw, c.ocr) or quoted(d.raw, wanted["raw"], c.ocr)][:1]


def _reporting(c: Comparison, claim: list[dict[str, Any]]) -> None:
    matched, extra = pairs(claim, c.reading.reports, lambda w, f: _alike_report(w, f, c.ocr))
    for order, (wanted, found) in enumerate(matched, 1):
        _report(c, f"reporting[{order}]", wanted, found)
    c.hold("reporting.beyond", [], [f"{r.who} → {r.to} ({r.period})" for r in extra])


def _alike_report(wanted: dict[str, Any], found: Report, ocr: bool) -> int:
    return (
        2 * bool("raw" in wanted and quoted(wanted["raw"], found.text, ocr))
        + 2 * bodies(wanted.get("to"), found.to, ocr)
        + bodies(wanted.get("who"), found.who, ocr)
        + (_PERIODS.get(wanted.get("period") or "", wanted.get("period")) == found.period)
    )


def _report(c: Comparison, at: str, wanted: dict[str, Any], found: Report | None) -> None:
    c.hold(at, True, found is not None)
    if found is None:
        return
    rules: dict[str, Any] = {
        "who": (found.who, bodies),
        "to": (found.to, bodies),
        "period": (found.period, lambda w, f, _: _PERIODS.get(w or "", w) == f),
        "raw": (found.text, quoted),
        "day": (found.due_day, exact),
        "month": (found.due_month, exact),
        "due": (found.due_date, same_day),
    }
    for key in wanted:
        c.hold(f"{at}.{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))


def _funding(c: Comparison, claim: str) -> None:
    """Clauses "whose: where from"; each is one of the statements read, none twice. Others the truth leaves out."""
    left = list(c.reading.funding)
    for order, clause in enumerate(claim.split(";"), 1):
        bearer, _, origin = clause.rpartition(":")
        hit = next(
            (f for f in left if shortened(origin, f.origin, c.ocr) and (not bearer or _borne(bearer, f.bearer, c.ocr))),
            None,
        )
        c.hold(f"funding[{order}]", clause.strip(), clause.strip() if hit else [f.origin for f in left])
        if hit:
            left.remove(hit)
    if left:
        c.unclaimed("funding", [f.origin for f in left])


def _borne(wanted: str, found: str | None, ocr: bool) -> bool:
    """Each level or body the truth names stands in what was read."""
    return found is not None and all(quoted(part, found, ocr) for part in spelling(wanted).split(", "))


def _budget(c: Comparison, claim: dict[str, Any]) -> None:
    budget = c.reading.budget
    c.hold("budget.present", claim["present"], budget is not None)
    if budget is None:
        c.hold("budget.total_vnd", claim.get("total_vnd"), None)
        return
    in_words = budget.in_words_amount
    rules: dict[str, Any] = {
        "unit": (budget.unit, plain),
        "unit_factor": (budget.unit_factor, exact),
        "columns": (list(budget.columns), lambda w, f, _: [spelling(x) for x in w] == [spelling(x) for x in f]),
        "total_raw": (budget, lambda w, f, _: _in_vnd(w, f) == f.stated_total),
        "total_vnd": (budget.stated_total, exact),
        "in_words": (budget.in_words, plain),
        "in_words_vnd": (in_words, exact),
        "sum_of_rows_vnd": (budget.sum, exact),
        "rows_sum_to_total": (budget.sum == budget.stated_total, exact),
        "words_match_total": (in_words == budget.stated_total, exact),
    }
    for key in (k for k in claim if k not in ("present", "rows", "subtotals", "sources")):
        c.hold(f"budget.{key}", claim[key], *rules.get(key, ("no rule for this field", exact)))
    for row in claim.get("subtotals", ()):
        c.hold(
            f"budget.subtotals[{row['stt']}]", None, next((x.name for x in budget.lines if x.name == row["task"]), None)
        )
    for origin, amount in (claim.get("sources") or {}).items():
        borne = [s.amount for line in budget.lines for s in line.origins if s.origin == origin]
        c.hold(f"budget.sources[{origin}]", amount, sum(borne))
    if claim.get("rows"):
        c.hold("budget.rows.count", len(claim["rows"]), len(budget.lines))
        for wanted, line in zip(claim["rows"], budget.lines, strict=False):
            _row(c, f"budget.rows[{wanted.get('stt')}]", wanted, line, budget)


def _in_vnd(text: str, budget: Budget) -> int | None:
    """A figure as printed in đồng, by its own unit or that of the table."""
    own = amounts(text)
    if own:
        return own[0].value
    return scaled(text, budget.unit_factor or 1) if figure(text) is not None else None


def _row(c: Comparison, at: str, wanted: dict[str, Any], line: BudgetLine, budget: Budget) -> None:
    name = line.name
    for read, right in c.misread.items():
        name = name.replace(read, right)
    rules: dict[str, Any] = {
        "sources": ({s.origin: s.amount for s in line.origins}, _shares),
        "stt": (line.label, lambda w, f, _: w is None or str(w) == f),
        "task": (name, plain),
        "amount_vnd": (line.amount, exact),
        "amount_raw": (line.amount, lambda w, f, _: _in_vnd(w, budget) == f),
        "time": (line.period, plain),
        "unit_in_charge": (line.owner, plain),
        "result": (line.result, plain),
        "media": (_parts(line.media), lambda w, f, _: [spelling(x) for x in w] == f),
    }
    for key in (k for k in wanted if k != "amounts"):
        c.hold(f"{at}.{key}", wanted[key], *rules.get(key, ("no rule for this field", exact)))
    if "amounts" in wanted:
        _payees(c, f"{at}.amounts", wanted["amounts"], line)


def _shares(wanted: dict[str, int | None], found: dict[str, int], _: bool) -> bool:
    """A source that bears nothing is null in a truth and absent in a reading."""
    return {k: v for k, v in wanted.items() if v} == found


def _parts(cell: str | None) -> list[str]:
    return [p for p in (spelling(x) for x in re.split(r"(?:^|\s)-\s|;", cell or "")) if p]


def _payees(c: Comparison, at: str, claim: list[dict[str, Any]], line: BudgetLine) -> None:
    """Named payees in order; an amount without a payee is that of the row, its note the row's note."""
    payees = [(a["payee"], a["vnd"]) for a in claim if a["payee"]]
    c.hold(f"{at}.payees", payees, [(p.name, p.amount) for p in line.payees])
    for nameless in (a for a in claim if not a["payee"]):
        c.hold(f"{at}.vnd", nameless["vnd"], line.amount)
        if "note" in nameless:
            c.hold(f"{at}.note", nameless["note"], line.note, plain)


RULES: dict[str, Rule] = {
    "channels": _channels,
    "audiences": _audiences,
    "audience_rules": _rules,
    "audience_channels": _rules,
    "responsible_units": _units,
    "indices": _indices,
    "quotas": _quotas,
    "percent_targets": _percents,
    "deadlines": _deadlines,
    "reporting": _reporting,
    "conflicts": _conflicts,
    "table_targets": _of_tables,
    "funding": _funding,
    "budget": _budget,
}
