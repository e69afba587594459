"""The reader as a process of its own: `python -m campaigns.reading SECONDS BYTES`, for `guarded.read_guarded`.

stdin: one line of JSON, {"name": …, "want": "reading" | "lines"}, then the bytes of the document.
stdout: lines "DONE TOTAL" while it reads; then, in one line, {"reading": …} as `to_json` gives it,
{"lines": […]} or {"refused": {"code", "message", "seems"}}.
Exit status OUT_OF_MEMORY when BYTES did not do; killed by SIGXCPU when SECONDS of the processor did not.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import Any

from campaigns.reading.confinement import confine
from campaigns.reading.formats import load
from campaigns.reading.guarded import OUT_OF_MEMORY
from campaigns.reading.limits import DEFAULT
from campaigns.reading.reader import read_plan
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.schema import to_json


def reading(data: bytes, name: str) -> dict[str, Any]:
    return to_json(read_plan(data, name, progress=_tell))


def lines(data: bytes, name: str) -> list[dict[str, Any]]:
    """The document before anything is understood: what `Source.lines` count."""
    document = load(data, name, DEFAULT, _tell)
    found = sorted([*document.lines, *document.notes], key=lambda line: line.no)
    return [
        {"no": line.no, "page": line.page, "text": line.text, "heading": line.heading, "table": line.table is not None}
        for line in found
    ]


ANSWERS = {"reading": reading, "lines": lines}


def answer(data: bytes, name: str, want: str) -> dict[str, Any]:
    try:
        return {want: ANSWERS[want](data, name)}
    except PlanRefused as refusal:
        return {"refused": {"code": refusal.code, "message": refusal.message, "seems": refusal.seems}}


def _tell(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


def main() -> int:
    try:
        confine(int(sys.argv[1]), int(sys.argv[2]))
        logging.disable()  # pdfminer tells of every oddity of a file
        head = json.loads(sys.stdin.buffer.readline())
        sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read(), head["name"], head.get("want", "reading"))))
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # the places only: a message may quote the document
        sys.stderr.write(f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
