"""The tables of traps name tests that exist, and a reason where there is none."""

from __future__ import annotations

import re

from tests.processes import ROOT

PAGE = ROOT / "docs" / "channels.md"
REASONS = ("not yet: ", "not used: ", "not offered: ")


def rows() -> list[list[str]]:
    """Trap, what we do, tests: of every row that is neither a heading nor a rule."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in found if row[0] != "Trap" and not re.fullmatch(r"\*\*.+\*\*", row[0])]


def written() -> set[str]:
    """The names of all tests there are."""
    sources = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for source in sources for name in re.findall(r"^\s*def (test_\w+)\(", source, re.MULTILINE)}


def test_every_test_that_a_trap_names_exists():
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text()))
    assert len(named) > 50
    assert named - written() == set()


def test_every_trap_has_a_test_or_a_reason():
    assert [row for row in rows() if len(row) != 3] == []
    bare = [trap for trap, done, shown in rows() if "`test_" not in shown and not done.startswith(REASONS)]
    assert bare == []
