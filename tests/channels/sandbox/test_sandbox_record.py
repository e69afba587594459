"""The referee: its record, its clock, and that both outlive the sandbox."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox


def record(sandbox: Sandbox, **query: Any) -> list[dict[str, Any]]:
    return list(requests.get(f"{sandbox.url}/_record", params=query, timeout=5).json())


def test_a_line_tells_who_did_what_with_which_words_and_whose_link(sandbox: Sandbox, graph: Any) -> None:
    made = graph.feed(message="Xem https://a.example/tin?x=1&pid=p-42.").json()["id"]
    (line,) = record(sandbox)
    assert (line["vendor"], line["account"], line["act"], line["object"], line["pid"]) == (
        "facebook",
        "100000000000001",
        "published",
        made,
        "p-42",
    )
    assert line["sha256"] == hashlib.sha256(line["content"].encode()).hexdigest()


def test_an_articles_link_is_found_in_its_html(sandbox: Sandbox, zalo: Any, article: dict[str, Any]) -> None:
    article["body"][0]["content"] = '<a href="https://a.example/?x=1&amp;pid=p7">Xem</a>'
    zalo.stand(article)
    assert [line["pid"] for line in sandbox.record()] == ["p7", "p7"]


def test_the_record_is_read_in_pages_and_by_vendor(sandbox: Sandbox, graph: Any) -> None:
    for number in range(5):
        graph.feed(message=f"Bài {number}")
    requests.post(f"{sandbox.url}/webhook/thu", data=b"{}", timeout=5)
    first = record(sandbox, limit=4)
    assert [line["id"] for line in first] == [1, 2, 3, 4]
    assert [line["act"] for line in record(sandbox, after=4)] == ["published", "webhook"]
    assert record(sandbox, after=6) == []
    assert len(record(sandbox, vendor="webhook")) == 1
    assert requests.get(f"{sandbox.url}/_record?after=x", timeout=5).status_code == 400


def test_a_record_written_behind_its_back_is_found_out(sandbox: Sandbox, graph: Any, tmp_path: Path) -> None:
    for number in range(3):
        graph.feed(message=f"Bài {number}")
    told = requests.get(f"{sandbox.url}/_record/verify", timeout=5).json()
    assert (told["valid"], told["lines"]) == (True, 3)
    with sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite3") as db:
        db.execute("DROP TRIGGER record_is_fixed")
        db.execute("UPDATE record SET content = replace(content, 'Bài 1', 'Bài 9')")
    assert sandbox.verified() == {"valid": False, "lines": 2, "head": record(sandbox)[0]["hash"], "broken": 2}


def test_a_line_taken_out_is_found_out(sandbox: Sandbox, graph: Any, tmp_path: Path) -> None:
    for number in range(3):
        graph.feed(message=f"Bài {number}")
    with sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite3") as db:
        db.execute("DROP TRIGGER record_is_kept")
        db.execute("DELETE FROM record WHERE id = 2")
    assert sandbox.verified()["broken"] == 3


def test_a_file_of_an_earlier_sandbox_is_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "sandbox.sqlite3") as db:
        db.executescript(
            "CREATE TABLE record (id INTEGER PRIMARY KEY, at REAL NOT NULL, vendor TEXT NOT NULL, act TEXT NOT NULL,"
            " object TEXT NOT NULL, content TEXT NOT NULL);"
            "INSERT INTO record VALUES (1, 0, 'facebook', 'post', 'x', '{}');"
            "CREATE TABLE pair (number INTEGER PRIMARY KEY, access TEXT NOT NULL UNIQUE,"
            " refresh TEXT NOT NULL UNIQUE, alive INTEGER NOT NULL, fresh INTEGER NOT NULL, created REAL NOT NULL);"
            "INSERT INTO pair VALUES (1, 'a', 'b', 1, 1, 5000000000);"
        )
    with Sandbox(tmp_path) as sandbox:
        requests.post(f"{sandbox.url}/webhook/thu", data=b"{}", timeout=5)
        assert [line["act"] for line in sandbox.record()] == ["post", "webhook"]
        assert sandbox.verified()["valid"] is True
        headers = {"access_token": "a"}
        assert requests.get(f"{sandbox.url}/zalo/v2.0/oa/getoa", headers=headers, timeout=5).json()["error"] == 0


def test_the_clock_runs_ahead_stands_still_and_is_kept(tmp_path: Path) -> None:
    machine = [1_800_000_000.0]

    def turn(**given: Any) -> dict[str, Any]:
        return dict(requests.post(f"{sandbox.url}/_clock", json=given, timeout=5).json())

    with Sandbox(tmp_path, clock=lambda: machine[0]) as sandbox:
        assert turn(advance=3600)["now"] == 1_800_003_600
        machine[0] += 10
        assert sandbox.now == 1_800_003_610
        assert turn(now="2026-12-01T22:00:00+07:00", frozen=True)["iso"] == "2026-12-01T22:00:00+07:00"
        machine[0] += 10
        assert turn(advance=60)["iso"] == "2026-12-01T22:01:00+07:00"
    with Sandbox(tmp_path, clock=lambda: machine[0]) as sandbox:
        told = requests.get(f"{sandbox.url}/_clock", timeout=5).json()
        assert (told["iso"], told["frozen"]) == ("2026-12-01T22:01:00+07:00", True)
        turn(frozen=False)
        machine[0] += 60
        assert requests.get(f"{sandbox.url}/_clock", timeout=5).json()["iso"] == "2026-12-01T22:02:00+07:00"
        assert turn(offset=-5)["now"] == machine[0] - 5
        assert turn(reset=True) == {**turn(reset=True), "now": machine[0], "offset": 0, "frozen": False}


@pytest.mark.parametrize("given", [{}, {"now": "hôm qua"}, {"advance": "x"}, {"forward": 3}, {"offset": 1e300}])
def test_a_clock_turned_wrongly_stays_as_it_was(sandbox: Sandbox, given: dict[str, Any]) -> None:
    assert requests.post(f"{sandbox.url}/_clock", json=given, timeout=5).status_code == 400
    assert requests.get(f"{sandbox.url}/_clock", timeout=5).json()["offset"] == 0


def test_the_sandbox_tells_how_to_reach_it(sandbox: Sandbox) -> None:
    told = requests.get(f"{sandbox.url}/_accounts", timeout=5).json()
    assert told == sandbox.accounts
    assert told["webhook"]["settings"]["url"] == f"{sandbox.url}/webhook/thu"
    assert told["email"]["settings"]["port"] == str(sandbox.mail_port)
