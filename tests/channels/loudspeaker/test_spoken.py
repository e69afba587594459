"""Writing to speech: the shared pairs, the neighbours that decide, and what must be reported instead of read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from channels.loudspeaker.spoken import Voice, builtin, default_voice, region, speak
from channels.loudspeaker.spoken.syllable import is_syllable
from tests.growth import LINEAR, growth

PAIRS = YAML(typ="safe").load((Path(__file__).parents[4] / "shared" / "spoken-pairs.yaml").read_text("utf-8"))["pairs"]


def wanted(pair: dict[str, str | None]) -> str:
    return "" if pair["spoken"] in (None, "null") else str(pair["spoken"])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["input"])
def test_a_shared_pair_is_read_as_it_says(pair: dict[str, str | None], voice: Voice) -> None:
    reading = speak(str(pair["input"]), voice)
    assert (reading.spoken, reading.unread) == (wanted(pair), ())


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("lúc 8h ngày 5/7", "lúc tám giờ ngày mùng năm tháng bảy"),
        ("đạt 5/7 tiêu chí", "đạt năm trên bảy tiêu chí"),
        (
            "dịp lễ 30/4 - 1/5/2026",
            "dịp lễ ngày ba mươi tháng tư đến ngày mùng một tháng năm năm hai nghìn không trăm hai mươi sáu",
        ),
        ("từ 24 - 26/3", "từ ngày hai mươi bốn đến ngày hai mươi sáu tháng ba"),
        ("Quốc khánh 2/9", "Quốc khánh ngày mùng hai tháng chín"),
        ("quý IV/2026", "quý bốn năm hai nghìn không trăm hai mươi sáu"),
        ("thứ 2, 4, 6 hằng tuần", "thứ hai, tư, sáu hằng tuần"),
        ("2026-12-05", "ngày mùng năm tháng mười hai năm hai nghìn không trăm hai mươi sáu"),
        ("7h30 - 11h", "bảy giờ ba mươi phút đến mười một giờ"),
        ("gọi 113, 114 hoặc 115", "gọi một một ba, một một bốn hoặc một một năm"),
        ("có 114 hộ", "có một trăm mười bốn hộ"),
        ("0912345678", "không chín một hai, ba bốn năm, sáu bảy tám"),
        ("+84 912 345 678", "cộng tám bốn, chín một hai, ba bốn năm, sáu bảy tám"),
        ("20 - 30%", "hai mươi đến ba mươi phần trăm"),
        ("≥ 80%", "ít nhất tám mươi phần trăm"),
        ("60 km/h", "sáu mươi ki lô mét một giờ"),
        ("theo 32/KH-UBND", "theo Kế hoạch số ba mươi hai của Ủy ban nhân dân"),
        ("CV 9859/VPCP-KGVX", "[CV] số chín nghìn tám trăm năm mươi chín của Văn phòng Chính phủ"),
        ("TP. Lạc An", "thành phố Lạc An"),
        ("tổ 5B", "tổ năm bê"),
        ("Đề án 06/CP", "Đề án không sáu của Chính phủ"),
        ("sáng 24/7", "sáng ngày hai mươi bốn tháng bảy"),
        ("trực 24/7", "trực hai mươi bốn trên bảy"),
        ("xem trang (https://songvang.example/tin/1) nhé", "xem trang nhé"),
        ("VỀ VIỆC TRỒNG CÂY", "VỀ VIỆC TRỒNG CÂY"),
        ("“Chủ nhật xanh” (tuần đầu)", "Chủ nhật xanh, tuần đầu,"),
    ],
)
def test_neighbours_decide_how_a_writing_is_read(text: str, spoken: str, voice: Voice) -> None:
    assert speak(text, voice).spoken == spoken


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("theo QXZT mới", "QXZT"),
        ("ngày 31/02/2026", "31/02/2026"),
        ("họp 5/7 tại phường", "5/7"),
        ("mã 123456789012", "123456789012"),
        ("cổng/trang của phường", "cổng/trang"),
        ("giá 1,000 đồng", "1,000"),
        ("tải iTaxViewer", "iTaxViewer"),
        ("vào songvang.gov.vn/tin", "songvang.gov.vn/tin"),
        ("lúc 25h70", "25h70"),
        ("dùng 3 * 4", "*"),
        ("số 12/QXZT", "12/QXZT"),
    ],
)
def test_what_cannot_be_read_for_certain_is_reported_and_marked(text: str, token: str, voice: Voice) -> None:
    reading = speak(text, voice)
    assert reading.unread == (token,)
    assert f"[{token}]" in reading.spoken


def test_every_spoken_word_keeps_its_place_in_the_source(voice: Voice) -> None:
    text = "UBND họp lúc 7h30 ngày 25/11/2026 về PCCC."
    pieces = {text[piece.start : piece.end]: piece for piece in speak(text, voice).pieces}
    assert pieces["7h30"].spoken == "bảy giờ ba mươi phút"
    assert pieces["PCCC"].step == "abbreviation"


@settings(deadline=None)
@given(st.text(alphabet="aăâđêôơưẤỀ UBND0123456789/.,-:;()%đ°\n&T", max_size=60))
def test_any_text_is_cut_into_pieces_that_cover_it_once(text: str) -> None:
    pieces = speak(text, default_voice()).pieces
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text


@settings(deadline=None)
@given(st.text(alphabet="abcđế 0123456789/.,-:%UBNDhT", max_size=60))
def test_no_digit_or_slash_reaches_the_voice_unmarked(text: str) -> None:
    reading = speak(text, default_voice())
    said = "".join(piece.spoken for piece in reading.pieces if piece.step != "unread")
    assert not any(letter.isdigit() or letter == "/" for letter in said)


def test_a_ward_dictionary_wins_over_the_built_in_one() -> None:
    ward = Voice(region(), builtin().with_words({"UBND": "Ủy ban", "QXZT": "quán xá"}))
    assert speak("UBND và QXZT", ward).spoken == "Ủy ban và quán xá"


def test_a_web_address_made_of_the_wards_own_name_is_read() -> None:
    ward = Voice(region(), builtin().with_names(["Ủy ban nhân dân phường Sông Vàng"]))
    assert speak("songvang.gov.vn", ward).spoken == "sông vàng chấm gốp chấm vê en"


def test_another_region_says_numbers_its_own_way() -> None:
    south = Voice(region("south"), builtin())
    assert speak("ngõ 35/4, 1.105 hộ", south).spoken == "ngõ ba mươi lăm xuyệt bốn, một ngàn một trăm lẻ năm hộ"


@pytest.mark.parametrize("word", ["về", "TRƯỜNG", "Nguyễn", "khuya", "giếng", "quyết", "ươm", "y"])
def test_a_syllable_is_known_in_any_case(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["UBND", "TTHC", "SIPAS", "VAT", "PAR", "COVID", "TP"])
def test_an_abbreviation_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    "run", [" ", " \t", "\N{NO-BREAK SPACE}", "-", "A-", "T2-", "1-", "(", ".", "1.", "a@", "0912."]
)
def test_a_long_run_of_one_sign_costs_its_length_and_not_its_square(run: str, voice: Voice) -> None:
    """One officer's pasted junk must not hold a thread of the web server for minutes."""

    def say(size: int) -> None:
        assert speak("x" + run * (size // len(run)) + "x", voice) is not None

    say(30_000)  # tests/bench/bench_growth.py measures what the regular expressions in it cost
    assert growth(say, 2_000) < LINEAR
