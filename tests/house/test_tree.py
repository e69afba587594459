"""What may not stand anywhere in the repository, and what must be written down."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from publisher.config import Settings
from tests.processes import ROOT

PLANS = ROOT.parent / "shared" / "plans"
PRODUCT = ("assets", "campaigns", "channels", "publisher", "scripts")
MODULE_LINES = 400
FUNCTION_LINES = 60
VERBATIM = 120  # letters: shorter lines of a plan are titles of laws and bodies that any text may name

# Hosts that hand out packages or images, by the words such names are made of: none is written out, here either.
HOST = (
    r"\b(?:[\w-]+\.)*(?:(?:py[p]i|python[h]osted|np[m]js|yarn[p]kg|ruby[g]ems|cr[a]tes|deb[i]an|golan[g])[\w-]*"
    r"|ghc[r]|gc[r]|qua[y]|dock[e]r)\.(?:org|com|io)\b"
)
LEFT_OVER = r"T[O]DO|F[I]XME|H[A]CK:|I[N]TERIM:|raise NotI[m]plementedError|pragma: n[o] cover"
NOT_RUN = r"pytest\.s[k]ip|mark\.s[k]ip|x[f]ail|unittest\.s[k]ip|import[o]rskip"


@cache
def tree() -> dict[str, str]:
    """Text of every file that is tracked, or would be once added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    texts = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file():
            with path.open("rb") as file:
                data = file.read()
            if b"\0" not in data[:8192]:
                texts[name] = data.decode("utf-8", errors="replace")
    return texts


def places(pattern: str, texts: dict[str, str]) -> list[str]:
    """`file:line: text` of every line in which the pattern stands."""
    found = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts.items()
        if found.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if found.search(line)
    ]


@cache
def product() -> dict[str, ast.Module]:
    return {
        name: ast.parse(text)
        for name, text in tree().items()
        if name.endswith(".py") and name.startswith(PRODUCT) and "/migrations/" not in name
    }


Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@cache
def definitions() -> list[tuple[str, Definition]]:
    """Every class and function of the product with the file it stands in."""
    return [
        (name, node) for name, module in product().items() for node in ast.walk(module) if isinstance(node, Definition)
    ]


def test_no_package_registry_is_named():
    assert places(HOST, tree()) == []


def test_no_path_of_somebody_s_machine_is_named():
    assert places(r"(?<![\w.:/])/(?:work|root|home|Users)/", tree()) == []


def test_nothing_is_left_for_later():
    assert places(LEFT_OVER, tree()) == []


def test_every_test_runs():
    tests = {name: text for name, text in tree().items() if name.startswith("tests/")}
    assert places(NOT_RUN, tests) == []


def test_no_secret_or_data_is_tracked():
    kept_out = re.compile(r"(^|/)\.env$|^deploy/secrets/|^var/|\.sqlite3$|\.pem$|\.key$")
    assert [name for name in tree() if kept_out.search(name)] == []
    assert places(r"-----BEGIN [A-Z ]*PRIVATE KEY-----", tree()) == []


def test_no_line_of_the_three_real_plans_is_in_the_repository():
    plans = [path for path in PLANS.iterdir() if path.suffix == ".txt"]
    assert len(plans) == 3
    lines = {
        folded
        for path in plans
        for line in path.read_text().splitlines()
        if len(folded := unicodedata.normalize("NFC", " ".join(line.split()))) >= VERBATIM
    }
    assert lines
    for name, text in tree().items():
        flat = unicodedata.normalize("NFC", " ".join(text.split()))
        assert [line for line in lines if line in flat] == [], name


def test_modules_stay_short():
    long = {name: tree()[name].count("\n") for name in product() if tree()[name].count("\n") >= MODULE_LINES}
    assert long == {}


def test_functions_stay_short():
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, node in definitions()
        if not isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_names_are_nouns_of_the_field():
    vague = re.compile(r"(Manager|Helper|Utils?)$")
    classes = [
        f"{name}: {node.name}"
        for name, node in definitions()
        if isinstance(node, ast.ClassDef) and vague.search(node.name)
    ]
    files = [name for name in product() if re.search(r"(^|/)(utils?|helpers?|managers?)\.py$", name)]
    assert classes + files == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_version_and_hashes_and_no_index(lock):
    entries = [entry for entry in re.split(r"\n(?=\S)", tree()[lock]) if entry and not entry.startswith("#")]
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"^[A-Za-z0-9._\[\],-]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_lock_holds_every_dependency_within_its_bounds():
    project = tomllib.loads(tree()["pyproject.toml"])["project"]
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", tree()["requirements-dev.lock"], re.MULTILINE))
    versions = {canonicalize_name(name): version for name, version in locked.items()}
    for wanted in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["dev"]]):
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), wanted


def documents() -> dict[str, str]:
    return {name: text for name, text in tree().items() if name.endswith(".md")}


def test_every_command_is_documented():
    folder = ROOT / "publisher" / "management" / "commands"
    commands = [path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")]
    text = "\n".join(documents().values())
    assert [name for name in commands if f"publisher {name}" not in text] == []


def test_the_configuration_page_is_what_the_settings_class_says():
    command = [sys.executable, str(ROOT / "scripts" / "configuration_docs.py"), "--check"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_every_setting_named_in_a_document_exists():
    known = {f"PUBLISHER_{name.upper()}" for name in Settings.model_fields} | {"PUBLISHER_TEST_DATABASE"}
    named = {word for text in documents().values() for word in re.findall(r"PUBLISHER_[A-Z_]*[A-Z]", text)}
    assert named <= known


def test_every_link_between_documents_leads_somewhere():
    dead = [
        f"{name}: {target}"
        for name, text in documents().items()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
        if "://" not in target and not target.startswith("mailto:") and not (ROOT / Path(name).parent / target).exists()
    ]
    assert dead == []
