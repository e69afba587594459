"""What telephones and strangers send besides JPEG: taken with their turn and colours, or refused in words."""

from __future__ import annotations

import io
import json
import os
import struct
import zlib
from dataclasses import asdict

import pillow_heif
import pytest
from PIL import Image

from assets.guarded import cleaned_guarded
from assets.pictures import BadPicture, cleaned, inspect, normalise
from tests.assets.conftest import encoded, photograph


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def heic(image: Image.Image, *more: Image.Image, **options: object) -> bytes:
    file = pillow_heif.from_pillow(image)
    for other in more:
        file.add_from_pillow(other)
    out = io.BytesIO()
    file.save(out, quality=60, **options)
    return out.getvalue()


def quartered(mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    image.paste("black", (0, 0, 200, 150))  # the upper left quarter
    return image.convert(mode)


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of somebody"
    return exif.tobytes()


HEIC = heic(photograph(400, 300))
AVIF = encoded(photograph(400, 300), "AVIF", speed=10)


@pytest.mark.parametrize(("data", "media_type"), [(HEIC, "image/heic"), (AVIF, "image/avif")], ids=["HEIC", "AVIF"])
def test_newer_kinds_are_taken_and_kept_as_jpeg(data: bytes, media_type: str) -> None:
    clean = cleaned(data)
    assert (clean.original.media_type, clean.original.width, clean.original.height) == (media_type, 400, 300)
    assert (opened(clean.data).format, opened(clean.data).size) == ("JPEG", (400, 300))
    assert inspect(data).media_type == media_type


@pytest.mark.parametrize("kind", ["HEIC", "AVIF"])
def test_a_telephones_turn_is_applied_once_and_its_notes_are_gone(kind: str) -> None:
    given = heic(quartered(), exif=turned(6)) if kind == "HEIC" else encoded(quartered(), "AVIF", exif=turned(6))
    kept = normalise(given)
    made = opened(kept)
    assert made.size == (300, 400)
    assert made.getpixel((280, 20))[0] < 60, "upper left became upper right"
    assert made.getpixel((20, 380))[0] > 195
    assert b"somebody" not in kept
    assert not made.getexif()


@pytest.mark.parametrize("mode", ["RGBA", "L"])
def test_heic_of_other_colours_ends_in_plain_rgb_on_white(mode: str) -> None:
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0)) if mode == "RGBA" else photograph(100, 100).convert(mode)
    made = opened(normalise(heic(image)))
    assert made.mode == "RGB"
    if mode == "RGBA":
        assert min(made.getpixel((50, 50))) > 250


def test_a_second_shot_in_one_heic_is_no_movement() -> None:
    made = opened(normalise(heic(photograph(400, 300), photograph(200, 150))))
    assert (made.size, getattr(made, "n_frames", 1)) == ((400, 300), 1)


