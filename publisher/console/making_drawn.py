"""Small pictures for the live preview, by an address that carries the words: unchanged cards come from the browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zlib import crc32

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from assets.made.contents import Content, Cover, Item, Notice, Quote, Sheet, Title
from assets.made.formats import PAPERS, PICTURES, Format
from assets.made.making import Look, paper, picture, seen, small, told
from publisher.console.doors import needs
from publisher.console.making_looks import look_of
from publisher.people.rights import Right

CONTENTS: dict[str, type[Any]] = {one.__name__: one for one in (Title, Quote, Cover, Item, Notice, Sheet)}
AN_HOUR = 3600  # seconds; a style that is changed meanwhile shows anew with the next word
WIDE, PAPER_LONGEST = 420, 900  # pixels
_SIGNER = Signer(salt="publisher.console.making")


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a preview."""

    address: str
    alt: str
    width: int
    height: int
    warnings: tuple[str, ...]


def shown(content: Any, look: Look, key: str, size: Format) -> Shown:
    """`content`: one of CONTENTS."""
    words = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(content).items()}
    said = [type(content).__name__, words, key, size.name, hash_of(look)]
    address = f"{reverse('making-drawn')}?{urlencode({'v': _SIGNER.sign_object(said, compress=True)})}"
    scale = WIDE / size.width
    return Shown(address, content.alt, WIDE, round(size.height * scale), told(content, look, size))


def hash_of(look: Look) -> list[object]:
    """What else changes the picture, so that its address changes too."""
    return [
        look.layout,
        look.accent,
        look.headline,
        look.footer,
        look.organisation,
        crc32(look.emblem + look.background),
    ]


@needs((Right.WRITE, Right.MANAGE))
def drawn(request: HttpRequest) -> HttpResponse:
    """The picture of an address that we gave out ourselves."""
    if not (value := request.GET.get("v")):
        return HttpResponse(status=204)
    try:
        name, words, key, size_name, _ = _SIGNER.unsign_object(value)
        look, content = look_of(request.seat.organisation, key), content_of(name, words)
    except (BadSignature, KeyError, TypeError) as error:  # of another organisation, or of an earlier version
        raise Http404("Ảnh xem trước này không còn. Hãy sửa một chữ để vẽ lại.") from error
    response = HttpResponse(_small(content, look, size_name), content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={AN_HOUR}"
    return response


def content_of(name: str, words: dict[str, Any]) -> Content:
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in words.items()}
    if "day" in given:
        given["day"] = date.fromisoformat(given["day"])
    made: Content = CONTENTS[name](**given)
    return made


def _small(content: Content, look: Look, size_name: str) -> bytes:
    if size_name in PAPERS:
        return seen(paper(content, look, PAPERS[size_name]).data, PAPER_LONGEST, "image/jpeg")
    return small(picture(content, look, PICTURES[size_name]).data, WIDE)
