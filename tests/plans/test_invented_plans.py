"""Every invented plan in every format is read as its truth says. What still differs is listed in open.yaml, with the
reason: a new difference fails, and one that is mended must be struck off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from campaigns.reading import PlanRefused, Reading, read_plan
from tests.plans.comparing import Finding, compare
from tests.plans.typesetting import ROOM, Typesetter, manuscript, slugs, truth, typeset

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
FORMATS = ("md", "docx", "pdf", "txt")
ALL = [(slug, form) for slug in slugs() for form in manuscript(slug).get("forms") or FORMATS]
REFUSED = [case for case in ALL if truth(case[0]).get("refused")]
PLANS = [case for case in ALL if case not in REFUSED]
OPEN: dict[str, dict[str, list[dict[str, Any]]]] = YAML(typ="safe").load(ROOM / "open.yaml")
SEEMS = {"báo chí": "Bài báo", "báo cáo": "Báo cáo", "công văn": "Công văn"}
IDENTITY = re.compile(r"(?:number|date|title|issuer|issuer_level|year|doc_type)$")
STRUCTURE = re.compile(
    r"(?:sections|themes)(?:\.count|\[\d+\]\.(?:label|title|role|sub_count|sub_labels))$|theme_count$|sub_item_total$"
)
MONEY = re.compile(r"budget\.(?:present|total_vnd|unit_factor|rows\.count|rows\[.*\]\.(?:task|amount_vnd))$")


@pytest.fixture(scope="module")
def press(browser: Browser) -> Iterator[Typesetter]:
    with Typesetter(browser) as press:
        yield press


@pytest.fixture(scope="module")
def read(press: Typesetter) -> Any:
    """A plan in a format, set and read once; a refusal is given back, not raised."""
    kept: dict[tuple[str, str], Reading | PlanRefused] = {}

    def reading(slug: str, form: str) -> Reading | PlanRefused:
        if (slug, form) not in kept:
            plan = manuscript(slug)
            data = press.pdf(plan) if form == "pdf" else typeset(plan, form)
            try:
                kept[slug, form] = read_plan(data, f"{slug}.{form}")
            except PlanRefused as refusal:
                kept[slug, form] = refusal
        return kept[slug, form]

    return reading


@pytest.fixture(scope="module")
def findings(read: Any) -> Any:
    kept: dict[tuple[str, str], list[Finding]] = {}

    def compared(slug: str, form: str) -> list[Finding]:
        if (slug, form) not in kept:
            kept[slug, form] = compare(read(slug, form), truth(slug))
        return kept[slug, form]

    return compared


def differing(findings: list[Finding]) -> set[str]:
    return {f.field for f in findings if f.verdict == "differ"}


def opened(slug: str, form: str) -> set[str]:
    return {entry["field"] for entry in OPEN.get(slug, {}).get("fields", []) if form in entry.get("in", FORMATS)}


@pytest.mark.parametrize(("slug", "form"), REFUSED)
def test_what_is_no_plan_is_refused_with_what_it_seems_to_be(slug: str, form: str, read: Any) -> None:
    refusal = read(slug, form)
    assert isinstance(refusal, PlanRefused)
    assert (refusal.code, refusal.seems) == ("not_a_plan", SEEMS[truth(slug)["seems"]])


@pytest.mark.parametrize(("slug", "form"), PLANS)
def test_a_plan_is_told_from_every_other(slug: str, form: str, findings: Any) -> None:
    held = [f for f in findings(slug, form) if IDENTITY.match(f.field)]
    assert len(held) >= 4
    assert differing(held) == set()


@pytest.mark.parametrize(("slug", "form"), PLANS)
def test_sections_and_themes_are_as_printed(slug: str, form: str, findings: Any) -> None:
    held = [f for f in findings(slug, form) if STRUCTURE.match(f.field)]
    assert held
    assert differing(held) == set()


@pytest.mark.parametrize(("slug", "form"), PLANS)
def test_money_is_exact(slug: str, form: str, findings: Any) -> None:
    held = [f for f in findings(slug, form) if MONEY.match(f.field)]
    assert held
    assert differing(held) <= opened(slug, form)


@pytest.mark.parametrize(("slug", "form"), PLANS)
def test_what_differs_is_what_is_listed_as_open(slug: str, form: str, findings: Any) -> None:
    found = differing(findings(slug, form))
    assert sorted(found - opened(slug, form)) == [], "a new difference"
    assert sorted(opened(slug, form) - found) == [], "mended: strike it off open.yaml"


def test_every_open_difference_is_of_a_plan_and_has_its_reason() -> None:
    assert set(OPEN) <= {slug for slug, _ in PLANS}
    assert all(entry["why"] for plan in OPEN.values() for entry in plan["fields"])
    assert len([e for plan in OPEN.values() for e in plan["fields"]]) <= 60
