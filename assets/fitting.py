"""A picture cut to what a channel takes: as good as its limits allow, never larger than it was. Pure.

The same bytes, needs and version of Pillow give the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from assets.jpeg import SCREEN, encode, encode_as, resized, size_of_jpeg, within_reach
from assets.pictures import PictureFacts, crop_box, opened, plain, refuse_animation

_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}  # bytes behind them are no picture
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_PLAIN_MODES = {"JPEG": {"RGB", "L"}, "PNG": {"RGB", "L", "P", "1"}}
_HARMLESS = {  # what a decoder tells of the coding itself; everything else is metadata or transparency
    "jfif",
    "jfif_version",
    "jfif_unit",
    "jfif_density",
    "dpi",
    "progressive",
    "progression",
    "interlace",
    "gamma",
    "srgb",
    "chromaticity",
}


class Needs(Protocol):
    """What a channel takes of a picture (channels.contract.PictureNeeds)."""

    @property
    def media_types(self) -> tuple[str, ...]: ...  # JPEG is among them
    @property
    def most_bytes(self) -> int: ...  # 0: no limit
    @property
    def longest_side(self) -> int: ...  # pixels; 0: no limit


class VariantNeed(Protocol):
    """One more form a channel asks for (channels.contract.VariantNeed)."""

    @property
    def use(self) -> str: ...
    @property
    def media_type(self) -> str: ...  # image/jpeg, image/webp or image/avif
    @property
    def width(self) -> int: ...  # pixels
    @property
    def height(self) -> int: ...  # 0: the picture's own proportions


@dataclass(frozen=True, slots=True)
class Form:
    """A picture as it was made for somebody."""

    data: bytes
    facts: PictureFacts


class Sized(Protocol):
    """Any record of a picture's facts."""

    @property
    def media_type(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def size(self) -> int: ...


def fits(facts: Sized, needs: Needs) -> bool:
    """Whether a picture that is clean already may go out as it is."""
    light = not needs.most_bytes or facts.size <= needs.most_bytes
    small = not needs.longest_side or max(facts.width, facts.height) <= needs.longest_side
    return facts.media_type in needs.media_types and light and small


def fit(data: bytes, needs: Needs) -> bytes:
    """`data` itself when it fits and holds nothing but the picture, else the best JPEG within the limits.

    Upright, in sRGB, on white, without metadata. Raises `BadPicture` for what is hostile, animated or cannot be made
    small enough.
    """
    return Picture(data).fit(needs).data


def size_of(size: tuple[int, int], need: VariantNeed) -> tuple[int, int]:
    """Width and height a form will have: what was asked for, or less where the picture is smaller."""
    width, height = size
    if not need.height:
        across = min(need.width, width)
        return across, max(1, round(height * across / width))
    left, _, right, _ = crop_box(size, (need.width, need.height), (0.5, 0.5))
    share = min(1.0, (right - left) / need.width)
    return max(1, round(need.width * share)), max(1, round(need.height * share))


class Picture:
    """A picture opened once, however many forms are made of it. Raises `BadPicture`.

    `at_least`: pixels its shorter side may come down to while it is opened, where only small forms are wanted.
    """

    def __init__(self, data: bytes, at_least: int = 0) -> None:
        self._data = data
        with opened(data, at_least) as image:
            refuse_animation(image)
            self._kind, self._mode = image.format or "", image.mode
            self._bare = data.endswith(_ENDS.get(self._kind, b"\0")) and set(image.info) <= _HARMLESS
            self._bare = self._bare and not image.getexif()
            self._steps = [plain(image)]  # in falling sizes: each is made from the one before
        self._made: list[tuple[Form, int]] = []  # and the limit that was given
        self.size = self._steps[0].size

    def fit(self, needs: Needs) -> Form:
        if self._goes_as_it_is(needs):
            return _form(self._data, _MEDIA_TYPES[self._kind], self.size)
        limit = needs.most_bytes or sys.maxsize
        image = self._at(_within(self.size, needs.longest_side))
        if max(image.size) > SCREEN and not within_reach(image, limit):
            image = self._at(_within(self.size, SCREEN))
        alike = (made for made, given in self._made if _size(made) == image.size and limit * 0.9 <= given <= limit)
        found = next(alike, None)  # channels whose limits hardly differ share one picture
        if found is None:
            data = encode(image, limit)
            found = _form(data, "image/jpeg", size_of_jpeg(data))
            self._made.append((found, limit))
        return found

    def vary(self, need: VariantNeed, focus: tuple[float, float] = (0.5, 0.5)) -> Form:
        """A narrower or newer form, or one cut around `focus` (shares from left and top); never enlarged."""
        size = size_of(self.size, need)
        image = self._cut(size, focus) if need.height else self._at(size)
        return _form(encode_as(image, need.media_type), need.media_type, image.size)

    def _goes_as_it_is(self, needs: Needs) -> bool:
        if _MEDIA_TYPES.get(self._kind) not in needs.media_types:
            return False
        light = not needs.most_bytes or len(self._data) <= needs.most_bytes
        small = not needs.longest_side or max(self.size) <= needs.longest_side
        return self._bare and light and small and self._mode in _PLAIN_MODES[self._kind]

    def _at(self, size: tuple[int, int]) -> Image.Image:
        source = self._step(size)
        if source.size == size:
            return source
        self._steps.append(resized(source, size))
        return self._steps[-1]

    def _cut(self, size: tuple[int, int], focus: tuple[float, float]) -> Image.Image:
        left, top, right, bottom = crop_box(self.size, size, focus)
        enough = size[0] * self.size[0] / (right - left), size[1] * self.size[1] / (bottom - top)
        source = self._step((int(enough[0]), int(enough[1])))
        return resized(source, size, crop_box(source.size, size, focus))

    def _step(self, size: tuple[int, int]) -> Image.Image:
        """The smallest there is that is not smaller than `size`."""
        enough = (one for one in self._steps if one.width >= size[0] and one.height >= size[1])
        return min(enough, key=lambda one: one.width, default=self._steps[0])


def _within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    share = min(1.0, longest / max(size)) if longest else 1.0
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _size(form: Form) -> tuple[int, int]:
    return form.facts.width, form.facts.height


def _form(data: bytes, media_type: str, size: tuple[int, int]) -> Form:
    return Form(data, PictureFacts(hashlib.sha256(data).hexdigest(), media_type, *size, len(data)))
