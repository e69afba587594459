"""A title without its marks gets the sentence of an earlier plan offered, and takes it only from a person's hand."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from campaigns.models import Plan
from publisher.intake.corrections import confirm
from publisher.intake.suggestions import accept, suggestions
from tests.plan_rows import plan_of
from tests.ward import Ward, make_ward

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
pytestmark = pytest.mark.django_db


def bare(value: Any) -> Any:
    """Every title and text as a scan without marks leaves it."""
    if isinstance(value, dict):
        return {k: unmarked(v) if k in ("title", "text") and v else bare(v) for k, v in value.items()}
    return [bare(item) for item in value] if isinstance(value, list) else value


def unmarked(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


@pytest.fixture
def good(ward: Ward) -> Plan:
    return plan_of(SAMPLE.read_bytes(), SAMPLE.name, organisation=ward.organisation, by=ward.officer).plan


def scanned(ward: Ward, good: Plan) -> Plan:
    reading = {**good.reading, "themes": bare(good.reading["themes"]), "title": unmarked(good.reading["title"])}
    return Plan.objects.create(
        organisation=ward.organisation, title=reading["title"], source_name="quet.txt", source_sha256="1" * 64,
        reading={**reading, "ocr": True},
    )  # fmt: skip


def test_the_sentence_with_its_marks_is_offered_with_its_place(ward, good):
    plan = scanned(ward, good)
    offers = {offer.pointer: offer for offer in suggestions(plan)}
    title = good.reading["themes"][0]["children"][0]["title"]
    offer = offers["/themes/0/children/0/title"]
    assert (offer.text, offer.read, offer.plan) == (title, unmarked(title), good.number)
    assert offer.lines[0] > 0
    assert "/title" in offers
    assert not plan.corrections.exists(), "offered, never put in place"


def test_an_accepted_offer_is_a_correction_that_names_its_source(ward, good):
    plan = scanned(ward, good)
    offer = next(o for o in suggestions(plan) if o.pointer == "/title")
    row = accept(plan, offer, by=ward.officer, seen=0)
    assert (row.by, plan.title) == (ward.officer, good.title)
    assert row.note.startswith(f"gợi ý từ kế hoạch {good.number}")
    assert "/title" not in {o.pointer for o in suggestions(plan)}


def test_what_a_person_confirmed_is_offered_nothing_more(ward, good):
    plan = scanned(ward, good)
    confirm(plan, "/title", by=ward.officer)
    assert "/title" not in {offer.pointer for offer in suggestions(plan)}


def test_another_organisations_plans_are_no_library(good):
    other = make_ward()
    assert suggestions(scanned(other, good)) == []


def test_a_plan_read_from_good_text_needs_no_offers(good):
    assert suggestions(good) == []
