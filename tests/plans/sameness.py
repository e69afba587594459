"""When a value that was read counts as the one a truth claims. Nothing here is "contains something".

- `exact`: the same value.
- `plain`: the same words: NFC, letter case, kinds of quotes and dashes, white space, ** marks, closing signs aside.
- `quoted`: the truth quotes a part of a sentence; that part stands there whole.
- `named`: two names of one thing: `plain`; the parenthesis that explains, "của", "các", "trên địa bàn" and "trang" or
  "kênh" before a brand aside; an abbreviation standing for the words it begins.
- `shortened`: the truth leaves words out: same order, same first and last word, four fifths of the words kept.
- `labelled`: a label in words ("Phần thứ nhất", "Chủ đề 1") is the one printed; any other the one that is meant.
- `channel`: two names of one channel: `named`; one may leave out the owner or place behind the other ("loa truyền
  thanh", "Loa truyền thanh tại 05 bến cá").
- `peopled`: two names of one group of people: `named`; "trên địa bàn phường" aside.
- In text that has lost its marks (`ocr`) all but `exact` compare the form that OCR leaves, alike in 85 letters of 100.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from campaigns.reading.channels import abbreviates
from campaigns.reading.folding import nfc
from campaigns.reading.likeness import likeness, worn

Same = Callable[[Any, Any, bool], bool]
WORN = 0.85
_SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\xa0": " ", "…": "..."})
_JOINING = re.compile(r"\b(?:của|các|những|trên địa bàn|ở|tại|số)\b")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_BRAND = re.compile(r"\b(?:trang|kênh|fanpage)\s(?=facebook|zalo|youtube|tiktok)")
_UNITS = re.compile(r"\b(?:ủy|uỷ) ban nhân dân\b")


def exact(wanted: object, found: object, ocr: bool = False) -> bool:
    return wanted == found


def spelling(text: str) -> str:
    """A text in the form `plain` compares."""
    text = re.sub(r"\*{1,2}|\\n", " ", nfc(text).translate(_SIGNS)).lower()
    text = _UNITS.sub("ubnd", text)
    return re.sub(r"\s*([,;:/-])\s*", r"\1 ", " ".join(text.split())).strip(" .;:,/")


def plain(wanted: str | None, found: str | None, ocr: bool = False) -> bool:
    if wanted is None or found is None:
        return wanted is found
    return spelling(wanted) == spelling(found) or (ocr and likeness(wanted, found) >= WORN)


def quoted(wanted: str, found: str | None, ocr: bool = False) -> bool:
    if found is None:
        return False
    a, b = spelling(wanted), spelling(found)
    return f" {a} " in f" {b} " or bool(re.search(rf"(?<!\w){re.escape(a)}(?!\w)", b)) or (ocr and _worn_part(a, b))


def _worn_part(part: str, whole: str) -> bool:
    """Whether some run of as many words is alike."""
    words, length = whole.split(), len(part.split())
    runs = (" ".join(words[at : at + length]) for at in range(max(1, len(words) - length + 1)))
    return any(likeness(part, run) >= WORN for run in runs)


def name_form(text: str) -> str:
    text = _ASIDE.sub("", spelling(text).replace("thông tin, tuyên truyền", "thông tin"))
    text = _BRAND.sub("", text)
    return " ".join(re.findall(r"\w+", _JOINING.sub(" ", text)))


def named(wanted: str | None, found: str | None, ocr: bool = False) -> bool:
    if wanted is None or found is None:
        return wanted is found
    a, b = name_form(wanted), name_form(found)
    if a == b or (ocr and likeness(_ASIDE.sub("", wanted), _ASIDE.sub("", found)) >= WORN):
        return True
    short, long = sorted((a.split(), b.split()), key=len)
    return abbreviates(short, long)


def labelled(wanted: str | None, found: tuple[str | None, str | None], ocr: bool = False) -> bool:
    """`found` are the label as meant and as printed."""
    meant, printed = found
    if wanted and " " in wanted:
        return spelling(wanted) == spelling(printed or "")
    return plain(wanted, meant, ocr)


_OWNER = re.compile(
    r"\s(?:của|tại|trong|các|cơ sở|nội bộ|(?:cấp )?(?:tỉnh|thành phố|xã|phường|đặc khu)|sở|bộ|ban|hội|đoàn|trung tâm|"
    r"bệnh viện|ở)\b.*$"
)


def channel(wanted: str, found: str, ocr: bool = False) -> bool:
    if named(wanted, found, ocr):
        return True
    a, b = _ASIDE.sub("", spelling(wanted)), _ASIDE.sub("", spelling(found))
    short, long = sorted((a, b), key=len)
    return long.startswith(f"{short} ") and bool(_OWNER.fullmatch(long[len(short) :]))


def peopled(wanted: str | None, found: str | None, ocr: bool = False) -> bool:
    if wanted is None or found is None:
        return wanted is found
    ours, theirs = (
        re.sub(r"\s+trên địa bàn(?: (?:tỉnh|thành phố|xã|phường))?", "", spelling(x)) for x in (wanted, found)
    )
    return named(wanted, found, ocr) or named(ours, theirs, ocr)


def bodies(wanted: str | None, found: str | None, ocr: bool = False) -> bool:
    """Two ways to name the bodies a duty is laid on. A list may be summed up: every body of the truth is in the list
    that was read, and whatever else is read there is the catch-all "các cơ quan, đơn vị …"; "UBND các cấp" are those of
    each level; "các đơn vị" alone sums up a list that ends in that catch-all."""
    if wanted is None or found is None:
        return wanted is found
    if named(wanted, found, ocr):
        return True
    ours, theirs = _bodies(wanted), _bodies(found)
    rest = [b for b in theirs if not any(_one_body(a, b, ocr) for a in ours)]
    caught = [b for b in rest if _catch_all(b, ocr)]
    if ours == ["đơn vị"]:
        return bool(theirs and _catch_all(theirs[-1], ocr))
    return all(any(_one_body(a, b, ocr) for b in theirs) for a in ours) and len(caught) == len(rest)


def _bodies(text: str) -> list[str]:
    parts = re.split(r"[;,]", re.sub(r"(c[ơo] quan), ([đd])", r"\1 \2", _ASIDE.sub("", spelling(text))))
    forms = (name_form(re.sub(r"\b(?:thành phố|tỉnh|huyện|phường|xã)\s*$", "", part)) for part in parts)
    return [form for form in forms if form]


def _one_body(a: str, b: str, ocr: bool) -> bool:
    if a == b or (ocr and likeness(a, b) >= WORN):
        return True
    return "ubnd cấp" in (a, b) and bool(re.match(r"ubnd cấp\b", a)) and bool(re.match(r"ubnd cấp\b", b))


def _catch_all(body: str, ocr: bool) -> bool:
    return body.startswith("cơ quan đơn vị") or (ocr and worn("cơ quan đơn vị") in worn(body))


def shortened(wanted: str, found: str, ocr: bool = False) -> bool:
    if plain(wanted, found, ocr):
        return True
    short, long = name_form(wanted).split(), name_form(found).split()
    if not short or not long or short[0] != long[0] or short[-1] != long[-1]:
        return False
    kept = _kept(short, long)
    return kept is not None and kept >= 0.8 * len(long)


def _kept(short: list[str], long: list[str]) -> int | None:
    """How many words of `long` the words of `short` stand for, in order; None when one stands for none."""
    at = kept = 0
    for word in short:
        while at < len(long) and not (span := _stands_for(word, long, at)):
            at += 1
        if at >= len(long):
            return None
        at, kept = at + span, kept + span
    return kept


def _stands_for(word: str, long: list[str], at: int) -> int:
    """1 for the word itself, n for the n words whose initials it is, 0 for none."""
    if long[at] == word:
        return 1
    initials = "".join(w[0] for w in long[at : at + len(word)])
    return len(word) if len(word) > 2 and initials == word else 0


def unmatched(
    wanted: Sequence[str], found: Sequence[str], same: Callable[[str, str, bool], bool], ocr: bool = False
) -> tuple[list[str], list[str]]:
    """What of two lists finds no partner in the other, each partner used once."""
    left = list(found)
    missing = []
    for want in wanted:
        partner = next((f for f in left if same(want, f, ocr)), None)
        if partner is None:
            missing.append(want)
        else:
            left.remove(partner)
    return missing, left


def pairs(
    wanted: Iterable[Any], found: Sequence[Any], alike: Callable[[Any, Any], int]
) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """Each wanted entry with the found one that shares most with it (None: nothing left), and those left over."""
    left = list(found)
    result = []
    for want in wanted:
        best = max(left, key=lambda f: alike(want, f), default=None)
        if best is not None and alike(want, best) > 0:
            left.remove(best)
        else:
            best = None
        result.append((want, best))
    return result, left
