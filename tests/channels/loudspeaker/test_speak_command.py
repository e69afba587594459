"""`publisher speak`, as a person starts it: real processes, no database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.management.commands.speak import spoken_lines, voice_of


def speak(*arguments: str, given: bytes = b"", tmp_path: Path) -> subprocess.CompletedProcess[str]:
    nowhere = {
        "PUBLISHER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PUBLISHER_VAR_DIR": str(tmp_path / "none"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "publisher", "speak", *arguments],
        input=given,
        capture_output=True,
        env={**os.environ, **nowhere, "LC_ALL": "C", "PYTHONIOENCODING": ""},
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_one_line_comes_out_for_each_line_and_the_unread_is_named_with_its_line(tmp_path: Path) -> None:
    given = "CNTT\r\nTM. / KT. / (Đã ký)\n\ntheo QXZT, ngõ 35/4".encode()
    done = speak("--lines", "--region", "nam", given=given, tmp_path=tmp_path)
    assert done.stdout == "công nghệ thông tin\n\n\ntheo [QXZT], ngõ ba mươi lăm xuyệt bốn\n"
    assert done.returncode == 0
    assert "Dòng 4: chưa có cách đọc “QXZT”" in done.stderr


def test_a_text_that_cannot_be_read_whole_ends_with_an_exit_code(tmp_path: Path) -> None:
    done = speak("theo QXZT", tmp_path=tmp_path)
    assert (done.stdout, done.returncode) == ("theo [QXZT]\n", 1)


def test_a_text_that_begins_with_a_hyphen_is_a_text_and_needs_no_database(tmp_path: Path) -> None:
    done = speak("-5°C", tmp_path=tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == ("âm năm độ xê\n", "", 0)
    assert not (tmp_path / "none").exists()


def test_a_region_there_is_none_of_is_refused_with_those_there_are(tmp_path: Path) -> None:
    done = speak("--region", "mars", "x", tmp_path=tmp_path)
    assert done.returncode == 1
    assert "Không có giọng vùng 'mars'. Dùng một trong: north, centre, south." in done.stderr


def test_bytes_that_are_no_utf8_are_refused_with_their_place(tmp_path: Path) -> None:
    done = speak("--lines", given=b"a\xff", tmp_path=tmp_path)
    assert done.returncode == 1
    assert "không phải UTF-8 (byte thứ 2)" in done.stderr


@pytest.mark.parametrize(("written", "count"), [("", 0), ("x", 1), ("x\n", 1), ("\n\n", 2), ("\n\nx", 3), ("x\n\n", 2)])
def test_there_are_as_many_lines_out_as_in(written: str, count: int) -> None:
    assert len(list(spoken_lines(written, voice_of("north")))) == count
