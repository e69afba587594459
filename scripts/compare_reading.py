"""Plans read and held against their truths, field by field.

    scripts/compare_reading.py TRUTH.yaml [--plans FOLDER] [--differences]

TRUTH.yaml holds `documents`, each with its `file`, or one document whose plan lies beside it in any format. Exit
status 1 when anything differs, 2 when a file is missing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from campaigns.reading import read_plan
from tests.plans.comparing import Finding, compare, share, table


def documents(path: Path) -> list[dict[str, Any]]:
    truth: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    return list(truth.get("documents", [truth]))


def files(truth: dict[str, Any], folder: Path) -> list[Path]:
    """The plan the truth names, or every document of the folder."""
    if "file" in truth:
        return [folder / truth["file"]]
    return sorted(p for p in folder.iterdir() if p.suffix in (".txt", ".md", ".docx", ".pdf"))


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare readings of plans with their truths.")
    parser.add_argument("truth", type=Path, nargs="+")
    parser.add_argument("--plans", type=Path, help="folder of the plans; that of the truth unless said")
    parser.add_argument("--differences", action="store_true", help="leave out the fields that agree")
    options = parser.parse_args()
    total: list[Finding] = []
    for path in options.truth:
        for truth in documents(path):
            for plan in files(truth, options.plans or path.parent):
                if not plan.is_file():
                    print(f"missing: {plan}", file=sys.stderr)
                    return 2
                findings = compare(read_plan(plan.read_bytes(), plan.name), truth)
                total += findings
                print(f"== {plan.name}: {share(findings):.1%}")
                print(table(findings, full=not options.differences))
    counts = {v: sum(f.verdict == v for f in total) for v in ("agree", "differ", "not claimed", "description")}
    print(", ".join(f"{verdict} {count}" for verdict, count in counts.items()), f"= {share(total):.1%}")
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
