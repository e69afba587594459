"""Prints what the last `make test` covered, lines and branches, for each of the four packages."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from coverage import Coverage

PACKAGES = ("channels", "campaigns", "publisher", "assets")
ROOT = Path(__file__).resolve().parents[1]


def summaries(report: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Per package: covered lines, lines, covered branches, branches."""
    sums = dict.fromkeys(PACKAGES, (0, 0, 0, 0))
    for name, entry in report["files"].items():
        package, found = Path(name).parts[0], entry["summary"]
        counts = (
            found["covered_lines"],
            found["num_statements"],
            found["covered_branches"],
            found["num_branches"],
        )
        if package in sums:
            sums[package] = tuple(a + b for a, b in zip(sums[package], counts, strict=True))
    return sums


def share(covered: int, total: int) -> str:
    return f"{covered / total:7.1%} ({covered}/{total})" if total else "      – (none)"


def main() -> None:
    coverage = Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(path))
        report = json.loads(path.read_text())
    print(f"{'package':<12} {'lines':<22} branches")
    for package, (lines, all_lines, branches, all_branches) in summaries(report).items():
        print(f"{package + '/':<12} {share(lines, all_lines):<22} {share(branches, all_branches)}")


if __name__ == "__main__":
    main()
