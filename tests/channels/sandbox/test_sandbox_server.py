from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox, credentials
from channels.sandbox.fault_kinds import CALLS, FAULTS


def post(sandbox_url: str, message: str, timeout: float = 5) -> requests.Response:
    form = {"message": message, "access_token": credentials(sandbox_url)["facebook"]["secrets"]["access_token"]}
    url = f"{sandbox_url}/facebook/v26.0/100000000000001/feed"
    return requests.post(url, data=form, timeout=timeout)


def start(data: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "channels.sandbox", "--data", str(data), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().removeprefix("Sân thử: ").strip()


def test_everything_is_still_there_after_a_restart(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as first:
        post(first.url, "Trước")
        first.fault("facebook", "feed", "code_506", times=2)
        first.turn("require_proof", 1)
        record = first.record()
    with Sandbox(tmp_path) as second:
        assert [shown["message"] for shown in second.posts("facebook")] == ["Trước"]
        assert second.record() == record
        assert requests.get(f"{second.url}/_faults", timeout=5).json()[0]["left"] == 2
        assert requests.get(f"{second.url}/_switches", timeout=5).json()["require_proof"] == 1


@pytest.mark.processes
def test_what_was_answered_survives_kill_9_and_so_does_what_was_done_but_not_answered(tmp_path: Path) -> None:
    process, url = start(tmp_path)
    post(url, "Đã trả lời")
    requests.post(
        f"{url}/_faults",
        json={"vendor": "facebook", "call": "feed", "fault": "hang_after_commit", "seconds": 60},
        timeout=5,
    )
    with pytest.raises(requests.ReadTimeout):
        post(url, "Chưa trả lời", timeout=1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process, url = start(tmp_path)
    try:
        shown = requests.get(f"{url}/_posts?vendor=facebook", timeout=5).json()
        assert [found["message"] for found in shown] == ["Đã trả lời", "Chưa trả lời"]
        verified = requests.get(f"{url}/_record/verify", timeout=5).json()
        assert (verified["valid"], verified["lines"]) == (True, 2)
    finally:
        process.kill()
        process.wait()


@pytest.mark.processes
def test_a_port_in_use_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [
            sys.executable,
            "-m",
            "channels.sandbox",
            "--data",
            str(tmp_path),
            "--port",
            str(taken.getsockname()[1]),
        ]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert "Chọn cổng khác bằng --port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_record_cannot_be_rewritten(sandbox: Sandbox, tmp_path: Path) -> None:
    post(sandbox.url, "Một")
    with sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite3") as db:
        for statement in ("DELETE FROM record", "UPDATE record SET content = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="the record is"):
                db.execute(statement)
    assert [line["act"] for line in sandbox.record()] == ["published"]


def test_the_record_holds_every_act_in_order(sandbox: Sandbox) -> None:
    known = post(sandbox.url, "Một").json()["id"]
    token = {"access_token": sandbox.accounts["facebook"]["secrets"]["access_token"]}
    requests.post(f"{sandbox.url}/facebook/v26.0/{known}", data={**token, "message": "Hai"}, timeout=5)
    requests.delete(f"{sandbox.url}/facebook/v26.0/{known}", params=token, timeout=5)
    told = requests.get(f"{sandbox.url}/_record", timeout=5).json()
    acts = [("published", known), ("edited", known), ("deleted", known)]
    assert [(line["act"], line["object"]) for line in told] == acts


def test_a_hanging_answer_does_not_keep_the_sandbox_from_stopping(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    sandbox.start()
    sandbox.fault("facebook", "feed", "hang_after_commit", seconds=60)
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            post(sandbox_url, "Một", timeout=30)
        except requests.ConnectionError as error:
            caught.append(error)

    sandbox_url = sandbox.url
    asking = threading.Thread(target=ask)
    asking.start()
    while not sandbox.posts("facebook"):
        asking.join(0.01)
    began = time.monotonic()
    sandbox.stop()
    asking.join(5)
    assert time.monotonic() - began < 30
    assert len(caught) == 1


def test_a_stopped_sandbox_answers_nobody(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    with sandbox:
        url = sandbox.url
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2)
    with pytest.raises(RuntimeError, match="not started"):
        _ = sandbox.url


def test_a_fault_is_counted_and_then_over(sandbox: Sandbox) -> None:
    sandbox.fault("facebook", "*", "code_368", times=2)
    assert [post(sandbox.url, "x").status_code for _ in range(3)] == [400, 400, 200]


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_fault_can_be_set_and_takes_effect(sandbox: Sandbox, name: str) -> None:
    for vendor in FAULTS[name].vendors:
        sandbox.fault(vendor, CALLS[vendor][1], name, seconds=0.01)
    assert all(row["left"] == 1 for row in requests.get(f"{sandbox.url}/_faults", timeout=5).json())
    if "facebook" in FAULTS[name].vendors:
        with suppress(requests.RequestException):
            post(sandbox.url, "x", timeout=1)
        assert bool(sandbox.posts("facebook")) is FAULTS[name].commits


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"vendor": "myspace", "call": "feed", "fault": "html_502"}, "myspace"),
        ({"vendor": "facebook", "call": "create", "fault": "html_502"}, "Không có lệnh “create”"),
        ({"vendor": "facebook", "call": "feed", "fault": "code_-216"}, "Không có lỗi “code_-216”"),
        ({"vendor": "facebook", "call": "feed", "fault": "html_502", "times": "nhiều"}, "phải là số"),
        ({"vendor": "facebook", "call": "feed", "fault": "html_502", "times": 0}, "Số lần từ 1"),
        ({"vendor": "facebook", "call": "feed", "fault": "html_502", "seconds": "nan"}, "Số lần từ 1"),
        ({}, "Không có bên nào"),
    ],
)
def test_a_wrong_order_is_refused_with_its_reason(sandbox: Sandbox, given: dict[str, Any], words: str) -> None:
    answer = requests.post(f"{sandbox.url}/_faults", json=given, timeout=5)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    page = requests.post(f"{sandbox.url}/_faults", data=given, timeout=5)
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_the_form_of_the_page_sets_a_fault_and_shows_it(sandbox: Sandbox) -> None:
    form = {"vendor": "zalo", "call": "create", "fault": "code_-32", "times": "2", "seconds": "3"}
    page = requests.post(f"{sandbox.url}/_faults", data=form, timeout=5)
    assert page.history[0].status_code == 303
    assert "Gọi quá nhiều (-32)" in page.text
    assert "2 / 2" in page.text
    assert "Chưa đặt lỗi nào" in requests.post(f"{sandbox.url}/_faults/clear", timeout=5).text


def test_an_unknown_switch_is_refused(sandbox: Sandbox) -> None:
    assert requests.post(f"{sandbox.url}/_switches", json={"no_such": 1}, timeout=5).status_code == 400
    turned = requests.post(f"{sandbox.url}/_switches", json={"pending_looks": 4}, timeout=5)
    assert turned.json()["pending_looks"] == 4


def test_a_body_without_end_is_refused(sandbox: Sandbox) -> None:
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1])), timeout=5) as line:
        line.sendall(b"POST /_faults HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")
