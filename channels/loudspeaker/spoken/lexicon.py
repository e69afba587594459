"""The words of `dictionary.toml`, with a ward's own laid over them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("dictionary.toml")


def fold(text: str) -> str:
    """Lower case without marks or spaces: "Sông Vàng" is "songvang", as a web address writes it."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


@dataclass(frozen=True)
class Lexicon:
    """Tables from a written form to a spoken one; the tuples are lists of words that settle a doubt."""

    phrases: Mapping[str, str]
    abbreviations: Mapping[str, str]
    dotted: Mapping[str, str]
    units: Mapping[str, str]
    compare: Mapping[str, str]
    document_kinds: Mapping[str, str]
    issuers: Mapping[str, str]
    web: Mapping[str, str]
    letters: Mapping[str, str]
    spelled: Mapping[str, str]
    signature: tuple[str, ...]
    short_codes: tuple[str, ...]
    date_leads: tuple[str, ...]
    known_days: tuple[str, ...]
    ratio_leads: tuple[str, ...]
    ratio_nouns: tuple[str, ...]
    per: tuple[str, ...]
    roman_leads: tuple[str, ...]
    suffix_leads: tuple[str, ...]

    def with_words(self, words: Mapping[str, str]) -> Lexicon:
        """A ward's own abbreviations, which win over the built-in ones."""
        return replace(self, abbreviations={**self.abbreviations, **words})

    def with_names(self, names: Iterable[str]) -> Lexicon:
        """Runs of two to four words of these names become readable in addresses of the web."""
        known = dict(self.web)
        for part in ",".join(names).split(","):
            words = part.lower().split()
            for size, start in product((2, 3, 4), range(len(words))):
                run = " ".join(words[start : start + size])
                known.setdefault(fold(run), run)
        return replace(self, web=known)

    def letter(self, letter: str) -> str:
        return self.letters.get(letter.lower(), letter.lower())

    def issuer(self, code: str) -> str | None:
        return self.issuers.get(code) or self.abbreviations.get(code)

    @cached_property
    def abbreviation_pattern(self) -> re.Pattern[str]:
        return _any_of(self.abbreviations, r"(?<![\w&-])", r"(?![\w&]|-\w)")

    @cached_property
    def phrase_pattern(self) -> re.Pattern[str]:
        return _any_of(self.phrases, r"(?<![\w/-])", r"(?![\w/])")

    @cached_property
    def dotted_pattern(self) -> re.Pattern[str]:
        return _any_of(self.dotted, r"(?<![\w.])", "")


def _any_of(words: Iterable[str], left: str, right: str) -> re.Pattern[str]:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(left + "(?:" + "|".join(map(re.escape, longest)) + ")" + right)


@cache
def builtin() -> Lexicon:
    with _FILE.open("rb") as file:
        tables: dict[str, Any] = tomllib.load(file)
    tables.pop("about")
    lists: dict[str, Any] = {name: tuple(words) for name, words in tables.pop("lists").items()}
    return Lexicon(**tables, **lists)
