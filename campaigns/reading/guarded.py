"""A plan read in a process of its own, within bounds of time and memory.

Files come from anybody, and no list of limits knows every way to make a parser work for hours. What exceeds its bounds
is killed; the process that serves people goes on.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from campaigns.reading.refusal import PlanRefused

SECONDS = 60
MEMORY = 3 << 29  # 1.5 GiB of address space, of which the libraries alone take some 0.2
OUT_OF_MEMORY = 3
LARGEST_ANSWER = 40_000_000
_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "TMPDIR", "VIRTUAL_ENV")
_AT_ONCE = threading.BoundedSemaphore(2)


def read_guarded(data: bytes, name: str, *, seconds: int = SECONDS, memory: int = MEMORY) -> dict[str, Any]:
    """`to_json(read_plan(data, name))`, with at most `seconds` (of the clock and of the processor) and `memory` bytes.

    Raises PlanRefused as `read_plan` does, and with `too_slow`, `too_large` (out of memory) or `reader_failed`.
    At most two files are read at once in one process; others wait for their turn, which is not counted.
    """
    return dict(_asked("reading", data, name, seconds, memory))


def lines_guarded(data: bytes, name: str, *, seconds: int = SECONDS, memory: int = MEMORY) -> list[dict[str, Any]]:
    """The document's own lines, as the sources of a reading count them, with the bounds and refusals of `read_guarded`:
    {"no": 1-based, "page": int or None, "text": cells parted by tabs, "heading": level or None, "table": bool}."""
    return list(_asked("lines", data, name, seconds, memory))


def _asked(want: str, data: bytes, name: str, seconds: int, memory: int) -> Any:
    with _AT_ONCE:
        done = _run(json.dumps({"name": name, "want": want}).encode() + b"\n" + data, seconds, memory)
    if done.returncode:
        raise _broken_off(done.returncode)
    if len(done.stdout) > LARGEST_ANSWER:
        raise _too_large()
    told = json.loads(done.stdout)
    if "refused" in told:
        raise PlanRefused(**told["refused"])
    return told[want]


def _run(given: bytes, seconds: int, memory: int) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "campaigns.reading", str(seconds), str(memory)]
    try:
        return subprocess.run(  # noqa: S603 (our own command)
            command, input=given, stdout=subprocess.PIPE, timeout=seconds, cwd=_ROOT, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow() from error


def _environment() -> dict[str, str]:
    """No secret of the publisher is in reach of a parser that a file may have turned."""
    return {key: value for key, value in os.environ.items() if key in _KEPT or key.startswith("COVERAGE_")}


def _broken_off(status: int) -> PlanRefused:
    if status in (-signal.SIGXCPU, -signal.SIGALRM):
        return _too_slow()
    if status in (OUT_OF_MEMORY, -signal.SIGKILL):  # the system kills what takes its last memory
        return _too_large()
    return PlanRefused(
        "reader_failed",
        "Đọc tệp thì gặp lỗi ngoài dự kiến nên đã dừng. Hãy mở tệp, lưu lại thành .docx rồi nạp lại; nếu vẫn lỗi, báo "
        "người quản trị xem nhật ký.",
    )


def _too_slow() -> PlanRefused:
    return PlanRefused(
        "too_slow",
        "Đọc tệp quá lâu nên đã dừng; tệp phức tạp hơn nhiều so với một kế hoạch. Hãy tách riêng phần kế hoạch, bỏ "
        "hình vẽ, lưu lại thành .docx rồi nạp lại.",
    )


def _too_large() -> PlanRefused:
    return PlanRefused(
        "too_large",
        "Đọc tệp cần quá nhiều bộ nhớ nên đã dừng. Hãy bỏ ảnh thừa, tách riêng phần kế hoạch, lưu lại thành .docx rồi "
        "nạp lại.",
    )
