"""Web and e-mail addresses. A label is read as words where it is made of known ones, else letter by letter."""

from __future__ import annotations

import re
from functools import lru_cache

from channels.loudspeaker.spoken.claims import Step, Voice, step
from channels.loudspeaker.spoken.lexicon import Lexicon
from channels.loudspeaker.spoken.numbers import DIGITS, digits

# The lengths are those of RFC 1035 §2.3.4 and RFC 5321 §4.5.3.1.1; without them a row of hyphens costs its square.
_LABEL = r"[a-z0-9-]{1,63}"
_ENDS = r"(?:vn|com|net|org|info|edu|gov|me|io|app|asia|online|tv|chat|link|ly|gl|us|xyz|site|page|vip|cc|top)"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*\.{_ENDS}"
_CERTAIN = 5  # letters: beside letters that are spelt, a shorter known word is rather chance
_SIGNS = {"-": "gạch ngang", "_": "gạch dưới", "+": "cộng"}


def _cost(label: str, words: frozenset[str], least: int) -> list[tuple[int, int]]:
    """For every place the cheapest way to go on from there: (cost, length of the next part); a letter costs more."""
    best = [(0, 0)] * (len(label) + 1)
    for place in range(len(label) - 1, -1, -1):
        ways = [(3 + best[place + 1][0], 1)]
        for size in range(2, min(24, len(label) - place) + 1):
            part = label[place : place + size]
            if part in words and size >= least:
                ways.append((2 + best[place + size][0], size))
        best[place] = min(ways, key=lambda way: (way[0], -way[1]))
    return best


@lru_cache(maxsize=64)
def _known(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def label(written: str, lexicon: Lexicon) -> str:
    """One label of an address, in lower case."""
    if written in lexicon.web:
        return lexicon.web[written]
    if written.upper() in lexicon.abbreviations or written.upper() in lexicon.senses:
        return lexicon.spell(written)
    parts = _parts(written, lexicon, 2)
    if any(len(part) == 1 and part.isalpha() for part in parts):
        parts = _parts(written, lexicon, _CERTAIN)
    return " ".join(lexicon.web.get(part) or _sign(part, lexicon) for part in parts)


def _parts(written: str, lexicon: Lexicon, least: int) -> list[str]:
    best = _cost(written, _known(tuple(lexicon.web)), least)
    parts, place = [], 0
    while place < len(written):
        parts.append(written[place : place + best[place][1]])
        place += len(parts[-1])
    return parts


def _sign(letter: str, lexicon: Lexicon) -> str:
    if letter.isdigit():
        return DIGITS[int(letter)] if letter.isascii() else digits(letter)
    return _SIGNS.get(letter) or lexicon.spelled.get(letter) or lexicon.letter(letter)


def _labels(text: str, lexicon: Lexicon) -> str:
    return " chấm ".join(label(one, lexicon) for one in text.lower().split(".") if one)


@step("e-mail", rf"(?<![\w.])([\w.+-]{{1,64}})?@({_HOST})(?!\w)", re.IGNORECASE | re.ASCII)
def _mail(match: re.Match[str], voice: Voice) -> str:
    return f"{_labels(match[1] or '', voice.lexicon)} a còng {_labels(match[2], voice.lexicon)}".lstrip()


@step("address", rf"(?<![\w@.])(?:https?://)?(?:www\.)?({_HOST})(?::\d+)?(?P<path>/[^\s()<>]*)?(?!\w)", re.IGNORECASE)
def _web(match: re.Match[str], voice: Voice) -> str | None:
    said = [_labels(match[1], voice.lexicon)]
    if re.search(r"[?#]\w", match["path"] or ""):
        return None  # without its end it is another address
    path = re.sub(r"[?#].*$", "", match["path"] or "").rstrip(".,;:!?")
    if len(path) > 40 or not re.fullmatch(r"[\w./+@-]*", path, re.ASCII):
        return None  # nobody takes down an address that long by ear
    said += [_labels(part.replace("@", ""), voice.lexicon) for part in path.split("/") if part]
    rest = (match["path"] or "")[len((match["path"] or "").rstrip(".,;:!?")) :]
    return " gạch chéo ".join(said) + rest


_PATH = r"/(?:[^\s()<>]*[^\s()<>.,;:!?])?"


@step("unread", rf"(?<![\w@.])(?:https?://)?(?:www\.)?{_HOST}(?::\d+)?{_PATH}(?!\w)", re.IGNORECASE)
def _too_long(match: re.Match[str], voice: Voice) -> str:
    """What `_web` would not say is reported whole, so that no half of it is heard."""
    return f"[{match[0]}]"


STEPS: tuple[Step, ...] = (_mail, _web, _too_long)
