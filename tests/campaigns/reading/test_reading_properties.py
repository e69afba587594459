"""Whatever comes in: a reading or a refusal, and no amount, number or date that the text does not hold."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.reading import PlanRefused, Reading, read_plan, to_json
from tests.bench.material import HOSTILE
from tests.campaigns.reading.conftest import make_pdf
from tests.campaigns.reading.evidence import inventions
from tests.growth import LINEAR, growth

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent / "samples").iterdir())]
PLANS = Path(__file__).parents[3] / ".." / "shared" / "plans"
REAL = [path.read_bytes() for path in sorted(PLANS.glob("*.txt"))]
SMALL = [data.decode() for data in SAMPLES]
TEXTS = [data.decode() for data in SAMPLES + REAL]
STARTS = [
    b"PK\x03\x04", b"%PDF-1.4\n", b"\xff\xfe", b"\xef\xbb\xbf", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
]  # fmt: skip
EXAMPLES = {"bytes": 300, "starts": 260, "packages": 60, "prints": 80, "texts": 730, "plans": 400, "mutations": 200}


def test_more_than_two_thousand_examples_are_tried() -> None:
    assert sum(EXAMPLES.values()) >= 2_000


def _try(name: str, values: st.SearchStrategy[Any], check: Callable[[Any], None]) -> None:
    """Checks `EXAMPLES[name]` generated values, and that they were so many."""
    tried = 0

    @settings(
        max_examples=EXAMPLES[name], deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(values)
    def run(value: Any) -> None:
        nonlocal tried
        tried += 1
        check(value)

    run()
    print(f"{name}: {tried} examples")
    assert tried >= EXAMPLES[name]


def _read(data: bytes) -> Reading | None:
    try:
        return read_plan(data, "any")
    except PlanRefused as refusal:
        if not (refusal.code and refusal.message):
            raise
        return None


def _check_text(text: str) -> None:
    """Read the text; what is understood must be written in it."""
    data = text.encode("utf-8", "ignore")
    reading = _read(data)
    if reading:
        assert inventions(to_json(reading), data.decode()) == []


def test_random_bytes_never_crash() -> None:
    _try("bytes", st.binary(max_size=3_000), lambda data: _read(data))


def test_random_bytes_behind_a_known_start_never_crash() -> None:
    _try("starts", st.tuples(st.sampled_from(STARTS), st.binary(max_size=300)), lambda pair: _read(b"".join(pair)))


_PIECES = st.sampled_from(
    [
        "KẾ HOẠCH", "I. NỘI DUNG", "II. KINH PHÍ", "1. ", "a) ", "- ", "đ) ", "\n", "\n\n", "\t", " | ", "|---|", "# ",
        "**", "Số: 12/KH-UBND", "ngày 31 tháng 02 năm 2026", "Tổng cộng", "10.000.000 đồng", "Kinh phí", "STT",
        "PHỤ LỤC", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "Bằng chữ: Một triệu đồng", "Đơn vị tính: triệu đồng", "1,600",
        "²", "٣", "①", "\u0301", "\x0b", "Nghị định số 1/2020/NĐ-CP", "mỗi tháng 01 bài", "\f", "x" * 300, "(", ")",
        "“", "hằng tuần đưa tin",
    ]
)  # fmt: skip


def test_random_text_never_crashes_and_invents_nothing() -> None:
    _try("texts", st.text(max_size=400), _check_text)


def test_random_plans_never_crash_and_invent_nothing() -> None:
    head = "KẾ HOẠCH\nTuyên truyền năm 2026\nI. MỤC ĐÍCH\n"
    pieces = st.lists(st.one_of(_PIECES, st.text(max_size=20)), max_size=60)
    _try("plans", pieces, lambda pieces: _check_text(head + "".join(pieces)))


def test_mutated_plans_never_crash_and_invent_nothing() -> None:
    changes = st.tuples(st.sampled_from(SMALL), st.sampled_from(SMALL), st.integers(0, 2**32), st.integers(1, 12))
    _try("mutations", changes, lambda change: _check_text(_mutated(*change)))


def _mutated(text: str, other: str, seed: int, changes: int) -> str:
    dice = random.Random(seed)  # noqa: S311
    lines = text.split("\n")
    for _ in range(changes):
        dice.choice(MUTATIONS)(lines, other.split("\n"), dice)
    return "\n".join(lines)


def _cut(lines: list[str], _other: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    del lines[at : at + dice.randrange(1, 8)]
    lines.append("")


def _repeat(lines: list[str], _other: list[str], dice: random.Random) -> None:
    lines.insert(dice.randrange(len(lines)), dice.choice(lines))


def _shorten(lines: list[str], _other: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]


def _other_digits(lines: list[str], _other: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    lines[at] = re.sub(r"\d", lambda _: str(dice.randrange(10)), lines[at])


def _shuffle(lines: list[str], _other: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    lines[at] = "".join(dice.sample(lines[at], len(lines[at])))


def _swap(lines: list[str], _other: list[str], dice: random.Random) -> None:
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]


def _other_letters(lines: list[str], _other: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    letters = list(lines[at])
    for _ in range(min(3, len(letters))):
        letters[dice.randrange(len(letters))] = dice.choice("aăđ1ơ0|*\t\f-.,:;(\u0301\u00a0\u200b½٣")
    lines[at] = "".join(letters)


def _splice(lines: list[str], other: list[str], dice: random.Random) -> None:
    start = dice.randrange(len(other))
    at = dice.randrange(len(lines))
    lines[at:at] = other[start : start + dice.randrange(1, 15)]


def _break(lines: list[str], _other: list[str], dice: random.Random) -> None:
    """A page break between two words of a line."""
    at = dice.randrange(len(lines))
    words = lines[at].split(" ")
    half = dice.randrange(len(words) + 1)
    page = ["", str(dice.randrange(30)), ""]
    lines[at : at + 1] = [" ".join(words[:half]), *page, " ".join(words[half:])]


MUTATIONS = (_cut, _repeat, _shorten, _other_digits, _shuffle, _swap, _other_letters, _splice, _break)


@pytest.fixture(scope="module")
def word() -> bytes:
    """The smallest Word file that holds a plan."""
    out = io.BytesIO()
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in SMALL[0].split("\n"))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
        )
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            f'relationships+xml"/><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r" Type="{office}" Target="word/document.xml"/>'
            "</Relationships>",
        )
    return out.getvalue()


def _damaged(data: bytes, places: list[tuple[float, int]]) -> bytes:
    whole = bytearray(data)
    for place, value in places:
        whole[int(place * (len(whole) - 1))] = value
    return bytes(whole)


DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20)


def test_a_damaged_word_file_never_crashes(word: bytes) -> None:
    assert read_plan(word, "x.docx").format == "docx"
    _try("packages", DAMAGE, lambda places: _read(_damaged(word, places)))


def test_a_damaged_pdf_never_crashes() -> None:
    lines = [(60.0, 40.0 + 16 * n, line) for n, line in enumerate(SMALL[0].split("\n")[:45]) if line]
    printed = make_pdf([lines])
    assert read_plan(printed, "x.pdf").format == "pdf"
    _try("prints", DAMAGE, lambda places: _read(_damaged(printed, places)))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_unchanged_plans_invent_nothing(text: str) -> None:
    reading = _read(text.encode())
    assert reading
    assert inventions(to_json(reading), text) == []


def test_the_check_finds_what_is_invented() -> None:
    text = next(text for text in SMALL if (r := _read(text.encode())) and r.budget and r.targets and r.date)
    read = to_json(read_plan(text.encode(), "x"))
    target = {**read["targets"][0], "count": 7_777}
    budget = {**read["budget"], "stated_total": 123_456_789, "in_words_amount": None}
    changes = {"date": "1999-09-19", "number": "7777/KH-UBND", "targets": [target], "budget": budget, "year": 1888}
    for key, value in changes.items():
        assert inventions({**read, key: value}, text), key


def test_reading_twice_gives_the_same() -> None:
    for data in SAMPLES:
        assert to_json(read_plan(data, "a.txt")) == to_json(read_plan(data, "a.txt"))


def _hostile(run: str, size: int) -> None:
    """A plan with one line of a run repeated to `size` letters, and as many lines of it."""
    text = (run * size)[:size]
    lines = "\n".join([run] * (size // 20))
    _read(
        f"KẾ HOẠCH\nTuyên truyền\nI. MỤC ĐÍCH\n1. Một.\nII. NỘI DUNG\n{text}\n\nIII. KINH PHÍ\n- {text}\n"
        f"{lines}".encode()
    )


@pytest.mark.parametrize("run", HOSTILE.values(), ids=HOSTILE.keys())
def test_repetition_costs_its_length_and_not_its_square(run: str) -> None:
    assert growth(lambda size: _hostile(run, size), 4_000) < LINEAR
