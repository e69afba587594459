"""Text typed for the fonts of before Unicode (TCVN3: .VnTime; VNI: VNI-Times): its letters stand for other letters.

Shown in today's fonts it is unreadable ("KÕ ho¹ch", "Keá hoaïch"), and nothing read from it would be true. It is
recognised by signs that Vietnamese text in Unicode never has inside a word, and refused, not converted: capitals are a
matter of the font's name there, which the text does not keep.
"""

from __future__ import annotations

import re

from campaigns.reading.document import Line
from campaigns.reading.refusal import PlanRefused

_LETTER = re.compile(r"[^\W\d_]")
_TCVN3 = re.compile(r"[a-zA-Z][µ¸¶·¹¨»¾¼½©®ªÆÇÊË«¬¦§¤¥£¢¡\xad]|[µ¸¶·¹¨»¾¼½©®ª«¬][a-z]")
_VNI = re.compile(
    r"[aeouyAEOUY][øïûäåëüöØÏÛÄÅËÜÖ]|[ñÑ][aeiouyöôAEIOUYÖÔ]|[öÖ][aeiouyngtcmpôù]|[aeoAEO][âêáàãÂÊÁÀÃ][a-z]"
)
_MODERN = re.compile(r"[Ạ-ỹăđĩũơưĂĐĨŨƠƯ]")
_SHARE = 0.04  # of the letters: every second word or so
_ENOUGH = 60  # letters below which nothing can be told


def refuse_legacy_fonts(lines: list[Line]) -> None:
    """PlanRefused `legacy_font` for a text in one of the old encodings."""
    text = "\n".join(line.text for line in lines[:2_000])
    name = legacy_font(text)
    if name:
        raise PlanRefused(
            "legacy_font",
            f"Văn bản gõ bằng phông chữ cũ {name} nên không đọc đúng chữ được. Hãy mở tệp, chuyển mã sang Unicode (ví "
            "dụ bằng công cụ chuyển mã của UniKey), lưu lại thành .docx rồi nạp lại.",
        )


def legacy_font(text: str) -> str | None:
    """ "TCVN3 (.VnTime)" or "VNI (VNI-Times)" for text in that encoding, None for anything else."""
    letters = len(_LETTER.findall(text))
    if letters < _ENOUGH or len(_MODERN.findall(text)) > 0.01 * letters:
        return None
    tcvn3, vni = len(_TCVN3.findall(text)), len(_VNI.findall(text))
    if max(tcvn3, vni) < _SHARE * letters:
        return None
    return "TCVN3 (.VnTime)" if tcvn3 >= vni else "VNI (VNI-Times)"
