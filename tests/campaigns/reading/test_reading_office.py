"""Old Word and OpenDocument files, by the real LibreOffice."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from campaigns.reading import PlanRefused, read_plan, to_json
from campaigns.reading.guarded import lines_guarded, read_guarded
from campaigns.reading.office import to_docx
from publisher.samples.make_docx import SOURCE, TARGET
from tests.services import soffice_path

OLD = ("doc", "odt")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample plan as LibreOffice saves it in the old formats, by format."""
    folder = tmp_path_factory.mktemp("office")
    for kind in OLD:
        subprocess.run(
            [soffice_path(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
             kind, "--outdir", str(folder), str(TARGET)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return {kind: (folder / TARGET.name).with_suffix(f".{kind}").read_bytes() for kind in OLD}


def _said(reading: dict[str, Any]) -> dict[str, Any]:
    keys = ("number", "date", "title", "signer", "recipients", "year", "indices")
    return {key: reading[key] for key in keys} | {
        "sections": [(s["label"], s["title"], s["role"]) for s in reading["sections"]],
        "themes": [(t["label"], t["title"], len(t["children"])) for t in reading["themes"]],
        "budget": [(line["name"], line["amount"]) for line in reading["budget"]["lines"]],
        "targets": [t["count"] for t in reading["targets"]],
    }


@pytest.mark.parametrize("kind", OLD)
def test_an_old_format_says_what_the_plan_says(old: dict[str, bytes], kind: str) -> None:
    reading = read_guarded(old[kind], f"ke-hoach.{kind}", soffice=soffice_path())
    assert reading["format"] == kind
    assert _said(reading) == _said(to_json(read_plan(SOURCE.read_bytes(), "ke-hoach.md")))


def _refusal(read: Callable[[], object]) -> PlanRefused:
    with pytest.raises(PlanRefused) as caught:
        read()
    assert "Hãy" in caught.value.message
    return caught.value


@pytest.mark.parametrize("kind", OLD)
@pytest.mark.parametrize("soffice", [None, "", "khong-co-libreoffice"])
def test_without_libreoffice_the_officer_is_told_what_to_do(
    old: dict[str, bytes], kind: str, soffice: str | None
) -> None:
    refusal = _refusal(lambda: read_guarded(old[kind], "x", soffice=soffice))
    assert refusal.code == _refusal(lambda: read_plan(old[kind], "x")).code == "needs_libreoffice"
    assert f".{kind}" in refusal.message


def test_a_broken_old_file_is_refused(old: dict[str, bytes]) -> None:
    assert _refusal(lambda: to_docx(old["odt"][:9_000], soffice_path())).code == "broken_docx"
    broken = old["doc"][:512] + bytes(9_000) + "WordDocument".encode("utf-16-le")
    assert _refusal(lambda: to_docx(broken, soffice_path())).code in {"broken_doc", "too_slow"}


def _program(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def test_a_conversion_that_hangs_is_ended_with_everything_it_started(old: dict[str, bytes], tmp_path: Path) -> None:
    program = _program(tmp_path, f"sleep 300 & echo $! > {tmp_path}/child; wait")
    assert _refusal(lambda: to_docx(old["doc"], program, seconds=4)).code == "too_slow"
    child = int((tmp_path / "child").read_text())
    assert _is_gone(child)


def _is_gone(pid: int) -> bool:
    """No such process, or one that only waits to be counted as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


def test_a_conversion_has_bounds_no_secrets_and_no_network(
    old: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_SECRET_KEY", "bí mật")
    told = tmp_path / "told"
    program = _program(tmp_path, f"{{ env; ulimit -a; echo $@; cat /proc/net/dev; }} > {told}")
    assert _refusal(lambda: to_docx(old["doc"], program, seconds=9, memory=1 << 30)).code == "broken_doc"
    text = told.read_text()
    assert "bí mật" not in text
    assert "cpu time               (seconds, -t) 9" in text or "time(seconds)        9" in text
    assert str((1 << 30) // 1024) in text
    assert "http_proxy=http://127.0.0.1:9" in text
    assert "-env:UserInstallation=file:///" in text
    if _may_leave_network():
        assert _devices(text) <= {"lo"}
    assert not Path(_home(text)).exists()


def _devices(text: str) -> set[str]:
    """The network devices listed in /proc/net/dev, but those that every new network has."""
    table = text[text.index("Inter-|") :].splitlines()[2:]
    names = {line.split(":")[0].strip() for line in table}
    return {name for name in names if not name.startswith(("tunl", "sit", "ip6", "ip_", "gre", "erspan"))}


def _home(text: str) -> str:
    return next(line.removeprefix("HOME=") for line in text.splitlines() if line.startswith("HOME="))


def _may_leave_network() -> bool:
    return subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode == 0


def test_a_macro_in_an_opendocument_file_is_refused(old: dict[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "x.odt"
    file.write_bytes(old["odt"])
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("Basic/Standard/Module1.xml", f"<x>{os.getpid()}</x>")
    assert _refusal(lambda: to_docx(file.read_bytes(), soffice_path())).code == "has_macros"


def test_progress_comes_from_the_process_that_reads() -> None:
    told: list[tuple[int, int]] = []
    read_guarded(TARGET.read_bytes(), "x.docx", lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 10
    assert told == sorted(told)


def test_a_caller_that_loses_patience_ends_the_reading() -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_guarded(TARGET.read_bytes(), "x.docx", stop)


def test_the_lines_of_an_old_file_are_those_its_reading_points_at(old: dict[str, bytes]) -> None:
    lines = {line["no"]: line["text"] for line in lines_guarded(old["doc"], "x.doc", soffice=soffice_path())}
    reading = read_guarded(old["doc"], "x.doc", soffice=soffice_path())
    first, last = reading["themes"][0]["source"]["lines"]
    assert reading["themes"][0]["title"] in " ".join(lines[no] for no in range(first, last + 1))
