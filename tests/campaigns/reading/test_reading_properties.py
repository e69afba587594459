"""Whatever comes in: a reading or a refusal, and no amount, number or date that the text does not hold."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.reading import PlanRefused, Reading, read_plan, to_json
from campaigns.reading.folding import fold, nfc
from campaigns.reading.money import in_words

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent / "samples").iterdir())]
PLANS = Path(__file__).parents[3] / ".." / "shared" / "plans"
REAL = [path.read_bytes() for path in sorted(PLANS.glob("*.txt"))]
TEXTS = [data.decode() for data in SAMPLES + REAL]
STARTS = [b"PK\x03\x04", b"%PDF-1.4\n", b"\xff\xfe", b"\xef\xbb\xbf", b"{\\rtf"]
SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
FEW = settings(max_examples=150, deadline=None, suppress_health_check=SLOW_IS_FINE)


def _read(data: bytes) -> Reading | None:
    try:
        return read_plan(data, "any")
    except PlanRefused as refusal:
        if not (refusal.code and refusal.message):
            raise
        return None


def _digits(text: str) -> set[str]:
    """Every run of digits in the text, grouping taken out, leading zeros too."""
    plain = re.sub(r"(?<=\d)[.,](?=\d{3})", "", text)
    return {d.lstrip("0") or "0" for d in re.findall(r"\d+", plain) + re.findall(r"\d+", text)}


def _amount_is_written(amount: int, text: str) -> bool:
    """Whether some figure of the text, times a unit or as a sum of figures with decimals, gives the amount."""
    plain = re.sub(r"(?<=\d)[.,](?=\d{3})", "", text)
    for raw in set(re.findall(r"\d+(?:[.,]\d{1,2})?", plain)):
        value = float(raw.replace(",", "."))
        if any(abs(value * factor - amount) < 0.5 for factor in (1, 10**3, 10**6, 10**9)):
            return True
    return False


def _check_nothing_invented(reading: Reading, text: str) -> None:
    text = nfc(text)
    digits = _digits(text)
    if reading.number:
        assert re.match(r"\d+", reading.number)[0].lstrip("0") in digits | {""}  # type: ignore[index]
    if reading.date:
        for part in (reading.date.day, reading.date.month, reading.date.year):
            assert str(part) in digits
    for reference in (*reading.legal_bases, *reading.other_refs):
        if reference.date:
            assert {str(reference.date.day), str(reference.date.month), str(reference.date.year)} <= digits
    for target in reading.targets:
        assert target.count is None or str(target.count) in digits
    budget = reading.budget
    if budget:
        for line in budget.lines:
            for amount in [p.amount for p in line.payees] or [line.amount]:
                assert amount is None or _amount_is_written(amount, text)
        assert budget.stated_total is None or _amount_is_written(budget.stated_total, text)
        assert budget.in_words is None or in_words(fold(budget.in_words)) == budget.in_words_amount


@FEW
@given(st.binary(max_size=3_000))
def test_random_bytes_never_crash(data: bytes) -> None:
    _read(data)


@FEW
@given(st.binary(max_size=200), st.sampled_from(STARTS))
def test_random_bytes_behind_a_known_start_never_crash(data: bytes, start: bytes) -> None:
    _read(start + data)


_PIECES = st.sampled_from(
    [
        "KẾ HOẠCH", "I. NỘI DUNG", "II. KINH PHÍ", "1. ", "a) ", "- ", "đ) ", "\n", "\n\n", "\t", " | ", "|---|", "# ",
        "**", "Số: 12/KH-UBND", "ngày 31 tháng 02 năm 2026", "Tổng cộng", "10.000.000 đồng", "Kinh phí", "STT",
        "PHỤ LỤC", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "Bằng chữ: Một triệu đồng", "Đơn vị tính: triệu đồng", "1,600",
        "²", "٣", "①", "\u0301", "\x0b", "Nghị định số 1/2020/NĐ-CP", "mỗi tháng 01 bài", "\f", "x" * 300, "(", ")",
        "“", "hằng tuần đưa tin",
    ]
)  # fmt: skip


@FEW
@given(st.lists(st.one_of(_PIECES, st.text(max_size=20)), max_size=60))
def test_random_plans_never_crash_and_invent_nothing(pieces: list[str]) -> None:
    text = "KẾ HOẠCH\nTuyên truyền năm 2026\nI. MỤC ĐÍCH\n" + "".join(pieces)
    data = text.encode("utf-8", "ignore")
    reading = _read(data)
    if reading:
        to_json(reading)
        _check_nothing_invented(reading, data.decode())


@FEW
@given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 12))
def test_mutated_plans_never_crash_and_invent_nothing(text: str, seed: int, changes: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    lines = text.split("\n")
    for _ in range(changes):
        _mutate(lines, dice)
    mutated = "\n".join(lines)
    reading = _read(mutated.encode())
    if reading:
        to_json(reading)
        _check_nothing_invented(reading, mutated)


def _mutate(lines: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    match dice.randrange(6):
        case 0:
            del lines[at : at + dice.randrange(1, 8)]
            lines.append("")
        case 1:
            lines.insert(at, lines[dice.randrange(len(lines))])
        case 2:
            lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
        case 3:
            lines[at] = re.sub(r"\d", lambda _: str(dice.randrange(10)), lines[at])
        case 4:
            lines[at] = "".join(dice.sample(lines[at], len(lines[at])))
        case _:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_unchanged_plans_invent_nothing(text: str) -> None:
    reading = _read(text.encode())
    assert reading
    _check_nothing_invented(reading, text)


def test_reading_twice_gives_the_same() -> None:
    for data in SAMPLES:
        assert to_json(read_plan(data, "a.txt")) == to_json(read_plan(data, "a.txt"))


def test_a_hundred_pages_are_read_in_two_seconds() -> None:
    body = TEXTS[-2].split("\n")
    pages = body[:450] + [line for n in range(11) for line in (f"VI{'I' * (n % 3)}. NỘI DUNG KHÁC", *body[183:440])]
    text = "\n".join(pages)
    assert len(text.split()) > 100 * 300
    start = time.process_time()
    read_plan(text.encode(), "dai.txt")
    assert time.process_time() - start < 2


HOSTILE = [
    "a) " * 60_000, "1. " * 60_000, "((((((" * 20_000, "I. " + "kinh phí " * 20_000, "\t" * 40_000, "số " * 40_000,
    "-" * 100_000, "Báo A" + " và" * 40_000, "a " * 50_000 + ":", "1" * 100_000, "1." * 50_000, "ngày " * 38_000,
    "| " * 40_000, "của " * 40_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_repetition_ends_in_time(text: str) -> None:
    whole = f"KẾ HOẠCH\nTuyên truyền\nI. MỤC ĐÍCH\n1. Một.\nII. NỘI DUNG\n{text}\n\nIII. KINH PHÍ\n- {text}"
    start = time.process_time()
    _read(whole.encode())
    assert time.process_time() - start < 4
