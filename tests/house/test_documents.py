"""Documents that repeat what the code says must say the same."""

from __future__ import annotations

import re

from publisher.delivery.states import MOVES
from tests.processes import ROOT


def test_the_architecture_page_shows_the_table_of_moves():
    page = (ROOT / "docs" / "architecture.md").read_text()
    table = page.split("| state | may become |\n|---|---|\n")[1].split("\n\n")[0]
    told = {}
    for states, onward in re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE):
        for state in states.split(", "):
            told[state] = set() if onward == "nothing more" else set(onward.split(", "))
    assert told == {state.value: {after.value for after in onward} for state, onward in MOVES.items()}


def test_every_decision_is_listed_and_numbered_without_gaps():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4})-[a-z0-9-]+\.md\)", (folder / "README.md").read_text())
    there = sorted(path.name[:4] for path in folder.glob("0*.md"))
    assert listed == there == [f"{number:04}" for number in range(1, len(there) + 1)]
    for path in folder.glob("0*.md"):
        text = path.read_text()
        assert all(f"**{part}.**" in text for part in ("Choice", "Why", "Price")), path.name


def test_the_changelog_has_a_place_for_what_comes():
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text()


def test_every_picture_that_is_shown_is_there_and_every_picture_there_is_shown():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r"\((?:docs/)?images/([^)]+)\)", page.read_text())}
    assert {path.name for path in (ROOT / "docs" / "images").iterdir()} == shown


def test_every_command_stands_in_the_table_of_the_readme():
    table = (ROOT / "README.md").read_text().partition("| command | does |")[2].partition("\n\n")[0]
    commands = {path.stem for path in (ROOT / "publisher/management/commands").glob("[a-z]*.py")}
    assert {name for name in commands if f"`publisher {name}" not in table} == set()
    named = set(re.findall(r"`publisher ([a-z]+)", table))
    assert named - commands == {"changepassword", "migrate"}  # Django's


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#: ]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert dead == []
    guide = (ROOT / "docs" / "huong-dan.md").read_text()
    headings = {
        re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for words in re.findall(r"^#+ (.+)$", guide, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", guide)) <= headings
