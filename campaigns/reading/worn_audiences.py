"""Groups of people in text that has lost its marks: a short list of names, found by likeness and written right."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from campaigns.reading.likeness import levels_behind, worn

# Longer phrases first, since they take their words with them.
_PHRASES = (
    "cán bộ, công chức, viên chức, người lao động",
    "cán bộ, công chức, viên chức",
    "nhân dân trên địa bàn",
    "cán bộ, công chức",
    "tổ chức, doanh nghiệp",
    "doanh nghiệp, tổ chức",
    "tổ chức, cá nhân",
    "học sinh, sinh viên",
    "người khuyết tật",
    "người lao động",
    "người cao tuổi",
    "hộ kinh doanh",
    "hộ gia đình",
    "doanh nghiệp",
    "thanh niên",
    "người dân",
    "nhân dân",
    "học sinh",
)
_WORN = tuple((worn(phrase).split(), phrase) for phrase in _PHRASES)
_LIKE = 84.0
_AREA = "nhân dân trên địa bàn"
_TWO = {"tổ chức, doanh nghiệp", "doanh nghiệp, tổ chức", "tổ chức, cá nhân"}


def worn_groups(text: str) -> Iterator[str]:
    """Each group one sentence names, in order, as the list writes it."""
    said = worn(text).split()
    at = 0
    while at < len(said):
        found = next((entry for entry in _WORN if _stands(entry[0], said, at)), None)
        if found is None:
            at += 1
            continue
        at += len(found[0])
        if found[1] == _AREA:
            level, at = levels_behind(said, at)
            yield f"{_AREA} {level}" if level else "nhân dân"
        else:
            yield from (part for part in found[1].split(", ") if part != "cá nhân") if found[1] in _TWO else found[1:]


def _stands(form: list[str], said: list[str], at: int) -> bool:
    window = said[at : at + len(form)]
    return (
        len(window) == len(form)
        and window[0][:1] == form[0][:1]
        and fuzz.ratio(" ".join(window), " ".join(form)) >= _LIKE
    )
