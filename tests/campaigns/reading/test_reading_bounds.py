"""What a hostile file may cost: a bounded time and memory, and a refusal with its reason."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from campaigns.reading import PlanRefused, read_plan, to_json
from campaigns.reading.guarded import read_guarded
from tests.growth import LINEAR, growth

HEAD = "KẾ HOẠCH\nTuyên truyền\n\nI. MỤC ĐÍCH\n1. Nâng cao nhận thức.\nII. NỘI DUNG TUYÊN TRUYỀN\n"
TAIL = "\nIII. TỔ CHỨC THỰC HIỆN\nGiao Văn phòng chủ trì."
INK = b"BT /F 9 Tf 1 0 0 1 10 10 Tm (abc) Tj ET\n"


def _plan(body: str) -> bytes:
    return f"{HEAD}{body}{TAIL}".encode()


def _pdf(content: bytes, pages: int = 1) -> bytes:
    """A small PDF all of whose pages draw the same packed content."""
    packed = zlib.compress(content, 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        *[page] * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    return out + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


def _refusal(read: Callable[[], object]) -> PlanRefused:
    with pytest.raises(PlanRefused) as caught:
        read()
    assert "Hãy" in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("\n".join(f"{n}. Abc." for n in range(1, 20_001)), "too_many_items"),
        ("\n".join("1. Abc xyz." for _ in range(20_000)), "too_many_items"),
        ("1% " * 50_000, "line_too_long"),
        ("12 bài/tháng; " * 12_000, "line_too_long"),
        ("\n".join("- " + "12 bài/tháng; " * 1_000 for _ in range(6)), "too_many_items"),
    ],
    ids=["numbers", "ones", "percent", "demands", "demands-in-lines"],
)
def test_more_than_any_plan_holds_is_refused(body: str, code: str) -> None:
    assert _refusal(lambda: read_plan(_plan(body), "x.txt")).code == code


def test_items_in_thousands_cost_what_their_number_says() -> None:
    def read(count: int) -> None:
        body = "\n".join(f"{n % 90 + 1}. Giới thiệu dịch vụ công." for n in range(count))
        assert len(read_plan(_plan(body), "x.txt").themes) == count

    assert growth(read, 1_000) < LINEAR


def test_lines_that_never_end_do_not_become_one_endless_paragraph() -> None:
    def read(count: int) -> None:
        read_plan(_plan("\n".join(f"{n}. abc" for n in range(1, count + 1))), "x.txt")

    assert growth(read, 2_000) < LINEAR


def test_a_page_that_unpacks_to_megabytes_is_refused_before_it_is_drawn() -> None:
    """What is refused at a million bytes costs the same whether ten or twenty more megabytes follow."""

    def refuse(lines: int) -> None:
        assert _refusal(lambda: read_plan(_pdf(INK * lines), "x.pdf")).code == "page_too_heavy"

    assert growth(refuse, 250_000) < 1.5


def test_a_page_crowded_with_strokes_is_refused() -> None:
    assert _refusal(lambda: read_plan(_pdf(b"1 1 5 5 re S\n" * 6_000), "x.pdf")).code == "page_too_heavy"


def test_a_guarded_reading_is_the_reading() -> None:
    data = (Path(__file__).parent / "samples" / "ward-letters.md").read_bytes()
    assert read_guarded(data, "kế hoạch.md") == to_json(read_plan(data, "kế hoạch.md"))


def test_a_guarded_refusal_keeps_its_reason() -> None:
    data = "QUYẾT ĐỊNH\nVề việc khen thưởng tổ dân phố số 4\n\nĐiều 1. Khen thưởng.\n".encode()
    direct = _refusal(lambda: read_plan(data, "x.txt"))
    guarded = _refusal(lambda: read_guarded(data, "x.txt"))
    assert (guarded.code, guarded.message, guarded.seems) == (direct.code, direct.message, direct.seems)


def test_a_file_that_takes_too_long_is_given_up() -> None:
    data = _pdf(INK * 2_500, pages=200)
    assert _refusal(lambda: read_guarded(data, "x.pdf", seconds=1)).code == "too_slow"


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4\n" + b"\0" * 24_000_000, _pdf(INK * 2_500, 40), _plan("1. Abc.\n" * 600_000)], ids=len
)
def test_a_file_that_takes_too_much_memory_is_given_up(data: bytes) -> None:
    assert _refusal(lambda: read_guarded(data, "x", memory=1)).code == "too_large"


def test_a_reader_that_breaks_down_is_a_refusal(capfd: pytest.CaptureFixture[str]) -> None:
    assert _refusal(lambda: read_guarded(_plan("1. Abc."), "x.txt", memory=1 << 70)).code == "reader_failed"
    assert capfd.readouterr().err


def test_no_secret_of_the_environment_reaches_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    from campaigns.reading.guarded import _environment

    monkeypatch.setenv("PUBLISHER_SECRET_KEY", "bí mật")
    assert "PUBLISHER_SECRET_KEY" not in _environment()
