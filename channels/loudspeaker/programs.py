"""Programs of the machine that speak and encode: without a shell, with a time limit, and a clear word when missing."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any


class NoSound(Exception):
    """Why there is no recording, in the reader's words. Nothing else fails for it."""


@cache
def figures(name: str) -> dict[str, Any]:
    """One table of `voices.toml`."""
    with Path(__file__).with_name("voices.toml").open("rb") as file:
        return dict(tomllib.load(file)[name])


def run(command: Sequence[str], *, given: bytes = b"", seconds: float) -> subprocess.CompletedProcess[bytes]:
    """What the program wrote, after it ended well. Raises `NoSound`."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the words are the installation's own)
            list(command), input=given, capture_output=True, timeout=seconds, env=_environment(), check=False
        )
    except (FileNotFoundError, PermissionError):
        raise NoSound(
            f"Máy chủ chưa có chương trình {name}: cài gói espeak-ng và ffmpeg (hoặc giọng đã chọn) rồi tạo lại."
        ) from None
    except subprocess.TimeoutExpired:
        raise NoSound(
            f"Chương trình {name} chạy quá {seconds:.0f} giây nên đã dừng: thử lại, hoặc đổi giọng."
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NoSound(f"Chương trình {name} báo lỗi: {(said or ['không nói gì'])[0][:200]}")
    return done


def _environment() -> dict[str, str]:
    """No secret of ours, no proxy and no home reaches a program that reads what others wrote."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"}
