"""Programs of the machine that speak and encode: without a shell, with a time limit, and a clear word when missing."""

from __future__ import annotations

import contextlib
import os
import signal
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
        done = _ended(list(command), given, seconds)
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


def _ended(command: list[str], given: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """In a group of its own: a script that hangs is ended with all it started, which would hold its output open."""
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 (no shell; the words are the installation's own)
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(), start_new_session=True
    ) as process:
        try:
            out, err = process.communicate(given, timeout=seconds)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)


def _environment() -> dict[str, str]:
    """No secret of ours, no proxy and no home reaches a program that reads what others wrote."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"}
