"""Lighthouse, as a phone, on three kinds of page of a sample site behind the delivered nginx.

    .venv/bin/python -m tests.site_tools.lighthouse --rounds 3 --reports var/lighthouse

Prints the median of each category; exit 1 where one is below the goal. Nothing else should run on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.channels.page.sample_site import make, served
from tests.channels.page.site_tools import NODE, tool
from tests.services import chromium_path

GOAL = 95  # of 100, in every category
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {"first-contentful-paint": "FCP", "largest-contentful-paint": "LCP", "total-blocking-time": "TBT"}
TIMES |= {"cumulative-layout-shift": "CLS", "total-byte-weight": "bytes"}


def main() -> int:
    asked = arguments()
    with tempfile.TemporaryDirectory() as place, served(Path(place)) as (folder, address):
        make(folder, address)
        article = next(path.name for path in (folder / "bai").iterdir() if path.name.endswith("-a5"))
        pages = {"home": "", "article": f"bai/{article}/", "archive": "luu-tru/", "month": "thang/2026-03/"}
        results = {
            name: [measured(address + path, asked.reports / f"{name}-{turn}") for turn in range(asked.rounds)]
            for name, path in pages.items()
        }
    return report(results)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reports", type=Path, default=Path("var/lighthouse"), help="folder of the full reports")
    return parser.parse_args()


def measured(url: str, report_path: Path) -> dict[str, float]:
    """Scores by category and the times beneath them; the whole report as HTML and JSON at `report_path`."""
    report_path.parent.mkdir(parents=True, exist_ok=True)
    command = [NODE, tool("lighthouse/cli/index.js"), url, "--quiet", "--output=json", "--output=html"]
    command += [f"--output-path={report_path}", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": chromium_path()})
    told = json.loads(report_path.with_suffix(".report.json").read_text())
    scores = {name: 100 * (told["categories"][name]["score"] or 0) for name in CATEGORIES}
    return scores | {short: told["audits"][name].get("numericValue", 0) for name, short in TIMES.items()}


def report(results: dict[str, list[dict[str, float]]]) -> int:
    columns = (*CATEGORIES, *TIMES.values())
    print("page".ljust(9), *(name.rjust(max(len(name), 6)) for name in columns))
    missed = False
    for page, turns in results.items():
        middle = {name: statistics.median(turn[name] for turn in turns) for name in columns}
        missed |= any(middle[name] < GOAL for name in CATEGORIES)
        shown = [f"{middle[name]:,.{2 if name == 'CLS' else 0}f}".rjust(max(len(name), 6)) for name in columns]
        print(page.ljust(9), *shown)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
