"""The three real plans read as truth.yaml says."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any

import pytest

from campaigns.reading import Reading, to_json
from campaigns.reading.folding import fold, squeeze
from campaigns.reading.schema import Item, Reference

FILES = ("ha-noi-2020.txt", "ha-noi-2024.txt", "me-linh-2025.txt")


@pytest.fixture(params=FILES)
def plan(request: pytest.FixtureRequest, real: Any, truth: Any) -> tuple[Reading, dict[str, Any]]:
    return real(request.param), truth[request.param]


def _iso(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _alike(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, squeeze(a), squeeze(b), autojunk=False).ratio()


def test_identity_agrees(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert reading.is_plan
    assert reading.doc_type == wanted["doc_type"]
    assert reading.number == wanted["number"]
    assert reading.date == _iso(wanted["date"])
    assert reading.year == wanted["year"]
    assert reading.issuer is not None
    assert (reading.issuer.name, reading.issuer.level) == (wanted["issuer"], wanted["issuer_level"])


def test_the_title_agrees_and_points_at_its_lines(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert reading.title is not None
    if wanted.get("ocr_quality"):
        assert _alike(reading.title, wanted["title"]) > 0.8
    else:
        assert reading.title == wanted["title"]
    assert list(reading.sources["title"].lines) == wanted["title_lines"]


def test_the_signer_agrees(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert reading.signer is not None
    assert list(reading.signer.authority) == wanted["signer"]["authority"]
    assert reading.signer.name == wanted["signer"]["name"]


def _refs(found: tuple[Reference, ...]) -> list[tuple[str, str | None, date | None, str | None]]:
    return [(r.kind, r.number, r.date, r.issuer) for r in found]


@pytest.mark.parametrize("key", ["legal_bases", "other_refs"])
def test_cited_documents_agree(plan: tuple[Reading, dict[str, Any]], key: str) -> None:
    reading, wanted = plan
    expected = [(r["kind"], r["number"], _iso(r["date"]), r["issuer"]) for r in wanted[key]]
    found = _refs(getattr(reading, key))
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_years_and_amendments_of_cited_documents_agree(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    by_number = {r.number: r for r in (*reading.legal_bases, *reading.other_refs)}
    for r in (*wanted["legal_bases"], *wanted["other_refs"]):
        assert by_number[r["number"]].year == r.get("year")
        assert by_number[r["number"]].amended or not r.get("amended")


def test_sections_agree(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert len(reading.sections) == len(wanted["sections"])
    for section, expected in zip(reading.sections, wanted["sections"], strict=True):
        assert section.label == expected["label"]
        assert section.source.lines[0] == expected["line"]
        assert section.role == expected["role"]
        assert section.item_count == expected["item_count"]
        assert section.expected_label == expected.get("expected_label")
        if expected["title"] is None:
            assert section.title is None
        else:
            assert section.title is not None
            assert _alike(section.title, expected["title"]) > 0.85


def _check_item(item: Item, expected: dict[str, Any]) -> None:
    assert item.label == expected["label"]
    assert list(item.source.lines) == expected["lines"]
    if "title" in expected:
        assert item.title == expected["title"]
    if "starts" in expected:
        assert item.title.startswith(expected["starts"])


def test_themes_agree(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert len(reading.themes) == wanted["theme_count"]
    assert sum(len(theme.children) for theme in reading.themes) == wanted["sub_item_total"]
    for theme, expected in zip(reading.themes, wanted["themes"], strict=True):
        _check_item(theme, {k: v for k, v in expected.items() if k in ("label", "lines", "title")})
        assert [child.label for child in theme.children] == expected["sub_labels"]
        for child, sub in zip(theme.children, expected["subs"], strict=True):
            _check_item(child, sub)


def test_tasks_agree(real: Any, truth: Any) -> None:
    tasks, wanted = real("ha-noi-2024.txt").tasks, truth["ha-noi-2024.txt"]["tasks"]
    assert [(t.label, list(t.source.lines), t.title) for t in tasks] == [
        (w["label"], w["lines"], w["title"]) for w in wanted
    ]
    assert len(real("me-linh-2025.txt").tasks) == truth["me-linh-2025.txt"]["tasks_count"]


def test_forms_agree(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert [(f.label, len(f.children)) for f in reading.forms] == [(f["label"], f["bullets"]) for f in wanted["forms"]]


def test_indices_agree(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert list(reading.indices) == wanted["indices"]


def test_recipients_agree(plan: tuple[Reading, dict[str, Any]]) -> None:
    reading, wanted = plan
    assert len(reading.recipients) == wanted["recipients_count"]


def test_the_budget_of_2020_has_its_payees(real: Any, truth: Any) -> None:
    budget, wanted = real("ha-noi-2020.txt").budget, truth["ha-noi-2020.txt"]["budget"]
    assert [line.amount for line in budget.lines] == [row["amount_vnd"] for row in wanted["rows"]]
    for line, row in zip(budget.lines, wanted["rows"], strict=True):
        named = [(a["payee"], a["vnd"]) for a in row["amounts"] if a["payee"]]
        assert [(p.name, p.amount) for p in line.payees] == named
        assert line.period == row["time"]
    assert (budget.stated_total, budget.sum, budget.in_words_amount) == (470_000_000, 470_000_000, 470_000_000)
    assert budget.in_words == wanted["in_words"]
    assert budget.consistent is True


def test_the_broken_table_of_2024_is_put_together_again(real: Any, truth: Any) -> None:
    budget, wanted = real("ha-noi-2024.txt").budget, truth["ha-noi-2024.txt"]["budget"]
    assert (budget.unit, budget.unit_factor) == (wanted["unit"], wanted["unit_factor"])
    for line, row in zip(budget.lines, wanted["rows"], strict=True):
        assert (line.label, line.name) == (str(row["stt"]), row["task"])
        assert (line.amount, line.owner, line.period) == (row["amount_vnd"], row["unit_in_charge"], row["time"])
        assert line.result == row["result"]
    assert (budget.stated_total, budget.sum, budget.in_words_amount) == (1_600_000_000,) * 3
    assert budget.consistent is True


def test_a_plan_without_amounts_has_no_budget(real: Any) -> None:
    assert real("me-linh-2025.txt").budget is None


def test_the_rhythm_without_a_number_is_a_target_without_a_count(real: Any, truth: Any) -> None:
    (target,) = real("ha-noi-2020.txt").targets
    (wanted,) = truth["ha-noi-2020.txt"]["quotas"]
    assert wanted["text"] in target.text
    assert (target.op, target.unit, target.period) == (wanted["op"], wanted["unit"], wanted["period"])
    assert (target.count, target.implied_count) == (None, wanted["count"])
    assert fold(target.owner or "") == fold(wanted["who"])


def test_plans_without_quotas_have_no_targets(real: Any) -> None:
    assert real("ha-noi-2024.txt").targets == ()
    assert real("me-linh-2025.txt").targets == ()


CODES = {
    "ha-noi-2020.txt": {"conflicting_dates"},
    "ha-noi-2024.txt": {
        "missing_number", "missing_date", "invalid_date", "duplicate_label", "missing_letter",
        "legal_base_repealed_later",
    },
    "me-linh-2025.txt": {
        "ocr_text", "title_needs_confirmation", "issuer_needs_confirmation", "duplicate_label", "letter_restored",
        "missing_letter", "missing_signer", "legal_base_repealed_later", "doubtful_year",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_irregularity_is_a_warning(real: Any, name: str) -> None:
    assert {w.code for w in real(name).warnings} == CODES[name]


def test_every_value_carries_its_source(plan: tuple[Reading, dict[str, Any]]) -> None:
    data = to_json(plan[0])
    for key in (
        "legal_bases",
        "other_refs",
        "sections",
        "themes",
        "forms",
        "channels",
        "audiences",
        "targets",
        "tasks",
        "reports",
    ):
        for value in data[key]:
            assert value["source"]["lines"][0] <= value["source"]["lines"][1], key
            assert value["source"]["raw"], key
    for key in ("number", "date", "title", "issuer", "year", "signer", "doc_type"):
        assert data[key] is None or key in data["sources"], key
