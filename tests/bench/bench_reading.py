"""How long reading a plan of a hundred pages takes, and what memory: every format in turn, several rounds in one run.

    python -m tests.bench.bench_reading [--rounds 3] [--json]

Each reading is a process of its own, as in service, so that its peak memory is its own; the time is that of the
processor inside `read_plan`, the least of all rounds, so that other work on the machine hardly shows. Ratios are to
plain text read in the same run. Exit status 1 when text takes more than 2 s or .docx more than 5 s.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORMATS = ("txt", "md", "docx", "pdf")
LIMITS = {"txt": 2.0, "md": 2.0, "docx": 5.0}  # seconds; the project's own promise


def one(path: Path) -> dict[str, float]:
    """Read the file in this process: seconds of processor and clock, peak memory in MB before and after."""
    from campaigns.reading import read_plan

    data, before = path.read_bytes(), _peak()
    clock, processor = time.perf_counter(), time.process_time()
    reading = read_plan(data, path.name)
    return {
        "seconds": time.process_time() - processor,
        "clock": time.perf_counter() - clock,
        "peak_mb": _peak(),
        "start_mb": before,
        "themes": len(reading.themes),
        "budget_lines": len(reading.budget.lines) if reading.budget else 0,
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """The best round of each format; the formats take turns, so that a busy minute hits them all."""
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for kind in FORMATS:
            command = [sys.executable, "-m", "tests.bench.bench_reading", "--one", str(folder / f"plan.{kind}")]
            told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
            best[kind] = min(best.get(kind, told), told, key=lambda round_: round_["seconds"])
    return best


def table(best: dict[str, dict[str, float]]) -> str:
    base = best["txt"]["seconds"]
    rows = ["format  seconds  x text  clock s  peak MB  (start MB)  themes  limit s"]
    rows += [
        f"{kind:6}  {b['seconds']:7.2f}  {b['seconds'] / base:6.1f}  {b['clock']:7.2f}  {b['peak_mb']:7.0f}  "
        f"{b['start_mb']:10.0f}  {b['themes']:6.0f}  {LIMITS.get(kind, '-'):>7}"
        for kind, b in best.items()
    ]
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one)))
        return 0
    from tests.bench.material import all_formats, pages

    with tempfile.TemporaryDirectory(prefix="tincoso-bench-") as name:
        files = all_formats()
        for kind, data in files.items():
            (Path(name) / f"plan.{kind}").write_bytes(data)
        best = measured(Path(name), asked.rounds)
    late = [kind for kind, limit in LIMITS.items() if best[kind]["seconds"] > limit]
    print(json.dumps(best) if asked.json else f"a plan of {pages(files['pdf'])} pages\n{table(best)}")
    if late:
        print(f"too slow: {', '.join(late)}", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
