"""Pictures from people we do not know: looked at with distrust, made clean, cut to size. Pure.

Nothing of the original file but its pixels reaches the public: no place of the camera, no name, no second file inside.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from assets.cards import card
from assets.jpeg import LARGEST_JPEG, SMALLEST_SIDE, BadPicture, encode, size_of_jpeg

__all__ = ["BadPicture", "Clean", "PictureFacts", "card", "cleaned", "crop_box", "inspect", "normalise", "opened",
           "plain", "rendition"]  # fmt: skip

LARGEST_FILE = 20 * 1024 * 1024  # bytes; a telephone's photograph has 2 to 12 MB
MOST_PIXELS = 50_000_000  # 150 MB once opened
LARGEST_KEPT = 8_000_000  # bytes of a normalised picture: what a channel takes of it is cut in `assets.fitting`
LONGEST_SIDE = 4096  # pixels of a normalised picture: enough for a page in print

_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}
_SIGNATURES = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "GIF": re.compile(rb"GIF8[79]a"),
}
# Brands of ISO base media files that hold a picture: ISO/IEC 23008-12, annex B; AV1 Image File Format, 6
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_AVIF_BRANDS = {b"avif"}
_MOVING_BRANDS = {b"hevc", b"hevx", b"msf1", b"avis"}
_MOST_BRANDS = 400  # bytes
_SVG = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!doctype\s+svg)[\s/>]", re.IGNORECASE)
_STRIP = 256  # rows whose pixels are copied at once
_MARKUP = re.compile(rb"<(?:\?php|script|html|svg|!doctype|iframe)[\s>=]", re.IGNORECASE)
_WHITE = (255, 255, 255)
_MOVES = "Ảnh động không đăng được trên các kênh: hãy lưu một khung hình thành JPEG, hoặc dùng video MP4."
_ORIENTATION, _LYING = 0x0112, (5, 6, 7, 8)  # Exif 2.32, 4.6.4: turned by a quarter


@dataclass(frozen=True, slots=True)
class PictureFacts:
    sha256: str
    media_type: str
    width: int  # pixels, as seen: the camera's turn is applied
    height: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture as it is kept, and the file it was made from."""

    data: bytes  # the JPEG of `normalise`
    facts: PictureFacts
    pixels: str  # SHA-256 of size and colours as seen: the same picture in another file has the same
    original: PictureFacts


def inspect(data: bytes) -> PictureFacts:
    """Facts of a picture that is safe to keep. Raises `BadPicture`. Of an animation the first frame counts."""
    with opened(data) as image:
        media_type = _MEDIA_TYPES[image.format or ""]
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _LYING:
            width, height = height, width
    return PictureFacts(hashlib.sha256(data).hexdigest(), media_type, width, height, len(data))


def normalise(data: bytes) -> bytes:
    """A JPEG of at most 8 MB and 4096 pixels a side, upright, in sRGB, on white, without any metadata: what is kept.

    Raises `BadPicture`, also for an animation: of the frame to show nobody decides but a person.
    """
    return cleaned(data).data


def cleaned(data: bytes) -> Clean:
    """`normalise` and the identity of what is seen. Raises `BadPicture`."""
    with opened(data) as image:
        refuse_animation(image)
        media_type = _MEDIA_TYPES[image.format or ""]
        upright = plain(image)
    original = PictureFacts(hashlib.sha256(data).hexdigest(), media_type, *upright.size, len(data))
    pixels = _pixels(upright)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    kept = encode(upright, LARGEST_KEPT)
    facts = PictureFacts(hashlib.sha256(kept).hexdigest(), "image/jpeg", *size_of_jpeg(kept), len(kept))
    return Clean(kept, facts, pixels, original)


def _pixels(image: Image.Image) -> str:
    """Strip by strip: a copy of the whole would double the memory."""
    digest = hashlib.sha256(b"%d %d " % image.size)
    for top in range(0, image.height, _STRIP):
        digest.update(image.crop((0, top, image.width, min(top + _STRIP, image.height))).tobytes())
    return digest.hexdigest()


def rendition(
    data: bytes, width: int, height: int, *, focus: tuple[float, float] = (0.5, 0.5), limit: int = LARGEST_JPEG
) -> bytes:
    """A JPEG of exactly `width` × `height`: filled, the rest cut off around `focus` (shares from left and top)."""
    with opened(data) as image:
        upright = plain(image)
    box = crop_box(upright.size, (width, height), focus)
    return encode(upright.resize((width, height), Image.Resampling.LANCZOS, box), limit)


