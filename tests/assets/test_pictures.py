"""Pictures from strangers: what is taken, what is refused and why, and what is left of them."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from assets.pictures import BadPicture, inspect, normalise, rendition
from tests.assets.conftest import encoded, photograph

JPEG = encoded(photograph(400, 300), "JPEG", quality=90)
PNG = encoded(photograph(400, 300), "PNG")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_the_four_kinds_are_known_by_their_content(kind: str, media_type: str) -> None:
    data = encoded(photograph(400, 300), kind)
    facts = inspect(data)
    assert (facts.media_type, facts.width, facts.height, facts.size) == (media_type, 400, 300, len(data))
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


def test_the_size_is_the_one_people_see() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    facts = inspect(encoded(photograph(400, 300), "JPEG", exif=exif))
    assert (facts.width, facts.height) == (300, 400)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims an enormous size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def with_archive(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Main.class", b"x" * 40)
    return data + buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Tệp rỗng"),
        (b"GIF is not enough", "không phải ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7 and so on", "không phải ảnh"),
        (encoded(photograph(64, 64), "BMP"), "không phải ảnh"),
        (encoded(photograph(64, 64), "TIFF"), "không phải ảnh"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 64, "hỏng hoặc thiếu"),
        (JPEG[: len(JPEG) // 2], "hỏng hoặc thiếu"),
        (PNG[: len(PNG) // 2], "hỏng hoặc thiếu"),
        (JPEG[:4], "hỏng hoặc thiếu"),
        (PNG[:60] + bytes([PNG[60] ^ 0xFF]) + PNG[61:], "hỏng hoặc thiếu"),
        (bomb(60_000, 60_000), "quá lớn"),
        (bomb(9_000, 9_000), "triệu điểm"),
        (encoded(photograph(400, 8), "PNG"), "quá nhỏ"),
        (JPEG + b"\0" * 21 * 1024 * 1024, "20 MB"),
        (with_archive(JPEG), "tệp khác bên trong"),
        (with_archive(PNG), "tệp khác bên trong"),
        (JPEG + b"<script>alert(1)</script>", "tệp khác bên trong"),
        (encoded(photograph(64, 64), "JPEG", comment=b"<?php system(1) ?>"), "tệp khác bên trong"),
        (encoded(photograph(64, 64), "JPEG", comment=b"%PDF-1.7"), "tệp khác bên trong"),
    ],
    ids=range(20),
)
def test_a_bad_file_is_refused_with_its_reason(data: bytes, told: str) -> None:
    for read in (inspect, normalise):
        with pytest.raises(BadPicture, match=told):
            read(data)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([JPEG[:3], PNG[:8], b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "]))
def test_noise_behind_a_right_beginning_is_refused_in_words(noise: bytes, beginning: bytes) -> None:
    with pytest.raises(BadPicture):
        inspect(beginning + noise)


@settings(max_examples=60, deadline=None)  # the cores are shared
@given(st.integers(0, len(JPEG) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_taken_or_refused_but_never_breaks(place: int, flip: int) -> None:
    data = JPEG[:place] + bytes([JPEG[place] ^ flip]) + JPEG[place + 1 :]
    with suppress(BadPicture):
        facts = inspect(data)
        assert facts.sha256 != hashlib.sha256(JPEG).hexdigest()
        assert max(opened(normalise(data)).size) <= 4096


def test_nothing_of_the_camera_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 30.0)  # place
    data = encoded(photograph(400, 300), "JPEG", exif=exif, comment=b"secret", dpi=(300, 300))
    clean = opened(normalise(data))
    assert (dict(clean.getexif()), clean.info.get("comment"), clean.info.get("exif")) == ({}, None, None)
    assert b"somebody" not in normalise(data)


def test_a_turned_photograph_stands_upright() -> None:
    image = Image.new("RGB", (400, 300), "white")
    image.paste("black", (0, 0, 200, 300))  # the left half; turned a quarter it becomes the top
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = opened(normalise(encoded(image, "JPEG", exif=exif, quality=95)))
    assert upright.size == (300, 400)
    assert upright.getpixel((150, 40))[0] < 40
    assert upright.getpixel((150, 360))[0] > 215


def test_an_enormous_picture_comes_down_to_what_is_worth_keeping() -> None:
    data = normalise(encoded(photograph(6000, 3000), "JPEG"))
    assert len(data) <= 8_000_000
    assert opened(data).size == (4096, 2048)


def test_transparency_becomes_white_paper() -> None:
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    assert opened(normalise(encoded(image, "PNG"))).getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "LA"])
def test_every_way_of_storing_colour_ends_in_plain_rgb(mode: str) -> None:
    image = photograph(200, 100).convert("L").convert(mode) if mode == "LA" else photograph(200, 100).convert(mode)
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    clean = opened(normalise(data))
    assert (clean.mode, clean.size, clean.format) == ("RGB", (200, 100), "JPEG")


def test_sixteen_bits_of_grey_keep_their_tones() -> None:
    image = Image.new("I;16", (64, 64), 32768)
    tone = opened(normalise(encoded(image, "PNG"))).getpixel((32, 32))[0]
    assert 120 <= tone <= 136


def test_a_foreign_colour_space_is_brought_to_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = opened(normalise(encoded(photograph(200, 100), "PNG", icc_profile=lab)))
    assert "icc_profile" not in same.info
    junk = opened(normalise(encoded(photograph(200, 100), "PNG", icc_profile=b"no profile at all")))
    assert junk.size == (200, 100)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_refused_for_nobody_chose_the_frame_to_show(kind: str) -> None:
    red, blue = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    data = encoded(red, kind, save_all=True, append_images=[blue], duration=100)
    with pytest.raises(BadPicture, match="Ảnh động"):
        normalise(data)


def test_the_same_picture_is_the_same_bytes() -> None:
    assert normalise(PNG) == normalise(PNG)


@pytest.mark.parametrize(("width", "height"), [(1200, 630), (600, 600), (800, 200)])
def test_a_rendition_has_exactly_the_size_asked_for(width: int, height: int) -> None:
    assert opened(rendition(JPEG, width, height)).size == (width, height)


def test_what_is_in_focus_stays_when_the_rest_is_cut_off() -> None:
    image = Image.new("RGB", (600, 200), "white")
    image.paste("black", (0, 0, 200, 200))
    data = encoded(image, "PNG")
    left, right = rendition(data, 100, 100, focus=(0.0, 0.5)), rendition(data, 100, 100, focus=(1.0, 0.5))
    assert opened(left).getpixel((50, 50))[0] < 40
    assert opened(right).getpixel((50, 50))[0] > 215


def test_a_rendition_keeps_to_its_limit() -> None:
    noise = encoded(Image.effect_noise((800, 800), 90).convert("RGB"), "PNG")
    assert len(rendition(noise, 800, 800, limit=60_000)) <= 60_000
