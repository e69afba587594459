"""A plan read in a process of its own, within bounds of time and memory.

Files come from anybody, and no list of limits knows every way to make a parser work for hours. What exceeds its bounds
is killed; the process that serves people goes on. Here, too, old formats are turned into .docx first: that takes
another program, which the pure reader knows nothing of.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from campaigns.reading.document import Progress
from campaigns.reading.limits import DEFAULT
from campaigns.reading.office import end_group, office_format, to_docx
from campaigns.reading.refusal import PlanRefused

SECONDS = 60
MEMORY = 3 << 29  # 1.5 GiB of address space, of which the libraries alone take some 0.2
OUT_OF_MEMORY = 3
LARGEST_ANSWER = 40_000_000
_LONGEST_PROGRESS = 200
_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "TMPDIR", "VIRTUAL_ENV")
_AT_ONCE = threading.BoundedSemaphore(2)


def read_guarded(
    data: bytes,
    name: str,
    progress: Progress | None = None,
    *,
    soffice: str | None = "soffice",
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> dict[str, Any]:
    """`to_json(read_plan(data, name))`, with at most `seconds` (of the clock and of the processor) and `memory` bytes;
    .doc and .odt too, where `soffice` (a path, or a name on the PATH) is LibreOffice.

    `progress` is told units done and units in all while the file is read, from the thread that called.
    Raises PlanRefused as `read_plan` does, and with `too_slow`, `too_large` (out of memory), `needs_libreoffice` or
    `reader_failed`. At most two files are read at once in one process; others wait for their turn, which is not
    counted.
    """
    told, kind = _asked("reading", data, name, progress, soffice, seconds, memory)
    return {**told, **({"format": kind} if kind else {})}


def lines_guarded(
    data: bytes, name: str, *, soffice: str | None = "soffice", seconds: int = SECONDS, memory: int = MEMORY
) -> list[dict[str, Any]]:
    """The document's own lines, as the sources of a reading count them, with the bounds and refusals of `read_guarded`:
    {"no": 1-based, "page": int or None, "text": cells parted by tabs, "heading": level or None, "table": bool}."""
    return list(_asked("lines", data, name, None, soffice, seconds, memory)[0])


def _asked(
    want: str, data: bytes, name: str, progress: Progress | None, soffice: str | None, seconds: int, memory: int
) -> tuple[Any, str | None]:
    """What the reader answers, and the old format it was turned from."""
    with _AT_ONCE:
        kind = office_format(data) if len(data) <= DEFAULT.file_bytes else None
        if kind:
            data = to_docx(data, soffice, seconds=seconds)
        head = json.dumps({"name": name, "want": want}).encode()
        status, answer = _run(head + b"\n" + data, seconds, memory, progress)
    if status:
        raise _broken_off(status)
    told = json.loads(answer)
    if "refused" in told:
        raise PlanRefused(**told["refused"])
    return told[want], kind


def _run(given: bytes, seconds: int, memory: int, progress: Progress | None) -> tuple[int, bytes]:
    """Exit status and answer of the reader; what it tells of its progress is handed on as it comes."""
    with _reader(seconds, memory) as (process, ended):
        feeder = threading.Thread(target=_feed, args=(process.stdin, given), daemon=True)
        feeder.start()
        try:
            answer = _listen(process.stdout, progress)
            status = process.wait()
        finally:
            end_group(process)
            feeder.join()
        if ended.is_set():
            raise _too_slow()
    return status, answer


@contextlib.contextmanager
def _reader(seconds: int, memory: int) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    """The reader under way, ended after `seconds`; the event tells that it was."""
    ended = threading.Event()
    with subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", "campaigns.reading", str(seconds), str(memory)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, cwd=_ROOT, env=_environment(), start_new_session=True,
    ) as process:  # fmt: skip

        def end() -> None:
            ended.set()
            end_group(process)

        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            yield process, ended
        finally:
            timer.cancel()


def _feed(stdin: IO[bytes] | None, given: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), stdin or contextlib.nullcontext():
        if stdin:
            stdin.write(given)


def _listen(stdout: IO[bytes] | None, progress: Progress | None) -> bytes:
    """Lines "DONE TOTAL" as progress; the first line that is an object is the answer."""
    while stdout and (line := stdout.readline(_LONGEST_PROGRESS)):
        if line.startswith(b"{"):
            answer = line + stdout.read(LARGEST_ANSWER)
            if len(answer) > LARGEST_ANSWER:
                raise _too_large()
            return answer
        done, _, total = line.partition(b" ")
        if progress and done.isdigit() and total.strip().isdigit():
            progress(int(done), int(total))
    return b""


def _environment() -> dict[str, str]:
    """No secret of the publisher is in reach of a parser that a file may have turned.

    No compiled module is written: on a full disk Python 3.11 leaves it cut short, which breaks whoever loads it next.
    """
    kept = {key: value for key, value in os.environ.items() if key in _KEPT or key.startswith("COVERAGE_")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def _broken_off(status: int) -> PlanRefused:
    if status in (-signal.SIGXCPU, -signal.SIGALRM):
        return _too_slow()
    if status in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGABRT):
        return _too_large()  # the system kills what takes its last memory; PDFium gives up where it gets no more
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
