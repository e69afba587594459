"""Accented sentences offered for worn ones: the right ones, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from campaigns.reading import Reading
from campaigns.reading.alignment import FLOOR, Known, Suggestion, suggest
from campaigns.reading.likeness import likeness, worn
from campaigns.reading.schema import Item

LIBRARY = [
    Known("Tuyên truyền về vệ sinh bờ kênh trên địa bàn phường năm 2025", "cu.txt", (3, 3)),
    Known("Tổ chức các hội nghị, tọa đàm", "cu.txt", (5, 5)),
]


def one(title: str, floor: float = FLOOR) -> Suggestion | None:
    return suggest([title], LIBRARY, floor=floor)[0]


def test_the_same_sentence_is_offered_with_its_likeness_and_place() -> None:
    found = one("T6 chirc cac hoi nghj, toa dam")
    assert found is not None
    assert (found.text, found.known.plan, found.known.lines) == ("Tổ chức các hội nghị, tọa đàm", "cu.txt", (5, 5))
    assert FLOOR <= found.likeness <= 1


@pytest.mark.parametrize(
    "title",
    [
        "Tuyén truyén vé vé sinh bo kénh trén dia ban phuong nam 2026",  # another year
        "Tuyén truyén vé vé sinh bo kénh trén dia ban x4 nam 2025",  # another level
        "Tuyén truyén vé vé sinh bo kénh trén dia ban phuong nam 2025 va 2026",  # more
        "Tuyén truyén vé phong chay",
        "",
    ],
)
def test_another_sentence_is_not(title: str) -> None:
    assert one(title) is None


def test_below_the_floor_nothing_is_offered() -> None:
    assert one("T6 chirc cac hoi nghj, toa dam", floor=1.0) is None
    assert suggest([], LIBRARY, floor=0.5) == []


def test_worn_forms_of_one_word_fall_together() -> None:
    assert worn("chirc") == worn("churc") == worn("chức")
    assert likeness("mot ctra, mot cira lién thong", "một cửa, một cửa liên thông") == 1.0


def _walk(items: tuple[Item, ...], path: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Item]]:
    found = []
    for at, item in enumerate(items):
        found += [((*path, at), item), *_walk(item.children, (*path, at))]
    return found


def test_on_two_real_plans_every_suggestion_is_the_sentence_at_the_same_place(real: Callable[[str], Reading]) -> None:
    """Precision on plans of one pattern: what is offered for an item is its counterpart; half of them get an offer."""
    poor, good = real("me-linh-2025.txt"), real("ha-noi-2024.txt")

    def places(reading: Reading) -> dict[Any, Item]:
        parts = {"themes": reading.themes, "forms": reading.forms}
        return {(name, path): item for name, items in parts.items() for path, item in _walk(items)}

    counterpart = {key: item.title for key, item in places(good).items()}
    library = [Known(title, good.file, (1, 1)) for title in counterpart.values()]
    wanted = places(poor)
    offers = suggest([item.title for item in wanted.values()], library)
    offered = [(key, offer.text) for key, offer in zip(wanted, offers, strict=True) if offer]
    assert [(key, text) for key, text in offered if text != counterpart.get(key)] == []
    assert len(offered) >= 14
