"""The walls between the rooms: the contracts hold, and each of them can break."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.shadow import ROOMS, ShadowedImport, refuse_shadowed_imports
from tests.processes import ROOT

# Module names of the other, well-known `channels` distribution: ours must never answer to them by accident.
FORBIDDEN = ("http", "layers", "db", "auth")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", "pyproject.toml"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=clean)


# A file of each room, a line in it that breaks a contract, the contract, and how the break is told.
BREAKS = (
    ("campaigns/spoiled.py", "import publisher.config", "Nobody imports the publisher", "publisher.config"),
    ("assets/spoiled.py", "from publisher import people", "Nobody imports the publisher", "publisher.people"),
    ("channels/text.py", "import django.utils.html", "Channels know nothing of ours, nor Django", "django"),
    (
        "channels/page/spoiled.py",
        "import campaigns.models",
        "Channels know nothing of ours, nor Django",
        "campaigns.models",
    ),
    (
        "assets/spoiled.py",
        "import channels.contract",
        "Assets know neither campaigns nor channels",
        "channels.contract",
    ),
    ("channels/zalo/spoiled.py", "import channels.facebook", "A channel knows no other channel", "channels.facebook"),
    ("channels/text.py", "import channels.page", "A channel knows no other channel", "channels.page"),
    ("campaigns/reading/spoiled.py", "import django", "What calculates does not know Django", "django"),
    ("publisher/delivery/states.py", "import django.utils.timezone", "What calculates does not know Django", "django"),
    ("campaigns/reading/spoiled.py", "import requests", "What calculates does not know Django", "requests"),
    (
        "publisher/people/spoiled.py",
        "import publisher.delivery.models",
        "Rooms of the publisher stand",
        "publisher.delivery.models",
    ),
    (
        "publisher/budget/spoiled.py",
        "import publisher.timetable",
        "Rooms of the publisher stand",
        "publisher.timetable",
    ),
    ("publisher/delivery/spoiled.py", "import publisher.console", "Rooms of the publisher stand", "publisher.console"),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is told of each contract where every line of `BREAKS` stands in a copy of the four packages."""
    checkout = tmp_path_factory.mktemp("checkout")
    for room in ROOMS:
        shutil.copytree(ROOT / room, checkout / room, ignore=lambda _, names: [n for n in names if is_data(n)])
    shutil.copy(ROOT / "pyproject.toml", checkout)
    for module, line, _, _ in BREAKS:
        with (checkout / module).open("a") as spoiled:
            spoiled.write(f"\n{line}\n")
    (checkout / "channels" / "http.py").touch()  # a module that nobody placed
    answer = lint_imports(checkout)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    _, _, broken = answer.stdout.partition("Broken contracts")
    sections = re.split(r"^(.+)\n-+$", broken, flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def is_data(name: str) -> bool:
    return "." in name and not name.endswith(".py")


def test_the_contracts_hold():
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("module", "line", "contract", "imported"), BREAKS)
def test_a_forbidden_import_breaks_its_contract(module, line, contract, imported, told):
    section = next(words for name, words in told.items() if name.startswith(contract))
    importer = module.removesuffix(".py").replace("/", ".")
    assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)} ", section), f"{line}: {section}"


def test_a_module_nobody_placed_breaks_its_contract(told):
    section = next(words for name, words in told.items() if name.startswith("A channel knows no other channel"))
    assert "http" in section


@pytest.mark.parametrize("name", FORBIDDEN)
def test_channels_has_no_module_of_the_other_channels_package(name):
    assert not (ROOT / "channels" / f"{name}.py").exists()
    assert not (ROOT / "channels" / name).exists()


def test_the_other_channels_package_is_not_installed():
    found = subprocess.run(
        [sys.executable, "-m", "pip", "show", "channels", "django-channels"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1, found.stdout


def test_the_four_packages_come_from_this_checkout():
    refuse_shadowed_imports()


def test_a_shadowed_import_is_refused_at_start(tmp_path):
    """Another `channels` that stands earlier on the path: the command says whose it is and does not start."""
    (tmp_path / "channels").mkdir()
    (tmp_path / "channels" / "__init__.py").write_text("")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    answer = subprocess.run(
        [sys.executable, str(ROOT / "publisher" / "__main__.py"), "check"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode != 0
    assert "Traceback" not in answer.stderr
    assert str(tmp_path / "channels") in answer.stderr
    assert "chạy lại" in answer.stderr


def test_a_room_from_elsewhere_is_named(tmp_path):
    with pytest.raises(ShadowedImport, match="'publisher'"):
        refuse_shadowed_imports(tmp_path)