def test_a_moving_avif_is_refused() -> None:
    first, second = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    with pytest.raises(BadPicture, match=r"Ảnh động.*video MP4"):
        normalise(encoded(first, "AVIF", save_all=True, append_images=[second], duration=100))


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (HEIC[: len(HEIC) // 2], "hỏng hoặc thiếu"),
        (AVIF[: len(AVIF) // 2], "hỏng hoặc thiếu"),
        (box(b"ftyp", b"heic\0\0\0\0mif1heic"), "hỏng hoặc thiếu"),
        (box(b"ftyp", b"hevc\0\0\0\0hevcmsf1") + HEIC[24:], "Ảnh động"),
        (box(b"ftyp", b"isom\0\0\0\0isomavc1") + b"\0" * 99, "không phải ảnh"),
        (box(b"ftyp", b""), "không phải ảnh"),
        (b"\0\0\0\0ftyp", "không phải ảnh"),
        (HEIC + b"<script>alert(1)</script>", "tệp khác bên trong"),
        (heic(photograph(400, 20)), "quá nhỏ"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xef\xbb\xbf <svg onload='x()'>", "SVG"),
    ],
    ids=range(11),
)
def test_what_is_broken_or_something_else_is_refused_with_its_reason(data: bytes, told: str) -> None:
    with pytest.raises(BadPicture, match=told):
        normalise(data)


def test_a_heic_that_claims_an_enormous_size_is_refused_before_it_is_opened() -> None:
    at = HEIC.index(b"ispe") + 8
    vast = HEIC[:at] + struct.pack(">II", 30_000, 30_000) + HEIC[at + 8 :]
    with pytest.raises(BadPicture):
        normalise(vast)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA"])
def test_sixteen_bits_a_colour_come_down_to_eight(mode: str) -> None:
    channels = {"RGB": (2, 3), "RGBA": (6, 4), "LA": (4, 2)}[mode]
    row = b"\0" + struct.pack(">H", 0x8080) * channels[1] * 64
    row = row if mode == "RGB" else b"\0" + (struct.pack(">H", 0x8080) * (channels[1] - 1) + b"\xff\xff") * 64

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 64, 64, 16, channels[0], 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 64)) + chunk(b"IEND", b"")
    made = opened(normalise(data))
    assert made.mode == "RGB"
    assert all(abs(tone - 128) < 4 for tone in made.getpixel((30, 30)))


def test_the_same_picture_in_another_file_is_known_by_what_is_seen() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    first = cleaned(encoded(photograph(64, 64), "PNG"))
    other = cleaned(encoded(photograph(64, 64), "PNG", exif=exif))
    lossless = cleaned(encoded(photograph(64, 64), "WEBP", lossless=True))
    assert first.original.sha256 != other.original.sha256
    assert first.pixels == other.pixels == lossless.pixels
    changed = photograph(64, 64)
    changed.putpixel((3, 3), (1, 2, 3))
    assert cleaned(encoded(changed, "PNG")).pixels != first.pixels


def test_a_process_of_its_own_gives_the_same_and_refuses_with_the_same_words() -> None:
    data = encoded(photograph(400, 300), "JPEG", quality=90)
    assert cleaned_guarded(data) == cleaned(data)
    with pytest.raises(BadPicture, match="SVG"):
        cleaned_guarded(b"<svg/>")
    with pytest.raises(BadPicture, match="20 MB"):
        cleaned_guarded(data + b"\0" * 21 * 1024 * 1024)


def test_a_picture_that_takes_too_much_ends_its_process_and_not_ours() -> None:
    vast = encoded(Image.new("RGB", (7000, 7000)), "PNG")
    with pytest.raises(BadPicture, match=r"bộ nhớ nên đã dừng|quá lớn khi mở"):
        cleaned_guarded(vast, memory=200_000_000)
    with pytest.raises(BadPicture, match="quá nhiều thời gian"):
        cleaned_guarded(vast, seconds=0)


def test_no_secret_of_ours_is_within_a_decoders_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_SECRET_KEY", "never of an installation")
    seen: dict[str, object] = {}

    def look(*args: object, **options: object) -> object:
        seen.update(options)
        raise OSError

    monkeypatch.setattr("assets.guarded.subprocess.run", look)
    with pytest.raises(OSError):  # noqa: PT011 (the fake's own)
        cleaned_guarded(b"x")
    assert "PUBLISHER_SECRET_KEY" in os.environ
    assert "PUBLISHER_SECRET_KEY" not in seen["env"]


class Answer:
    """What a decoder printed that was taken over, or that talks to itself."""

    def __init__(self, told: object, picture: bytes) -> None:
        self.stdout = (told if isinstance(told, bytes) else json.dumps(told).encode()) + b"\n" + picture


def test_what_a_decoder_says_of_other_pictures_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(photograph(64, 48), "PNG")
    honest = cleaned(data)
    facts, original = asdict(honest.facts), asdict(honest.original)
    said = [
        (
            {"pixels": "", "facts": [*({**facts, "sha256": "0" * 64}).values()], "original": [*original.values()]},
            honest.data,
        ),
        (
            {"pixels": "", "facts": [*facts.values()], "original": [*({**original, "sha256": "0" * 64}).values()]},
            honest.data,
        ),
        ({"pixels": "", "facts": [*facts.values()], "original": [*original.values()]}, b"<html>"),
        (b"libheif: warning", honest.data),
        ({"facts": []}, b""),
    ]
    for told, picture in said:
        answer = Answer(told, picture)
        monkeypatch.setattr("assets.guarded.subprocess.run", lambda *_, answer=answer, **__: answer)
        with pytest.raises(BadPicture, match="đã dừng"):
            cleaned_guarded(data)


def test_a_thread_of_a_picture_is_refused_before_nothing_can_be_made_of_it() -> None:
    with pytest.raises(BadPicture, match="quá dài và hẹp"):
        cleaned(encoded(Image.new("RGB", (32, 9000)), "PNG"))
    assert cleaned(encoded(Image.new("RGB", (50, 6400)), "PNG")).facts.width == 32
