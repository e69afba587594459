"""The words of `dictionary.toml` and `words/`, with a ward's own laid over them."""

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

_HERE = Path(__file__).parent
_FILES = (_HERE / "dictionary.toml", *sorted((_HERE / "words").glob("*.toml")))
_WHOLE = 4  # letters: the code of a body so long means it wherever it stands
_NEAR = 40  # letters of the neighbourhood that may settle what an abbreviation means


def fold(text: str) -> str:
    """Lower case without marks or spaces: "Sông Vàng" is "songvang", as a web address writes it."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


@dataclass(frozen=True)
class Lexicon:
    """Tables from a written form to a spoken one; the tuples are lists of words that settle a doubt."""

    phrases: Mapping[str, str]
    abbreviations: Mapping[str, str]
    senses: Mapping[str, list[dict[str, str]]]
    foreign: Mapping[str, str]
    dotted: Mapping[str, str]
    titles: Mapping[str, str]
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
    share_leads: tuple[str, ...]
    share_nouns: tuple[str, ...]
    part_nouns: tuple[str, ...]
    per: tuple[str, ...]
    measured: tuple[str, ...]
    roman_leads: tuple[str, ...]
    roman_words: tuple[str, ...]
    suffix_leads: tuple[str, ...]
    code_leads: tuple[str, ...]

    def with_words(self, words: Mapping[str, str]) -> Lexicon:
        """A ward's own abbreviations, which win over the built-in ones."""
        senses = {written: rows for written, rows in self.senses.items() if written not in words}
        foreign = {written: said for written, said in self.foreign.items() if written not in map(str.lower, words)}
        return replace(self, abbreviations={**self.abbreviations, **words}, senses=senses, foreign=foreign)

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

    def spell(self, letters: str) -> str:
        """Letters one by one, as of an abbreviation nobody expands."""
        return " ".join(self.spelled.get(one) or self.letter(one) for one in letters.lower() if one.isalpha())

    def issuer(self, code: str) -> str | None:
        return self.issuers.get(code) or self.abbreviations.get(code)

    def sense(self, written: str, before: str, after: str) -> str | None:
        """What an abbreviation stands for beside its neighbours (lower case); None when that is not certain."""
        rows = self.senses.get(written)
        if rows is None:
            return self.abbreviations.get(written)
        near, follows = before[-_NEAR:], after[:_NEAR]
        for row in rows:
            led = "before" not in row or re.search(row["before"] + r"$", near)
            followed = "after" not in row or re.match(row["after"], follows)
            if led and followed:
                return row.get("say") or row["else"]
        return None

    @cached_property
    def abbreviation_pattern(self) -> re.Pattern[str]:
        return _any_of({*self.abbreviations, *self.senses}, r"(?<![\w&@-])", r"(?![\w&@]|-\w)")

    @cached_property
    def phrase_pattern(self) -> re.Pattern[str]:
        return _any_of(self.phrases, r"(?<![\w/-])", r"(?![\w/])")

    @cached_property
    def dotted_pattern(self) -> re.Pattern[str]:
        return _any_of(self.dotted, r"(?<![\w.])", r"(?<!\w(?=\w))")

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        one = "(?:" + "|".join(re.escape(word) for word in sorted(self.titles, key=len, reverse=True)) + r")(?!\w)"
        return re.compile(rf"(?<![\w.&-]){one}(?:(?:[.,]\s?|\s){one})*(?:\.(?=\s*\w))?")

    @cached_property
    def foreign_pattern(self) -> re.Pattern[str]:
        return _any_of(self.foreign, r"(?<![\w.@-])", r"(?![\w@]|-\w|\.\w)", re.IGNORECASE)

    @cached_property
    def lists_pattern(self) -> Mapping[str, re.Pattern[str]]:
        """Patterns that find one of a list's words at the end of what stands before."""
        lists = ("ratio_leads", "share_leads", "roman_leads", "suffix_leads", "code_leads")
        return {name: _any_of(getattr(self, name), r"(?<!\w)", r"[\s:.]*$", re.IGNORECASE) for name in lists}


def _any_of(words: Iterable[str], left: str, right: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(left + "(?:" + "|".join(map(re.escape, longest)) + ")" + right, flags)


@cache
def builtin() -> Lexicon:
    tables: dict[str, Any] = {}
    for path in _FILES:
        with path.open("rb") as file:
            tables |= tomllib.load(file)
    tables.pop("about")
    bodies = {
        code: body for code, body in tables["issuers"].items() if len(code) >= _WHOLE and code not in tables["senses"]
    }
    tables["abbreviations"] = {**bodies, **tables["abbreviations"]}
    lists: dict[str, Any] = {name: tuple(words) for name, words in tables.pop("lists").items()}
    return Lexicon(**tables, **lists)
