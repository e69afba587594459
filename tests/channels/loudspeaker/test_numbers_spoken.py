"""The number reader, checked by reading its words back with rules written apart from it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.loudspeaker.spoken.numbers import decimals, digits, integer, month, ordinal, roman, written
from channels.loudspeaker.spoken.region import region

NORTH = region("north")
VALUES = {
    **{
        word: value
        for value, word in enumerate(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"])
    },
    **{"mốt": 1, "tư": 4, "lăm": 5},
}


def heard(words: str) -> int:
    """Value of spoken words: what stands before a scale word is multiplied by it."""
    for scale, size in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("ngàn", 10**3)):
        left, found, right = words.rpartition(scale)
        if found:
            return heard(left.strip()) * size + (heard(right.strip()) if right.strip() else 0)
    left, found, right = words.partition("trăm")
    if found:
        return VALUES[left.strip()] * 100 + (heard(right.strip()) if right.strip() else 0)
    left, found, right = words.partition("mươi")
    if found:
        return VALUES[left.strip()] * 10 + (VALUES[right.strip()] if right.strip() else 0)
    return sum(VALUES[word] for word in words.split() if word not in ("linh", "lẻ"))


@pytest.mark.parametrize("name", ["north", "centre", "south"])
def test_every_number_below_ten_thousand_is_heard_as_itself(name: str) -> None:
    assert [value for value in range(10_000) if heard(integer(value, region(name))) != value] == []


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_any_number_is_heard_as_itself(value: int) -> None:
    assert heard(integer(value, NORTH)) == value


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**12))
def test_five_and_one_change_only_after_ten_and_tens(value: int) -> None:
    words = integer(value, NORTH).split()
    for before, word in zip(["", *words], words, strict=False):
        assert (word == "lăm") <= (before in ("mười", "mươi"))
        assert (word == "mốt") <= (before == "mươi")
        assert not (word in ("một", "năm") and before == "mươi")
        assert not (word == "năm" and before == "mười")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (65, "sáu mươi lăm"),
        (105, "một trăm linh năm"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_000_000, "một triệu"),
        (1_000_005, "một triệu không trăm linh năm"),
        (2_000_000_000_000, "hai nghìn tỷ"),
        (-7, "âm bảy"),
    ],
)
def test_a_number_is_said_as_people_say_it(value: int, words: str) -> None:
    assert integer(value, NORTH) == words


def test_regions_differ_in_their_words() -> None:
    assert integer(1_105, region("south")) == "một ngàn một trăm lẻ năm"


def test_four_is_another_word_after_month_and_as_an_ordinal() -> None:
    assert (month(4, NORTH), ordinal(4, NORTH), ordinal(1, NORTH)) == ("tư", "tư", "nhất")


def test_written_forms_keep_thousands_and_decimals_apart() -> None:
    assert written("1.000,05", NORTH) == "một nghìn phẩy không năm"
    assert decimals("1416", NORTH) == "một bốn một sáu"
    assert digits("024") == "không hai bốn"


@pytest.mark.parametrize("text", ["1.00", "1,2,3", "mười"])
def test_what_is_no_written_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        written(text, NORTH)


@pytest.mark.parametrize(
    ("text", "value"), [("IV", 4), ("XIV", 14), ("XXI", 21), ("IIII", None), ("VX", None), ("", None)]
)
def test_a_roman_number_counts_only_when_well_formed(text: str, value: int | None) -> None:
    assert roman(text) == value
