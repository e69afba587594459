"""A truth claims nothing that its manuscript does not say: wording, labels, counts and sums are held against it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.plans.copy_text import filled, kind, lines, sequence, words
from tests.plans.typesetting import manuscript, slugs, truth

SLUGS = slugs()
PLANS = [slug for slug in SLUGS if not truth(slug).get("refused")]
QUOTED = ("title", "number", "name", "text", "raw", "task", "time", "product", "in_words")
PRINTED = [slug for slug in PLANS if not truth(slug).get("ocr")]  # a poor scan's truth restores what is not there


def flat(text: object) -> str:
    return " ".join(str(text).split())


def said(slug: str) -> str:
    """All words of a manuscript on one line, cells of tables parted by spaces."""
    parts: list[str] = []
    for block in sequence(manuscript(slug)):
        parts += {
            "title": lambda b: lines(b["title"]),
            "table": lambda b: [cell for row in filled(b["table"]) for cell in row],
            "letterhead": lambda b: [line for value in b["letterhead"].values() for line in lines(value)],
            "closing": lambda b: [*lines((b.get("signature") or {}).get("authority")), str(b.get("signature"))],
            "footnote": lambda b: [b["footnote"]],
            "page_break": lambda b: [],
        }.get(kind(block), lambda b: [words(b)])(block)
    return flat(" ".join(parts))


def claims(value: Any, *keys: str) -> list[str]:
    """Every text under one of the keys, however deep."""
    if isinstance(value, dict):
        own = [text for key in keys if isinstance(value.get(key), str) for text in [value[key]]]
        return own + [text for item in value.values() for text in claims(item, *keys)]
    return [text for item in value for text in claims(item, *keys)] if isinstance(value, list) else []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_truth_stands_beside_every_manuscript(slug):
    assert truth(slug)
    assert manuscript(slug)["slug"] == slug


@pytest.mark.parametrize("slug", PRINTED)
def test_titles_numbers_and_quotations_stand_in_the_manuscript(slug):
    text = said(slug)
    missing = [claim for claim in claims(truth(slug), *QUOTED) if flat(claim) not in text]
    squeezed = re.sub(r"\s", "", text)
    assert [claim for claim in missing if re.sub(r"\s", "", claim) not in squeezed] == []


@pytest.mark.parametrize("slug", PLANS)
def test_counts_agree_with_what_is_listed(slug):
    plan = truth(slug)
    if themes := plan.get("themes"):
        assert plan["theme_count"] == len(themes)
        assert plan["sub_item_total"] == sum(theme["sub_count"] for theme in themes)
        labels = [theme for theme in themes if "sub_labels" in theme]
        assert [len(theme["sub_labels"]) for theme in labels] == [theme["sub_count"] for theme in labels]


@pytest.mark.parametrize("slug", PLANS)
def test_amounts_add_up_unless_the_truth_says_otherwise(slug):
    budget = truth(slug).get("budget") or {}
    amounts = [row["amount_vnd"] for row in budget.get("rows") or []]
    if amounts and budget.get("total_vnd") and budget.get("rows_sum_to_total", True):
        assert sum(amount or 0 for amount in amounts) == budget["total_vnd"]


@pytest.mark.parametrize("slug", PRINTED)
def test_recipients_are_as_many_as_printed(slug):
    if (count := truth(slug).get("recipients_count")) is not None:
        assert count == len(manuscript(slug).get("recipients") or [])
