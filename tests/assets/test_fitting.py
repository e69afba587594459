"""Pictures as a channel takes them: kept when they fit, made anew within its limits when they do not."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from PIL import Image, ImageChops

from assets.fitting import Picture, fit, fits, size_of
from assets.pictures import BadPicture, inspect
from tests.assets.conftest import encoded, photograph


@dataclass(frozen=True)
class Needs:
    most_bytes: int = 0
    longest_side: int = 0
    media_types: tuple[str, ...] = ("image/jpeg", "image/png")


ANYTHING = Needs()
JPEG = encoded(photograph(400, 300), "JPEG", quality=90)
PNG = encoded(photograph(400, 300), "PNG")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("data", [JPEG, PNG, encoded(photograph(400, 300).convert("L"), "JPEG"),
                                  encoded(photograph(400, 300).quantize(16), "PNG")])  # fmt: skip
@pytest.mark.parametrize("needs", [ANYTHING, Needs(1_000_000, 2048), Needs(longest_side=400)])
def test_what_fits_stays_byte_for_byte(data: bytes, needs: Needs) -> None:
    assert fit(data, needs) == data
    assert fits(inspect(data), needs)


@pytest.mark.parametrize(
    ("size", "needs", "becomes"),
    [
        ((3000, 1500), Needs(longest_side=2048), (2048, 1024)),
        ((1500, 3000), Needs(longest_side=2048), (1024, 2048)),
        ((2048, 2048), Needs(longest_side=2048), (2048, 2048)),
        ((2049, 100), Needs(longest_side=2048), (2048, 100)),
        ((640, 480), Needs(longest_side=2048, media_types=("image/jpeg",)), (640, 480)),  # never larger than it was
    ],
)
def test_the_longest_side_comes_down_and_nothing_grows(size, needs: Needs, becomes) -> None:
    made = fit(encoded(photograph(*size), "PNG"), needs)
    assert opened(made).size == becomes
    assert fits(inspect(made), needs)


@pytest.mark.parametrize("limit", [400_000, 60_000, 8_000])
def test_bytes_come_down_by_quality_first_and_then_by_size(limit: int) -> None:
    noise = encoded(Image.effect_noise((800, 400), 90).convert("RGB"), "JPEG", quality=95)
    made = fit(noise, Needs(limit))
    assert len(made) <= limit
    if limit == 400_000:
        assert opened(made).size == (800, 400)
    assert abs(opened(made).width / opened(made).height - 2) < 0.05


def test_a_limit_nothing_can_meet_is_told() -> None:
    noise = encoded(Image.effect_noise((300, 300), 90).convert("RGB"), "PNG")
    with pytest.raises(BadPicture, match="không nén được"):
        fit(noise, Needs(100))


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_another_kind_than_the_channel_takes_becomes_a_jpeg(kind: str) -> None:
    made = fit(encoded(photograph(400, 300), kind), Needs(media_types=("image/jpeg",)))
    assert (opened(made).format, opened(made).size) == ("JPEG", (400, 300))


@pytest.mark.parametrize("orientation", range(2, 9))
def test_the_cameras_turn_is_applied_and_forgotten(orientation: int) -> None:
    image = Image.new("RGB", (400, 300), "white")
    image.paste("black", (0, 0, 200, 150))  # the upper left quarter
    made = opened(fit(encoded(image, "JPEG", exif=turned(orientation), quality=95), ANYTHING))
    assert made.size == ((300, 400) if orientation > 4 else (400, 300))
    assert not made.getexif()
    corners = {"left": 20, "right": made.width - 20, "top": 20, "bottom": made.height - 20}
    dark = {2: ("right", "top"), 3: ("right", "bottom"), 4: ("left", "bottom"), 5: ("left", "top"),
            6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom")}[orientation]  # fmt: skip
    for across in ("left", "right"):
        for down in ("top", "bottom"):
            tone = made.getpixel((corners[across], corners[down]))[0]
            assert (tone < 40) is ((across, down) == dark), (orientation, across, down)


@pytest.mark.parametrize(
    "data",
    [
        encoded(photograph(64, 64), "JPEG", exif=turned(1)),
        encoded(photograph(64, 64), "JPEG", comment=b"from the office of somebody"),
        encoded(photograph(64, 64), "JPEG", xmp=b"<x:xmpmeta>somebody</x:xmpmeta>"),
        encoded(photograph(64, 64), "JPEG", icc_profile=b"somebody"),
        encoded(photograph(64, 64), "PNG", exif=turned(1)),
        JPEG + b"somebody",
        PNG + b"somebody",
    ],
    ids=["exif", "comment", "xmp", "profile", "png exif", "behind a JPEG", "behind a PNG"],
)
def test_nothing_but_the_picture_goes_out_even_when_it_fits(data: bytes) -> None:
    made = fit(data, ANYTHING)
    assert made != data
    assert b"somebody" not in made
    assert fit(made, ANYTHING) == made


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    clear = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    data = encoded(clear.convert(mode), "PNG", **({"transparency": 0} if mode == "P" else {}))
    assert opened(fit(data, ANYTHING)).getpixel((50, 50)) == (255, 255, 255)


def test_a_half_transparent_colour_is_laid_on_white() -> None:
    veiled = encoded(Image.new("RGBA", (64, 64), (0, 0, 255, 128)), "PNG")
    red, green, blue = opened(fit(veiled, ANYTHING)).getpixel((30, 30))
    assert 120 < red < 135
    assert abs(red - green) < 4
    assert blue > 245


def test_colours_of_the_printer_become_those_of_the_screen() -> None:
    cyan = encoded(Image.new("CMYK", (64, 64), (255, 0, 0, 0)), "JPEG", quality=95)
    made = opened(fit(cyan, ANYTHING))
    assert made.mode == "RGB"
    red, green, blue = made.getpixel((30, 30))
    assert red < 40 < 200 < min(green, blue)


@pytest.mark.parametrize("tone", [0, 32768, 65535])
def test_sixteen_bits_come_down_to_eight_with_their_tones(tone: int) -> None:
    made = opened(fit(encoded(Image.new("I;16", (64, 64), tone), "PNG"), ANYTHING))
    assert made.mode == "RGB"
    assert abs(made.getpixel((30, 30))[0] - tone // 256) < 4


@pytest.mark.parametrize("data", [JPEG, PNG, encoded(photograph(3000, 2000), "JPEG", quality=95)])
def test_the_same_picture_and_needs_are_the_same_bytes(data: bytes) -> None:
    needs = Needs(50_000, 1024)
    assert fit(data, needs) == fit(data, needs)
    assert fit(fit(data, needs), needs) == fit(data, needs)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_refused(kind: str) -> None:
    first, second = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    with pytest.raises(BadPicture, match=r"Ảnh động.*video MP4"):
        fit(encoded(first, kind, save_all=True, append_images=[second], duration=100), ANYTHING)


def test_a_telephones_second_shot_in_one_file_is_no_movement() -> None:
    data = encoded(photograph(400, 300), "MPO", save_all=True, append_images=[photograph(200, 150)])
    made = opened(fit(data, ANYTHING))
    assert (made.format, made.size, getattr(made, "n_frames", 1)) == ("JPEG", (400, 300), 1)


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    vast = Image.new("1", (8000, 7000))
    with pytest.raises(BadPicture, match="triệu điểm"):
        fit(encoded(vast, "PNG"), ANYTHING)


@dataclass(frozen=True)
class Form:
    media_type: str
    width: int
    height: int = 0
    use: str = "width"


@pytest.mark.parametrize("media_type", ["image/avif", "image/webp", "image/jpeg"])
@pytest.mark.parametrize(
    ("size", "asked", "becomes"),
    [
        ((1600, 1200), (480, 0), (480, 360)),
        ((400, 300), (480, 0), (400, 300)),  # never wider than it was
        ((1600, 1200), (1200, 630), (1200, 630)),
        ((600, 600), (1200, 630), (600, 315)),  # the largest part there is, not enlarged
        ((300, 2000), (1200, 630), (300, 158)),
    ],
)
def test_a_form_has_the_size_that_was_asked_for_or_what_there_is(media_type: str, size, asked, becomes) -> None:
    need = Form(media_type, *asked)
    form = Picture(encoded(photograph(*size), "JPEG")).vary(need)
    made = opened(form.data)
    assert made.size == becomes == size_of(size, need)
    assert f"image/{(made.format or '').lower()}" == form.facts.media_type == media_type
    assert (form.facts.width, form.facts.height, form.facts.size) == (*made.size, len(form.data))


@pytest.mark.parametrize(
    ("focus", "tone"), [((0.0, 0.5), 0), ((0.1, 0.5), 0), ((1.0, 0.5), 255), ((0.9, 0.1), 255), ((0.5, 0.0), None)]
)
def test_a_cut_keeps_what_is_in_focus(focus, tone) -> None:
    image = Image.new("RGB", (1200, 200), "white")
    image.paste("black", (0, 0, 600, 200))
    form = Picture(encoded(image, "PNG")).vary(Form("image/jpeg", 100, 100, "share"), focus)
    middle = opened(form.data).getpixel((50, 50))[0]
    assert abs(middle - tone) < 40 if tone is not None else 0 <= middle <= 255
    assert opened(form.data).size == (100, 100)


def test_forms_of_one_opening_look_like_those_made_alone() -> None:
    data = encoded(photograph(1600, 1200), "JPEG", quality=95)
    together = Picture(data)
    for width in (960, 480):
        need = Form("image/jpeg", width)
        one, other = opened(together.vary(need).data), opened(Picture(data, at_least=width).vary(need).data)
        worst = ImageChops.difference(one.convert("L"), other.convert("L")).getextrema()[1]
        assert worst < 24, "resized in steps or read smaller at once: no eye tells them apart"


def test_channels_whose_limits_hardly_differ_get_one_picture() -> None:
    noise = Picture(encoded(Image.effect_noise((2600, 1600), 60).convert("RGB"), "JPEG", quality=90))
    page, zalo = noise.fit(Needs(1_000_000, 2048)), noise.fit(Needs(1_048_576))
    assert page.data == zalo.data
    assert (page.facts.width, page.facts.size <= 1_000_000) == (2048, True)
