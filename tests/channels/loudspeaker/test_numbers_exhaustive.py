"""Every number from nought to a million against a second way of saying it, and what must hold beyond.

The second way knows nothing of groups and zero rules: it walks up like a mileage counter, and its rows of units
are written out by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.loudspeaker.spoken.numbers import integer
from channels.loudspeaker.spoken.region import region

NORTH = region("north")
PLAIN = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
TEENS = [
    "mười",
    "mười một",
    "mười hai",
    "mười ba",
    "mười bốn",
    "mười lăm",
    "mười sáu",
    "mười bảy",
    "mười tám",
    "mười chín",
]
AFTER_TENS = ["", " mốt", " hai", " ba", " bốn", " lăm", " sáu", " bảy", " tám", " chín"]


def below_a_hundred() -> list[str]:
    return [*PLAIN, *TEENS, *(f"{PLAIN[tens]} mươi{last}" for tens in range(2, 10) for last in AFTER_TENS)]


def below_a_thousand() -> tuple[list[str], list[str]]:
    """Each number as it stands alone, and as it stands after thousands ("không trăm linh năm")."""
    alone, inside = below_a_hundred(), []
    for hundred in range(10):
        rows = [f"{PLAIN[hundred]} trăm"]
        rows += [f"{PLAIN[hundred]} trăm linh {one}" for one in PLAIN[1:]]
        rows += [f"{PLAIN[hundred]} trăm {rest}" for rest in below_a_hundred()[10:]]
        inside += rows
        alone += rows if hundred else []
    return alone, inside


def counted_up() -> Iterator[str]:
    alone, inside = below_a_thousand()
    yield from alone
    for thousands in alone[1:]:
        yield f"{thousands} nghìn"
        for rest in inside[1:]:
            yield f"{thousands} nghìn {rest}"
    yield "một triệu"


def test_every_number_to_a_million_is_said_as_the_second_way_says_it() -> None:
    wrong, last = [], -1
    for last, words in enumerate(counted_up()):
        if integer(last, NORTH) != words:
            wrong.append((last, words))
    assert (wrong, last) == ([], 1_000_000)


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=1, max_value=999), st.integers(min_value=0, max_value=10**9 - 1))
def test_a_billion_is_a_word_between_two_numbers(high: int, low: int) -> None:
    words = integer(high * 10**9 + low, NORTH)
    assert words.startswith(f"{integer(high, NORTH)} tỷ")
    assert low == 0 or words.endswith(integer(low, NORTH).removeprefix("không "))


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=1, max_value=10**27))
def test_a_thousandfold_number_only_gains_a_scale_word(value: int) -> None:
    """Nothing but scale words and no zero group is added, however far beyond the billion of billions."""
    scales = {"nghìn", "triệu", "tỷ"}
    bare = [word for word in integer(value, NORTH).split() if word not in scales]
    grown = [word for word in integer(value * 1_000, NORTH).split() if word not in scales]
    assert grown == bare


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=0, max_value=10**30), st.sampled_from(["north", "centre", "south"]))
def test_regions_differ_in_two_words_and_in_no_order(value: int, name: str) -> None:
    words = integer(value, region(name)).replace("ngàn", "nghìn").replace("lẻ", "linh")
    assert words == integer(value, NORTH)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**9, "một tỷ"),
        (10**12, "một nghìn tỷ"),
        (10**15, "một triệu tỷ"),
        (10**18, "một tỷ tỷ"),
        (2 * 10**18 + 5, "hai tỷ tỷ không trăm linh năm"),
        (1_364_329_243, "một tỷ ba trăm sáu mươi bốn triệu ba trăm hai mươi chín nghìn hai trăm bốn mươi ba"),
    ],
)
def test_what_lies_beyond_the_billion_is_said_in_billions(value: int, words: str) -> None:
    assert integer(value, NORTH) == words
