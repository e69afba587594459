"""A post as sentences to be read, one a line, each beside the words it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.contract import Content
from channels.loudspeaker.practice import table
from channels.loudspeaker.spoken import Lexicon, Voice, speak
from channels.loudspeaker.spoken.numbers import integer
from channels.text import nfc, to_text

_END = re.compile(r"(?<![.!?…])[.!?…]+[\"”’)]*\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    written: str
    spoken: str
    unread: tuple[str, ...] = ()


def of_content(content: Content, voice: Voice) -> list[Sentence]:
    """Title, lead, body and footer; the footer, which holds the telephone, is said twice."""
    text = "\n".join((content.title, content.lead, to_text(content.body), content.footer))
    said = read(text, voice)
    footer = read(content.footer, voice)
    if footer:
        again = str(table("wording")["again"])
        said += [Sentence(again, again), *footer]
    return said


def read(text: str, voice: Voice) -> list[Sentence]:
    """Every sentence of `text` that has something to say."""
    return [one for one in (_read(part, voice) for part in split(text, voice.lexicon)) if one.spoken.strip(" .")]


def split(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Sentences of `text`. A line end always ends one; a dot does not inside a number or after "TP."."""
    for line in nfc(text).split("\n"):
        start = 0
        for end in _END.finditer(line):
            if _goes_on(line[start : end.start() + 1], line[end.end() : end.end() + 1], lexicon):
                continue
            yield line[start : end.end()].strip()
            start = end.end()
        if line[start:].strip():
            yield line[start:].strip()


def _goes_on(said: str, follows: str, lexicon: Lexicon) -> bool:
    """Whether the dot of `said` ends nothing: a small letter follows, it is "TP.", or the number of a list item."""
    word = said.split()[-1:]
    dotted = word and word[0] in (*lexicon.dotted, *lexicon.signature)
    return follows.islower() or bool(dotted) or said.strip(" .").isdecimal()


def _read(written: str, voice: Voice) -> Sentence:
    plain = re.sub(r"^[-–•+*]\s+", "", written).replace(" | ", ", ")
    numbered = re.match(r"(\d{1,2})[.)]\s+(?=\D)", plain)
    lead = f"{integer(int(numbered[1]), voice.region)} là: " if numbered else ""
    reading = speak(plain[numbered.end() :] if numbered else plain, voice)
    return Sentence(written, _closed(lead + reading.spoken), reading.unread)


def _closed(spoken: str) -> str:
    """Begun with a capital and ended with a mark."""
    ended = spoken.rstrip(" ,;:-–")
    if spoken.endswith(":"):  # a list follows
        ended = f"{ended}:"
    elif not ended.endswith((".", "!", "?")):
        ended = f"{ended}."
    return ended[:1].upper() + ended[1:]
