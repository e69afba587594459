"""Videos by what they hold: an MP4 that is whole and shows something, whatever its name says."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.videos import LARGEST_VIDEO, BadVideo, inspect_video
from tests.assets.films import QUARTER, box, film, ftyp, moov, track


def looked_at(data: bytes):
    return inspect_video(io.BytesIO(data))


def test_facts_of_a_video_are_read_from_its_boxes() -> None:
    facts = looked_at(film())
    assert (facts.media_type, facts.width, facts.height, facts.seconds) == ("video/mp4", 1280, 720, 12)
    assert (facts.size, facts.codec, facts.played_everywhere) == (len(film()), "avc1", True)


def test_a_telephone_held_upright_films_upright() -> None:
    facts = looked_at(film(10, b"x", track(matrix=QUARTER)))
    assert (facts.width, facts.height) == (720, 1280)


def test_a_coding_that_not_every_browser_plays_is_known() -> None:
    assert not looked_at(film(10, b"x", track(codec=b"hvc1"))).played_everywhere


def test_boxes_in_any_order_and_of_the_long_form_are_read() -> None:
    long_form = (1).to_bytes(4) + b"mdat" + (16 + 500).to_bytes(8) + bytes(500)
    to_the_end = bytes(4) + b"mdat" + bytes(100)
    for data in (
        ftyp() + moov(track()) + long_form,
        ftyp() + moov(track()) + to_the_end,
        ftyp(b"dash") + moov(track()),
    ):
        assert looked_at(data).width == 1280


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "rỗng"),
        (b"not a video at all, only words", "không phải video MP4"),
        (b"RIFF\0\0\0\0AVI LIST" + bytes(99), "không phải video MP4"),
        (b"\x1a\x45\xdf\xa3" + bytes(99), "không phải video MP4"),
        (b"\0\0\0\x18ftypheic" + bytes(12), "không phải video MP4"),
        (ftyp(b"qt  ") + moov(track()), "không phải video MP4"),
        (ftyp() + box(b"mdat", bytes(99)), "hỏng hoặc tải lên thiếu"),
        (film()[:-10], "hỏng hoặc tải lên thiếu"),
        (film()[:900], "hỏng hoặc tải lên thiếu"),
        (film() + b"PK\x03\x04 and an archive", "hỏng hoặc tải lên thiếu"),
        (ftyp() + moov(track(b"soun")), "không có hình"),
        (ftyp() + moov(), "không có hình"),
    ],
)
def test_what_is_no_whole_mp4_is_refused_with_its_reason(data: bytes, told: str) -> None:
    with pytest.raises(BadVideo, match=told):
        looked_at(data)


def test_a_video_no_channel_takes_is_refused_before_it_is_read(tmp_path) -> None:
    path = tmp_path / "long.mp4"
    path.write_bytes(film())
    with path.open("r+b") as file:
        file.truncate(LARGEST_VIDEO + 1)
        with pytest.raises(BadVideo, match="nặng 50,0 MB, nhiều nhất 50 MB"):
            inspect_video(file)


@given(st.binary(max_size=200), st.integers(0, len(film(50)) - 1))
def test_any_damage_is_taken_or_refused_but_never_breaks(noise: bytes, place: int) -> None:
    whole = film(50)
    with suppress(BadVideo):
        assert looked_at(whole[:place] + noise + whole[place + len(noise) :]).media_type == "video/mp4"
