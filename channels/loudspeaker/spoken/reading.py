"""Written Vietnamese to spoken Vietnamese, with the place every spoken word comes from.

Pure. What cannot be read for certain is listed in `Reading.unread` and stands in square brackets, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from channels.loudspeaker.spoken.claims import Voice, claim_all, spans
from channels.loudspeaker.spoken.lexicon import builtin
from channels.loudspeaker.spoken.region import region
from channels.loudspeaker.spoken.steps import STEPS
from channels.loudspeaker.spoken.steps.scans import scanned
from channels.loudspeaker.spoken.syllable import LOWER, UPPER, is_syllable

_TOKEN = re.compile(r"(?:[^\s,;:!?…“”\"'’‘()\[\]{}«»]|(?<=\d)[,:;](?=\d))+")
_ODD = re.compile(r"[\d/@#$^*=+<>~|\\_%‰°ºª²³&±≤≥≈×÷¢€£¥√∑]")
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xzđ]{2,}\.?", re.IGNORECASE)
_STRANGE = re.compile(r"[^\t-\r -~\xa0-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u205f]")  # letters of other writings
_SPELT = re.compile(r"[A-ZĐ](?:[-–.][A-ZĐ])+\.?")
_ADDRESS = re.compile(r"\w\.(?:vn|com|net|org)", re.IGNORECASE)
_CAPITALS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of the source and what is said for them; `step` is "" for plain words."""

    start: int
    end: int
    spoken: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`spoken` joins the pieces; `unread` are the pieces no step could read, in their order."""

    written: str
    pieces: tuple[Piece, ...]

    @property
    def spoken(self) -> str:
        return tidy("".join(piece.spoken for piece in self.pieces))

    @property
    def unread(self) -> tuple[str, ...]:
        return tuple(self.written[piece.start : piece.end] for piece in self.pieces if piece.step == UNREAD)


UNREAD = "unread"
# Signs that look alike and mean the same: other spaces, other hyphens, the Icelandic letter some keyboards give for Đ.
_ALIKE = {
    **dict.fromkeys(
        map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t\N{EN SPACE}\N{EM SPACE}"), " "
    ),
    **dict.fromkeys(map(ord, "\N{NON-BREAKING HYPHEN}\N{HYPHEN}\N{MINUS SIGN}\N{SOFT HYPHEN}"), "-"),
    **dict.fromkeys(map(ord, "\N{FRACTION SLASH}\N{DIVISION SLASH}\N{FULLWIDTH SOLIDUS}"), "/"),
    **{
        ord("Ð"): "Đ",
        ord("ð"): "đ",
        ord("Ɖ"): "Đ",
        ord("："): ":",
        ord("，"): ",",
        ord("％"): "%",
        0x200B: " ",
        0xFEFF: " ",
    },
}


def default_voice() -> Voice:
    return Voice(region(), builtin())


def speak(text: str, voice: Voice) -> Reading:
    """How `text` (NFC) is said aloud."""
    alike = text.translate(_ALIKE)  # sign for sign, so every place stays what it was
    by_scanner = voice.scanned or scanned(alike)
    pieces: list[Piece] = []
    place = 0
    for claim in spans(alike, claim_all(alike, voice, STEPS)):
        pieces += _plain(alike, place, claim.start, scanned=by_scanner)
        pieces.append(Piece(claim.start, claim.end, claim.spoken, claim.step))
        place = claim.end
    return Reading(text, (*pieces, *_plain(alike, place, len(alike), scanned=by_scanner)))


def tidy(spoken: str) -> str:
    """One space between words, none before a mark, no mark twice, none in front."""
    lines = []
    for line in spoken.split("\n"):
        said = re.sub(r"\s+", " ", line)
        said = re.sub(r"\s+([,.;:!?])", r"\1", said)
        said = re.sub(r"[,;:]+(?=[,;:.!?])", "", said)
        lines.append(re.sub(r"^[\s,;:.]+", "", said).strip())
    return "\n".join(lines).strip()


def readable(token: str, *, scanned: bool = False) -> bool:
    """Whether a token that no step claimed is a word a voice can say."""
    inner_capital = any(one.islower() and after.isupper() for one, after in pairwise(token))
    if _ODD.search(token) or _STRANGE.search(token) or _SPELT.fullmatch(token) or inner_capital:
        return False
    if _ADDRESS.search(token[-6:]) or (not scanned and _tailed(token)):
        return False
    if not scanned and _NO_VOWEL.fullmatch(token):  # "ktxh": nobody can say it
        return False
    parts = [part for part in re.split(r"[-–.]", token) if part]
    return all(not _CAPITALS.fullmatch(part) or not part.isupper() or is_syllable(part) for part in parts)


def _tailed(token: str) -> bool:
    """ "UBNDs": capitals that end in small letters, which no syllable does but by a slip of the shift key."""
    return bool(re.fullmatch(rf"{UPPER}{{2,}}{LOWER}+", token)) and not is_syllable(token)


def _plain(text: str, start: int, end: int, *, scanned: bool) -> Iterator[Piece]:
    """Unclaimed characters: readable words with their punctuation turned to pauses, and apart from them the unread."""
    place = start
    for token in _TOKEN.finditer(text, start, end):
        if readable(token[0], scanned=scanned):
            continue
        first, last = token.start(), token.end() - (len(token[0]) - len(token[0].rstrip(".-–")))
        if last > first:
            yield Piece(place, first, _pauses(text[place:first]))
            yield Piece(first, last, f"[{text[first:last]}]", UNREAD)
            place = last
    if end > place:
        yield Piece(place, end, _pauses(text[place:end]))


def _pauses(text: str) -> str:
    """Punctuation as a voice takes it: brackets are pauses, quotation marks are not heard."""
    said = re.sub(r"[“”\"‘’«»]", "", text)
    # Only the first space of a run may begin a match: otherwise a long run costs its length squared.
    said = re.sub(r"(?:(?<!\s)\s+)?[(\[{]\s*", ", ", said)
    said = re.sub(r"(?:(?<!\s)\s+)?[)\]}]", ", ", said)
    return re.sub(r"\.{2,}|…", ".", said).replace(";", ",")
