"""The bar of a slow command: for people at a terminal, never for programs."""

from __future__ import annotations

import sys

import pytest

from publisher.management.commands import _progress
from publisher.management.commands._progress import progress_bar


def test_a_program_that_reads_the_output_sees_no_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_progress, "LATER", 0)
    with progress_bar("Đọc") as progress:
        progress(1, 2)
    assert capsys.readouterr().err == ""


def test_a_person_at_a_terminal_sees_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_progress, "LATER", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar("Đọc ke-hoach.pdf") as progress:
        progress(3, 4)
        progress(4, 4)
    told = capsys.readouterr().err
    assert "Đọc ke-hoach.pdf" in told
    assert "4/4" in told
