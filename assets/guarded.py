"""A picture from somebody made clean in a process of its own, within bounds of time and memory.

Decoders are compiled code that reads what strangers wrote. What makes one work for hours, take all memory or break down
ends that process; the one that serves people goes on. Its secrets are not in reach either.

The process is `python -m assets.guarded SECONDS BYTES`. stdin: the file. stdout: one line of JSON, {"pixels", "facts",
"original"} or {"refused": sentence}, then the bytes of the JPEG.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import threading
from dataclasses import astuple, replace
from pathlib import Path

from assets.jpeg import BadPicture
from assets.pictures import LARGEST_FILE, LARGEST_KEPT, Clean, PictureFacts, cleaned

SECONDS = 20  # a photograph of 12 megapixels takes one
MEMORY = 5 << 28  # 1.25 GiB of address space: 50 megapixels take 200 MB, and twice that while they are turned
TOO_MUCH = "Mở ảnh tốn quá nhiều thời gian hoặc bộ nhớ nên đã dừng: hãy thu nhỏ, lưu thành JPEG rồi tải lại."
_JPEG = b"\xff\xd8\xff"
_ROOT = Path(__file__).parents[1]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "TMPDIR", "VIRTUAL_ENV")
_OWN = {"MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1"}  # threads reserve less; it writes no file
_AT_ONCE = threading.BoundedSemaphore(2)


def cleaned_guarded(data: bytes, *, seconds: int = SECONDS, memory: int = MEMORY) -> Clean:
    """`cleaned`, with at most `seconds` (of the clock and of the processor) and `memory` bytes. Raises `BadPicture`.

    At most two pictures are opened at once in one process; others wait for their turn.
    """
    if len(data) > LARGEST_FILE:
        return cleaned(data)  # which refuses it unread
    command = [sys.executable, "-m", "assets.guarded", str(seconds), str(memory)]
    environment = {key: value for key, value in os.environ.items() if key in _KEPT or key.startswith("COVERAGE_")}
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603 (our own command)
                command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT,
                env=environment | _OWN, timeout=seconds, check=True,
            )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise BadPicture(TOO_MUCH) from error
    return _read(done.stdout, data)


def _read(answer: bytes, data: bytes) -> Clean:
    """A decoder that was taken over says what it likes: no digest is believed that can be reckoned here, or a picture
    could be kept under the name of another's."""
    head, _, picture = answer.partition(b"\n")
    try:
        told = json.loads(head)
        if "refused" in told:
            raise BadPicture(told["refused"])
        facts, original, pixels = PictureFacts(*told["facts"]), PictureFacts(*told["original"]), str(told["pixels"])
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadPicture(TOO_MUCH) from error
    ours = PictureFacts(_digest(picture), "image/jpeg", facts.width, facts.height, len(picture))
    theirs = replace(original, sha256=_digest(data), size=len(data))
    if (facts, original) != (ours, theirs) or not picture.startswith(_JPEG) or len(picture) > LARGEST_KEPT:
        raise BadPicture(TOO_MUCH)
    return Clean(picture, facts, pixels, original)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _confine(seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to its pipe alone


def main() -> None:
    _confine(int(sys.argv[1]), int(sys.argv[2]))
    try:
        clean = cleaned(sys.stdin.buffer.read())
    except BadPicture as refused:
        sys.stdout.write(json.dumps({"refused": str(refused)}))
        return
    told = {"pixels": clean.pixels, "facts": astuple(clean.facts), "original": astuple(clean.original)}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + clean.data)


if __name__ == "__main__":
    main()
