"""The comparer agrees where truth and reading agree, and nowhere else."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from campaigns.reading import Reading, read_plan
from tests.plans.comparing import compare, share, table
from tests.plans.sameness import bodies, channel, exact, labelled, named, peopled, plain, quoted, shortened, unmatched

ROOT = Path(__file__).parents[2]
PLANS = ROOT / ".." / "shared" / "plans"
FILES = ("ha-noi-2020.txt", "ha-noi-2024.txt", "me-linh-2025.txt")
# Words about the plan, held against warnings; another wording of them is no other claim.
DESCRIPTIONS = {"key", "number_note", "title_note", "note", "irregular", "irregularities", "what"}


@pytest.fixture(scope="module")
def truths() -> dict[str, dict[str, Any]]:
    return {d["file"]: d for d in YAML(typ="safe").load((PLANS / "truth.yaml").read_text("utf-8"))["documents"]}


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return {name: read_plan((PLANS / name).read_bytes(), name) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_every_field_of_the_real_plans_agrees(name: str, truths: Any, readings: Any) -> None:
    findings = compare(readings[name], truths[name])
    assert [f"{f.field}: {f.wanted} | {f.found}" for f in findings if f.verdict == "differ"] == []
    assert share(findings) == 1.0
    assert sum(f.verdict == "agree" for f in findings) > 200


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every single claim in a truth."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in items:
            if key not in DESCRIPTIONS:
                yield from leaves(below, (*path, key))
    else:
        yield path


def altered(truth: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The truth with another value at one place."""
    result = copy.deepcopy(truth)
    place: Any = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = other(place[path[-1]])
    return result


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    text = str(value)
    if len(text) == 10 and text[4] == text[7] == "-":
        return "1999-12-31"
    return "không có trong văn bản này"


@pytest.mark.parametrize("name", FILES)
def test_any_other_claim_differs(name: str, truths: Any, readings: Any) -> None:
    truth = truths[name]
    kept = {key: truth[key] for key in ("ocr_quality", "irregularities") if key in truth}
    blind, tried = [], 0
    for key in truth.keys() - DESCRIPTIONS:
        for path in leaves(truth[key]):
            findings = compare(readings[name], {**kept, **altered({key: truth[key]}, (key, *path))})
            if all(f.verdict != "differ" for f in findings):
                blind.append((key, *path))
            tried += 1
    assert blind == []
    assert tried > 150


def test_a_key_without_a_rule_differs(readings: Any) -> None:
    (finding,) = [f for f in compare(readings[FILES[0]], {"colour": "xanh"}) if f.field == "colour"]
    assert finding.verdict == "differ"
    assert "no rule" in table([finding])


def test_what_was_read_beyond_a_list_differs(truths: Any, readings: Any) -> None:
    claim = truths[FILES[0]]["channels"][1:]
    findings = compare(readings[FILES[0]], {"channels": claim})
    assert [f.field for f in findings if f.verdict == "differ"] == ["channels.beyond"]


@pytest.mark.parametrize(
    ("same", "wanted", "found", "agree"),
    [
        (exact, "12", "12", True),
        (plain, "Báo  “Mới”", 'báo "mới".', True),
        (plain, "Báo Mới", "Báo Mới hơn", False),
        (quoted, "hằng tuần đưa tin", "Duy trì để hằng tuần đưa tin về phường", True),
        (quoted, "tuần đưa ti", "hằng tuần đưa tin", False),
        (named, "Trang thông tin PBGDPL", "Trang thông tin phổ biến giáo dục pháp luật", True),
        (named, "nhân dân Thủ đô", "nhân dân trên địa bàn Thủ đô", True),
        (named, "Đài Sông Vàng (kênh H1)", "Đài Sông Vàng", True),
        (named, "Đài Sông Vàng", "Đài Sông Xanh", False),
        (bodies, "Sở, ngành, UBND các cấp", "Các sở, ngành; UBND cấp huyện; UBND cấp xã", True),
        (bodies, "các đơn vị", "Các phòng; các cơ quan, đơn vị thuộc xã", True),
        (bodies, "các đơn vị", "Phòng Kinh tế; Trạm Y tế", False),
        (bodies, "Sở Y tế", "Sở Y tế; Sở Nội vụ", False),
        (shortened, "kinh phí KSTTHC của xã", "kinh phí kiểm soát thủ tục hành chính của xã", True),
        (shortened, "kinh phí của xã", "kinh phí kiểm soát thủ tục hành chính của xã", False),
    ],
)
def test_sameness_by_its_stated_rules(same: Any, wanted: str, found: str, agree: bool) -> None:
    assert same(wanted, found, False) is agree


def test_likeness_is_enough_only_where_the_truth_says_ocr() -> None:
    assert plain("Kiểm soát thủ tục", "Kiém soat thu tyc", True)
    assert not plain("Kiểm soát thủ tục", "Kiém soat thu tyc", False)
    assert not plain("Kiểm soát thủ tục", "Cải cách tiền lương", True)


def test_each_partner_in_a_list_is_used_once() -> None:
    assert unmatched(["Zalo", "Zalo"], ["Zalo"], named) == (["Zalo"], [])


def test_the_command_tells_by_its_exit_status_whether_all_agrees(tmp_path: Path) -> None:
    sample = ROOT / "tests" / "campaigns" / "reading" / "samples" / "ward-wrapped.txt"
    (tmp_path / sample.name).write_bytes(sample.read_bytes())
    truth = tmp_path / "truth.yaml"
    command = [sys.executable, str(ROOT / "scripts" / "compare_reading.py"), str(truth)]
    statuses = []
    for number in ("15/KH-UBND", "16/KH-UBND"):
        truth.write_text(f"file: {sample.name}\nnumber: {number}\n", "utf-8")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        statuses.append((done.returncode, done.stdout.splitlines()[-1].split("=")[-1].strip()))
    truth.write_text("file: khong-co.txt\n", "utf-8")
    assert statuses == [(0, "100.0%"), (1, "50.0%")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


@pytest.mark.parametrize(
    ("same", "wanted", "found", "agree"),
    [
        (labelled, "Phần thứ nhất", ("I", "Phần thứ nhất"), True),
        (labelled, "Phần thứ hai", ("I", "Phần thứ nhất"), False),
        (labelled, "III", ("III", "I1I"), True),
        (labelled, "III", ("II", "III"), False),
        (channel, "Loa truyền thanh tại 05 bến cá", "Loa truyền thanh", True),
        (channel, "Zalo OA phường", "Zalo", False),
        (channel, "Trang Facebook “A”", "Trang Facebook “B”", False),
        (peopled, "người dân", "người dân trên địa bàn phường", True),
        (peopled, "công nhân ở trọ", "công nhân", False),
    ],
)
def test_labels_channels_and_groups_agree_by_their_rule_and_no_further(same, wanted, found, agree):
    assert same(wanted, found, False) is agree
