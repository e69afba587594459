"""What stands on paper but is not read aloud: signature lines, recipients, footnote marks, "viết tắt là"."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, step


def _silence(match: re.Match[str], voice: Voice) -> str:
    return ""


STEPS: tuple[Step, ...] = (
    step("signature", r"^[ \t]*(?:TM|KT|TL|TUQ)\..*$", re.MULTILINE)(_silence),
    step("signature", r"\(\s*[Đđ]ã ký\s*\)")(_silence),
    step("recipients", r"^[ \t]*Nơi nhận:.*(?:\n[ \t]*[-–+].*)*", re.MULTILINE)(_silence),
    step("abbreviated", r"\s?\((?:sau đây\s+)?(?:(?:viết|gọi)\s+tắt|gọi(?:\s+chung)?)\s+là[^()]*\)")(_silence),
    step("footnote", r"\[\d{1,3}\]")(_silence),
    step("end mark", r"\./\.")(lambda match, voice: "."),
    step("link", r"\s?\(https?://[^\s()]+\)")(_silence),
)
