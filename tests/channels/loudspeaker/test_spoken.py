"""Writing to speech: the shared pairs, the neighbours that decide, and what must be reported instead of read."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from channels.loudspeaker.spoken import Voice, builtin, default_voice, region, speak, speak_lines
from channels.loudspeaker.spoken.syllable import is_syllable
from tests.growth import LINEAR, growth

SHARED = Path(__file__).parents[4] / "shared" / "spoken-pairs.yaml"
OURS = sorted(Path(__file__).parent.glob("readings*.yaml"))


def pairs(path: Path) -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=False).load(path.read_text("utf-8"))["pairs"])


def heard(text: str | None) -> str:
    """What counts when two readings are compared: words, not capitals and marks."""
    return " ".join(re.sub(r"[^\w\[\]]", " ", (text or "").lower()).split())


def wanted(pair: dict[str, Any]) -> set[str]:
    alternatives = pair.get("alts", [])
    return {heard(one) for one in (pair["spoken"], *alternatives)}


@pytest.mark.parametrize("pair", pairs(SHARED), ids=lambda pair: pair["input"])
def test_a_shared_pair_is_read_as_it_says(pair: dict[str, Any], voice: Voice) -> None:
    reading = speak(str(pair["input"]), voice)
    spoken = "" if pair["spoken"] == "null" else pair["spoken"] or ""
    assert (reading.spoken, reading.unread) == (spoken, ())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_readings_are_read_as_they_say(path: Path) -> None:
    wrong = []
    for pair in pairs(path):
        said = speak(unicodedata.normalize("NFC", pair["input"]), Voice(region(pair.get("region", "north")), builtin()))
        if heard(said.spoken) not in wanted(pair):
            wrong.append((pair["input"], said.spoken))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("lúc 8h ngày 5/7", "lúc tám giờ ngày mùng năm tháng bảy"),
        ("đạt 5/7 tiêu chí", "đạt năm trên bảy tiêu chí"),
        ("họp 5/7 tại phường", "họp ngày mùng năm tháng bảy tại phường"),
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
        ("CV 9859/VPCP-KGVX", "công văn chín nghìn tám trăm năm mươi chín của Văn phòng Chính phủ"),
        ("TP. Lạc An", "thành phố Lạc An"),
        ("tổ 5B", "tổ năm bê"),
        ("Đề án 06/CP", "Đề án không sáu của Chính phủ"),
        ("sáng 24/7", "sáng ngày hai mươi bốn tháng bảy"),
        ("trực 24/7", "trực hai mươi bốn trên bảy"),
        ("xem trang (https://songvang.example/tin/1) nhé", "xem trang nhé"),
        ("VỀ VIỆC TRỒNG CÂY", "VỀ VIỆC TRỒNG CÂY"),
        ("“Chủ nhật xanh” (tuần đầu)", "Chủ nhật xanh, tuần đầu,"),
        ("cổng/trang của phường", "cổng, trang của phường"),
        ("mã 123456789", "mã một hai ba bốn năm sáu bảy tám chín"),
        ("KH Sở KH", "kế hoạch Sở khoa học"),
        ("KHU DI TÍCH, CHƯƠNG VI", "KHU DI TÍCH, CHƯƠNG sáu"),
        ("UBND\x00HĐND\u202e", "Ủy ban nhân dân Hội đồng nhân dân"),
        ("các thửa 113, 114", "các thửa một trăm mười ba, một trăm mười bốn"),
    ],
)
def test_neighbours_decide_how_a_writing_is_read(text: str, spoken: str, voice: Voice) -> None:
    assert speak(text, voice).spoken == spoken


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("theo QXZT mới", "QXZT"),
        ("ngày 31/02/2026", "31/02/2026"),
        ("kết quả 5/7 tại phường", "5/7"),
        ("giá 1,000 đồng", "1,000"),
        ("tải iMoVang", "iMoVang"),
        ("lúc 25h70", "25h70"),
        ("số 12/QXZT", "12/QXZT"),
        ("đi CN về", "CN"),
        ("tháng 13/2026", "13/2026"),
        ("lúc 24h30", "24h30"),
        ("đội 北京市", "北京市"),
        ("theo UBNDs", "UBNDs"),
        ("bảng A-A-A", "A-A-A"),
        ("nhóm N.V.A", "N.V.A"),
        ("xem songvang.gov.vn/tin?id=5", "songvang.gov.vn/tin?id=5"),
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


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="aăâđêôơưẤỀ UBND0123456789/.,-:;()%đ°\n&T*#@", max_size=60))
def test_any_text_is_cut_into_pieces_that_cover_it_once_and_in_order(text: str) -> None:
    pieces = speak(text, default_voice()).pieces
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert all(before.end == after.start for before, after in pairwise(pieces))


@pytest.mark.parametrize("path", [SHARED, *OURS], ids=lambda path: path.stem)
def test_the_pieces_of_every_known_pair_cover_it_once_and_in_order(path: Path, voice: Voice) -> None:
    for pair in pairs(path):
        text = unicodedata.normalize("NFC", str(pair["input"]))
        pieces = speak(text, voice).pieces
        assert "".join(text[piece.start : piece.end] for piece in pieces) == text
        assert all(before.end == after.start for before, after in pairwise(pieces))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="abcđế 0123456789/.,-:%UBNDhTx*", max_size=60))
def test_no_digit_or_slash_reaches_the_voice_unmarked(text: str) -> None:
    reading = speak(text, default_voice())
    said = "".join(piece.spoken for piece in reading.pieces if piece.step != "unread")
    assert not any(letter.isdigit() or letter == "/" for letter in said)


def test_a_ward_dictionary_wins_over_the_built_in_one() -> None:
    ward = Voice(
        region(), builtin().with_words({"UBND": "Ủy ban", "QXZT": "quán xá", "KH": "khách hàng", "AI": "ai ai"})
    )
    assert speak("UBND và QXZT, KH, AI", ward).spoken == "Ủy ban và quán xá, khách hàng, ai ai"


def test_a_web_address_made_of_the_wards_own_name_is_read() -> None:
    ward = Voice(region(), builtin().with_names(["Ủy ban nhân dân phường Sông Vàng"]))
    assert speak("songvang.gov.vn", ward).spoken == "sông vàng chấm gốp chấm vê en"


def test_another_region_says_numbers_its_own_way() -> None:
    south = Voice(region("south"), builtin())
    assert speak("ngõ 35/4, 1.105 hộ", south).spoken == "ngõ ba mươi lăm xuyệt bốn, một ngàn một trăm lẻ năm hộ"
    assert speak("ngày 5/7", south).spoken == "ngày năm tháng bảy"


@pytest.mark.parametrize("name", ["centre", "center", "central", "trung", "Miền Trung"])
def test_a_region_goes_by_several_names(name: str) -> None:
    assert region(name) == region("centre")


@pytest.mark.parametrize(
    ("switch", "text", "spoken"),
    [
        ("thousand=ngàn", "1.000", "một ngàn"),
        ("zero_tens=lẻ", "105", "một trăm lẻ năm"),
        ("four=tư", "24 hộ", "hai mươi tư hộ"),
        ("quarter_four=tư", "quý IV", "quý tư"),
        ("early_day=", "ngày 5/7", "ngày năm tháng bảy"),
        ("over=xuyệt", "ngõ 35/4", "ngõ ba mươi lăm xuyệt bốn"),
    ],
)
def test_one_switch_can_be_set_without_leaving_the_region(switch: str, text: str, spoken: str) -> None:
    assert speak(text, Voice(region(f"north, {switch}"), builtin())).spoken == spoken


@pytest.mark.parametrize("name", ["mars", "north, speed=2"])
def test_a_region_or_switch_there_is_none_of_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        region(name)


def test_each_line_is_read_by_itself_and_recipients_are_not_read(voice: Voice) -> None:
    lines = ["ngày", "5/7 tiêu chí", "", "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "Trần Quốc Bảo"]
    said = [reading.spoken for reading in speak_lines(lines, voice)]
    assert said == ["ngày", "năm trên bảy tiêu chí", "", "", "", "", "Trần Quốc Bảo"]


def test_a_text_from_a_scanner_is_mended_where_a_syllable_comes_of_it(voice: Voice) -> None:
    (reading,) = speak_lines(["KE HOACH thuc hien cac viec d6i v6i h6 dan, s6 12"], voice)
    assert reading.spoken == "KE HOACH thuc hien cac viec doi voi ho dan, số mười hai"


def test_a_signature_block_is_not_read(voice: Voice) -> None:
    text = "Kính mời.\n\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\n\nTrần Quốc Bảo\n"
    assert speak(text, voice).spoken == "Kính mời."


@pytest.mark.parametrize("word", ["về", "TRƯỜNG", "Nguyễn", "khuya", "giếng", "quyết", "ươm", "y"])
def test_a_syllable_is_known_in_any_case(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["UBND", "TTHC", "SIPAS", "VAT", "PAR", "COVID", "TP"])
def test_an_abbreviation_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    "run",
    [
        " ",
        " \t",
        "\N{NO-BREAK SPACE}",
        "-",
        "A-",
        "T2-",
        "1-",
        "(",
        ".",
        "1.",
        "a@",
        "0912.",
        "1, ",
        "I, ",
        "/a",
        "113, ",
    ],
)
def test_a_long_run_of_one_sign_costs_its_length_and_not_its_square(run: str, voice: Voice) -> None:
    """One officer's pasted junk must not hold a thread of the web server for minutes."""

    def say(size: int) -> None:
        assert speak("x" + run * (size // len(run)) + "x", voice) is not None

    say(30_000)  # tests/bench/bench_growth.py measures what the regular expressions in it cost
    assert growth(say, 2_000) < LINEAR
