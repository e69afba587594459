"""Numbers of documents: "Nghị định số 61/2018/NĐ-CP" is said with its issuer instead of its symbol.

Forms of the symbol: Nghị định 30/2020/NĐ-CP, Phụ lục III; of laws: Luật Ban hành văn bản quy phạm pháp luật.
"""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, before, step
from channels.loudspeaker.spoken.numbers import integer, roman
from channels.loudspeaker.spoken.steps.dates import FULL_DATE, full_date

_PART = r"[A-ZĐƯ][A-ZĐƯa-z&]*\d*"
_PATTERN = (
    r"(?<![\w/.,-])(?P<number>\d{1,5})(?:/(?P<year>(?:19|20)\d{2}))?\s?[/-]\s?"
    rf"(?P<code>{_PART}(?:\s?[-–/]\s?{_PART})*)(?![\w/]|-\w)"
    rf"(?P<dated>,?\s+(?P<day_lead>ngày)\s+{FULL_DATE})?(?P<by>,?\s+của(?=\s))?"
)


def _issuer(part: str, voice: Voice) -> str | None:
    """Spoken name of the body in a symbol, None when unknown. QH15 is the fifteenth National Assembly."""
    assembly = re.fullmatch(r"(QH|UBTVQH)(\d+)", part)
    if assembly:
        name = voice.lexicon.issuer(assembly[1]) or ""
        return f"{name} khóa {integer(int(assembly[2]), voice.region)}"
    return voice.lexicon.issuer(part)


def _of(code: str, voice: Voice) -> str | None:
    """The issuer of a symbol such as "NĐ-CP", "NQ/TW", "QH15" or "VPCP-KGVX"; "" when it holds only a kind."""
    first, *rest = re.split(r"\s?[-–/]\s?", code)
    if first in voice.lexicon.document_kinds:
        return _issuer(rest[0], voice) if rest else ""
    return _issuer(first, voice)


def _lead(match: re.Match[str], voice: Voice) -> str:
    """ "Kế hoạch số" where the text itself does not say what the number belongs to."""
    kinds = voice.lexicon.document_kinds
    written = before(match)
    if re.search(r"\bsố\s*$", written) or any(re.search(rf"\b{kind.lower()}\s*$", written) for kind in kinds.values()):
        return ""
    kind = kinds.get(re.split(r"\W", match["code"])[0])
    return f"{kind} số " if kind else "số "


@step("document", _PATTERN)
def _document(match: re.Match[str], voice: Voice) -> str | None:
    issuer = _of(match["code"], voice)
    if (issuer is None and not match["by"]) or roman(match["code"]):
        return None
    spoken = _lead(match, voice) + integer(int(match["number"]), voice.region)
    if match["year"]:
        spoken += f" năm {integer(int(match['year']), voice.region)}"
    day = full_date(match, voice, led=True) if match["dated"] else None
    if match["dated"] and day is None:
        return None
    if match["by"]:
        return f"{spoken}, ngày {day}, của" if day else f"{spoken} của"
    owner = f" của {issuer}" if issuer else ""
    return f"{spoken}{owner}, ngày {day}" if day else f"{spoken}{owner}"


STEPS: tuple[Step, ...] = (_document,)