def crop_box(
    size: tuple[int, int], into: tuple[int, int], focus: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The largest part of a picture that has the proportions of `into`, with `focus` as near its middle as can be."""
    width, height = size
    scale = min(width / into[0], height / into[1])
    across, down = into[0] * scale, into[1] * scale
    left = min(max(focus[0] * width - across / 2, 0.0), width - across)
    top = min(max(focus[1] * height - down / 2, 0.0), height - down)
    return left, top, left + across, top + down


@contextmanager
def opened(data: bytes, at_least: int = 0) -> Iterator[Image.Image]:
    """The decoded first frame of a file that is one of the known kinds and nothing else.

    `at_least`: pixels that the shorter side may come down to while a JPEG is decoded; 0 decodes it whole.
    """
    kind = _kind(data)
    _refuse_second_nature(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind, "MPO"] if kind == "JPEG" else [kind]) as image:
                _refuse_size(image)
                if at_least:
                    image.draft(None, (at_least, at_least))
                image.load()
                yield image
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise BadPicture("Ảnh quá lớn khi mở ra: hãy thu nhỏ rồi tải lại.") from error
    except Exception as error:  # decoders fail in many ways on hostile bytes; each means the same to a person
        raise BadPicture("Tệp ảnh bị hỏng hoặc thiếu: hãy mở lại trên máy, lưu thành JPEG rồi tải lại.") from error


def refuse_animation(image: Image.Image) -> None:
    """Raises `BadPicture` for moving pictures. A telephone's second shot in the same file (MPO, HEIF) is none."""
    if image.format not in ("MPO", "HEIF") and getattr(image, "is_animated", False):
        raise BadPicture(_MOVES)


def _kind(data: bytes) -> str:
    if not data:
        raise BadPicture("Tệp rỗng: hãy chọn lại ảnh.")
    if len(data) > LARGEST_FILE:
        raise BadPicture(f"Tệp ảnh nặng hơn {LARGEST_FILE // 1024 // 1024} MB: hãy thu nhỏ rồi tải lại.")
    for kind, signature in _SIGNATURES.items():
        if signature.match(data):
            return kind
    if kind := _kind_by_brand(data):
        return kind
    if _SVG.match(data):
        raise BadPicture("Ảnh vẽ SVG có thể chứa mã lệnh nên không đăng được: hãy xuất thành PNG rồi tải lại.")
    raise BadPicture("Tệp không phải ảnh JPEG, PNG, WebP, GIF, HEIC hay AVIF: hãy chọn tệp ảnh.")


def _kind_by_brand(data: bytes) -> str:
    """HEIF or AVIF by the brands of the file's first box; "" for anything else. Raises `BadPicture` for what moves."""
    if data[4:8] != b"ftyp":
        return ""
    end = min(int.from_bytes(data[:4], "big"), _MOST_BRANDS)
    main, brands = data[8:12], {data[at : at + 4] for at in (8, *range(16, end, 4))}
    if main in _MOVING_BRANDS:
        raise BadPicture(_MOVES)
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        _learn_heif()
        return "HEIF"
    return ""


@cache
def _learn_heif() -> None:
    """Teaches Pillow to open HEIF; libheif's own limits of size and memory stay on. See decision 0023."""
    pillow_heif.register_heif_opener(thumbnails=False, aux_images=False, depth_images=False)


def _refuse_second_nature(data: bytes) -> None:
    """A picture that is also an archive, a PDF or a page may do harm where it is opened as such."""
    if zipfile.is_zipfile(io.BytesIO(data)) or b"%PDF-" in data[:1024] or _MARKUP.search(data):
        raise BadPicture("Tệp vừa là ảnh vừa chứa tệp khác bên trong: hãy chụp hoặc lưu lại ảnh rồi tải lên.")


def _refuse_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise BadPicture(f"Ảnh {width}×{height} điểm quá lớn, nhiều nhất {MOST_PIXELS // 1_000_000} triệu điểm.")
    if min(width, height) < SMALLEST_SIDE:
        raise BadPicture(f"Ảnh {width}×{height} điểm quá nhỏ, mỗi cạnh ít nhất {SMALLEST_SIDE} điểm.")
    if max(width, height) * SMALLEST_SIDE > LONGEST_SIDE * min(width, height):  # a thread, once it is brought down
        raise BadPicture(f"Ảnh {width}×{height} điểm quá dài và hẹp, không hiện được trên kênh nào: hãy cắt bớt.")


def plain(image: Image.Image) -> Image.Image:
    """Upright sRGB pixels on white and nothing else."""
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)  # a copy of twelve million pixels takes 48 MB
    upright = image
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        page = Image.new("RGB", layered.size, _WHITE)
        page.paste(layered, mask=layered.getchannel("A"))
        upright, profile = page, profile if upright.mode == "RGBA" else None
    bare = _to_srgb(upright, profile)
    bare.info = {}  # the JPEG writer would take the comment from here
    return bare


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that does not fit its picture is ignored
            converted = None
        if converted is not None:
            return converted
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey, which `convert` would cut off
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")
