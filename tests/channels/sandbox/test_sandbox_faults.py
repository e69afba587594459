"""Faults for one post, at one moment, and by chance."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox


def codes(graph: Any, *messages: str) -> list[int]:
    return [graph.feed(message=message).status_code for message in messages]


def test_a_fault_can_wait_and_can_strike_one_post_alone(sandbox: Sandbox, graph: Any) -> None:
    sandbox.fault("facebook", "feed", "html_502", skip=1, match="rác thải", times=2)
    messages = ("Lịch thu gom rác thải", "Họp tổ dân phố", "Rác", "Thu rác thải", "rác thải", "rác thải")
    assert codes(graph, *messages) == [200, 200, 200, 502, 502, 200]


def test_words_are_found_in_forms_files_and_json(
    sandbox: Sandbox, graph: Any, zalo: Any, png: bytes, article: dict[str, Any]
) -> None:
    sandbox.fault("facebook", "*", "html_502", match="Ảnh cờ", times=3)
    assert graph.photo(png, caption="Ảnh cờ").status_code == 502
    assert graph.ask("POST", "100000000000001/feed", json={"message": "Ảnh cờ"}).status_code == 502
    assert graph.photo(png, caption="Ảnh khác").status_code == 200
    sandbox.fault("zalo", "create", "code_-248", match="trạm y tế")
    assert zalo.post("create", article)["error"] == -248


@pytest.mark.parametrize(("when", "posts"), [("before", 0), ("after", 1)])
def test_the_moment_of_a_fault_can_be_chosen(sandbox: Sandbox, graph: Any, when: str, posts: int) -> None:
    for fault in ("throttle_4", "html_502_after_commit", "code_190_463", "truncated_json"):
        sandbox.fault("facebook", "feed", fault, when=when)
        assert graph.feed(message=fault).text[-20:] != "}"
    assert len(sandbox.posts("facebook")) == 4 * posts


def test_any_refusal_can_be_ordered_by_its_code(sandbox: Sandbox, graph: Any, zalo: Any) -> None:
    detail = {"code": 1363047, "subcode": 7, "message": "Tạm thời", "status": 503, "transient": True}
    sandbox.fault("facebook", "feed", "error", **detail)
    answer = graph.feed(message="x")
    told = answer.json()["error"]
    assert answer.status_code == 503
    assert (told["code"], told["error_subcode"], told["is_transient"]) == (1363047, 7, True)
    sandbox.fault("zalo", "getoa", "error", code=-219, message="App is removed")
    assert zalo.oa("GET", "oa/getoa") == {"error": -219, "message": "App is removed"}


def test_one_that_never_answers_lets_go_when_the_caller_does(sandbox: Sandbox, graph: Any) -> None:
    sandbox.fault("facebook", "feed", "never")
    url, form = f"{graph.base}/100000000000001/feed", {"message": "x", "access_token": graph.token}
    with pytest.raises(requests.ReadTimeout):
        requests.post(url, data=form, timeout=0.2)
    assert len(sandbox.posts("facebook")) == 1
    assert codes(graph, "y") == [200]


def test_a_fault_without_sense_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="before"):
        sandbox.fault("facebook", "read", "empty_page", when="before")
    with pytest.raises(ValueError, match="before"):
        sandbox.fault("facebook", "feed", "html_502", when="sometimes")
    with pytest.raises(ValueError, match="smtp_550"):
        sandbox.fault("email", "data", "html_502")


RATES = {"html_502": 0.2, "html_502_after_commit": 0.2, "throttle_4": 0.1}


def outcomes(sandbox: Sandbox, graph: Any, order: list[int]) -> dict[int, int]:
    sandbox.chaos(7, RATES)
    form = {number: {"message": f"Xem https://a.example/?pid=n{number}"} for number in order}
    return {number: graph.feed(**form[number]).status_code for number in order}


def test_chance_is_the_same_for_the_same_seed_whatever_the_order(sandbox: Sandbox, graph: Any) -> None:
    numbers = list(range(60))
    first = outcomes(sandbox, graph, numbers)
    assert first == outcomes(sandbox, graph, numbers[::-1])
    assert len(set(first.values())) == 3
    sandbox.chaos(8, RATES)
    assert first != {number: graph.feed(message=f"?pid=n{number}").status_code for number in numbers}


def test_chance_strikes_what_creates_and_is_counted(sandbox: Sandbox, graph: Any) -> None:
    answer = requests.post(f"{sandbox.url}/_chaos", json={"seed": 1, "rates": {"html_502": 1}}, timeout=5)
    assert answer.status_code == 201
    assert graph.ask("GET", "me").status_code == 200
    assert graph.feed(message="x").status_code == 502
    assert requests.post(f"{sandbox.url}/webhook/thu", data=b"x", timeout=5).status_code == 502
    told = requests.delete(f"{sandbox.url}/_chaos", timeout=5).json()
    assert (told["calls_seen"], told["struck"]) == (2, {"facebook feed html_502": 1, "webhook post html_502": 1})
    assert graph.feed(message="x").status_code == 200


@pytest.mark.parametrize(
    "given",
    [{"rates": {"no_such": 1}}, {"rates": {"html_502": 2}}, {"rates": {"html_502": 1}, "calls": {"zalo": ["x"]}}],
)
def test_chance_ordered_wrongly_is_refused(sandbox: Sandbox, given: dict[str, Any]) -> None:
    assert requests.post(f"{sandbox.url}/_chaos", json=given, timeout=5).status_code == 400


def test_a_fault_ordered_once_strikes_once_among_many_threads(sandbox: Sandbox, graph: Any) -> None:
    sandbox.fault("facebook", "feed", "html_502", times=3)
    seen: list[int] = []

    def ask() -> None:
        seen.extend(codes(graph, *["x"] * 5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (seen.count(502), len(sandbox.posts("facebook")), sandbox.verified()["valid"]) == (3, 17, True)
