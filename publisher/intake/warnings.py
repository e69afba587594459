"""Warnings as a work list: what only the organisation's own rows can tell, and what people did about each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaigns.headlines import fold
from campaigns.models import Plan
from publisher.events.log import record
from publisher.intake.models import Handling, WarningDecision
from publisher.people.models import Organisation, Person

COMMITTEE = re.compile(r"^(?:uy ban nhan dan|ubnd)\s+")


class NoSuchWarning(ValueError):
    """The plan has no warning of this key: the page is older than the reading."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One warning with its stable key and what was done about it; `decision` None: still to do."""

    key: str
    code: str
    message: str
    source: Mapping[str, Any] | None
    decision: WarningDecision | None


def keyed(warnings: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each warning with a key: its code and its line, numbered where several share both."""
    seen: Counter[str] = Counter()
    for warning in warnings:
        lines = (warning.get("source") or {}).get("lines") or [0]
        key = f"{warning['code']}@{lines[0]}"
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key}#{seen[key]}"), warning


def doubts(plan: Plan) -> list[Doubt]:
    """The plan's warnings in order, each with the newest decision on it."""
    decided = {row.key: row for row in plan.warning_decisions.select_related("by").order_by("pk")}
    return [
        Doubt(key, str(w["code"]), str(w["message"]), w.get("source"), decided.get(key))
        for key, w in keyed(plan.warnings)
    ]


@transaction.atomic
def decide(plan: Plan, key: str, decision: str, *, by: Person | None, note: str = "") -> WarningDecision:
    """Says that a warning was seen or what it told of was mended. Raises `NoSuchWarning`; ValueError for a decision
    that is neither."""
    if key not in dict(keyed(plan.warnings)):
        raise NoSuchWarning("Không còn cảnh báo này; tải lại trang để xem danh sách mới.")
    row = WarningDecision(plan=plan, key=key, decision=Handling(decision), note=note.strip()[:500], by=by)
    row.save()
    told = {"key": key, "decision": str(decision), "note": row.note}
    record("plan.warning_decided", f"plan:{plan.pk}", organisation=plan.organisation, actor=by, data=told)
    return row


def import_warnings(reading: Mapping[str, Any], organisation: Organisation, sha256: str) -> list[dict[str, Any]]:
    """What the document alone cannot tell, in the form of the reading's own warnings."""
    return [*issuer_differs(reading, organisation), *number_taken(reading, organisation, sha256)]


def issuer_differs(reading: Mapping[str, Any], organisation: Organisation) -> Iterator[dict[str, Any]]:
    name = (reading.get("issuer") or {}).get("name")
    if not name or same_body(name, organisation.name) or same_body(name, organisation.short_name):
        return
    yield {
        "code": "issuer_differs",
        "message": f"Kế hoạch do {name} ban hành, không phải {organisation.name}. Nếu là kế hoạch cấp trên mà đơn vị "
        "thực hiện theo thì cứ dùng; nếu nạp nhầm tệp thì không kích hoạt chiến dịch nào từ kế hoạch này.",
        "source": (reading.get("sources") or {}).get("issuer"),
    }


def same_body(one: str, other: str) -> bool:
    """The same name, "UBND" and "Ủy ban nhân dân" alike, or without them; letters without marks compared."""
    plain = [COMMITTEE.sub("", " ".join(fold(name).split())) for name in (one, other)]
    return plain[0] == plain[1]


def number_taken(reading: Mapping[str, Any], organisation: Organisation, sha256: str) -> Iterator[dict[str, Any]]:
    number = reading.get("number")
    issuer = (reading.get("issuer") or {}).get("name") or ""
    others = Plan.objects.filter(organisation=organisation, number=number or "", year=reading.get("year"))
    rows = others.exclude(source_sha256=sha256).exclude(number="").order_by("-pk").defer("reading")
    same = (plan for plan in rows if not (issuer and plan.issuer) or same_body(issuer, plan.issuer))
    if other := next(same, None):  # every body counts its own numbers
        yield {
            "code": "number_taken",
            "message": f"Đã có kế hoạch số {number} năm {other.year} với nội dung khác (tệp “{other.source_name}”). "
            "Nếu đây là bản thay thế, hãy so sánh hai bản rồi chọn “Thay kế hoạch cũ”; nếu không, kiểm tra lại số.",
            "source": (reading.get("sources") or {}).get("number"),
        }
