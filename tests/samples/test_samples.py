"""The sample plan, posts and pictures: whole, our own, fit for every channel and made again to the same bytes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assets.pictures import inspect
from campaigns.deriving import with_paths
from campaigns.reading.reader import read_plan
from channels.contract import Account, Content, Publisher
from channels.loudspeaker import Loudspeaker
from channels.registry import CHANNELS
from channels.text import to_text
from publisher.samples import make_docx, make_pictures

HERE = Path(make_docx.__file__).parent
POSTS: list[dict[str, Any]] = YAML(typ="safe").load((HERE / "posts.yaml").read_text("utf-8"))["posts"]
PLANS = Path(__file__).parents[3] / "shared" / "plans"
WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "phuong-song-vang")
LOUDSPEAKER = Account("a", "loudspeaker", "Loa", {"root": "loa", "station": "Đài truyền thanh phường Sông Vàng"})


def plan(name: str) -> Any:
    return read_plan((HERE / name).read_bytes(), name)


def paths(nodes: Any, prefix: str = "") -> set[str]:
    listed = [{"label": node.label, "title": node.title, "children": node.children} for node in nodes]
    found = {path for path, _ in with_paths(listed, prefix)}
    for node in nodes:
        found |= paths(node.children, f"{prefix}{node.label}.")
    return found


def test_the_word_file_is_the_markdown_to_the_byte() -> None:
    assert make_docx.make((HERE / "ke-hoach.md").read_text("utf-8")) == (HERE / "ke-hoach.docx").read_bytes()


@pytest.mark.parametrize("name", ["ke-hoach.md", "ke-hoach.docx"])
def test_the_sample_plan_is_read_as_a_whole(name: str) -> None:
    reading = plan(name)
    assert (reading.number, str(reading.date), reading.year) == ("18/KH-UBND", "2026-07-06", 2026)
    assert [section.label for section in reading.sections[:6]] == ["I", "II", "III", "IV", "V", "VI"]
    assert [len(theme.children) for theme in reading.themes] == [3, 2, 3, 2]
    assert (reading.signer.name, reading.signer.title) == ("Trần Quốc Bảo", "PHÓ CHỦ TỊCH")


@pytest.mark.parametrize("name", ["ke-hoach.md", "ke-hoach.docx"])
def test_its_money_adds_up_in_figures_and_in_words(name: str) -> None:
    budget = plan(name).budget
    assert sum(line.amount for line in budget.lines) == budget.stated_total == budget.in_words_amount == 60_000_000


def test_one_of_its_laws_is_dead_so_that_the_warning_can_be_seen() -> None:
    assert [warning.code for warning in plan("ke-hoach.docx").warnings] == ["legal_base_repealed"]


def test_it_copies_no_sentence_of_a_real_plan() -> None:
    ours = words((HERE / "ke-hoach.md").read_text("utf-8") + (HERE / "posts.yaml").read_text("utf-8"))
    runs = {tuple(ours[at : at + 14]) for at in range(len(ours) - 13)}
    for path in sorted(PLANS.glob("*.txt")):
        theirs = words(path.read_text("utf-8"))
        assert not [run for at in range(len(theirs) - 13) if (run := tuple(theirs[at : at + 14])) in runs], path.name


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def test_there_are_five_posts_of_different_themes_of_the_plan() -> None:
    themes = [post["theme"] for post in POSTS]
    assert len(set(themes)) == 5
    assert set(themes) <= paths(plan("ke-hoach.docx").themes)


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["theme"])
class TestPost:
    def test_is_of_a_length_people_read(self, post: dict[str, Any]) -> None:
        assert 150 <= len(to_text(post["body"]).split()) <= 250
        assert "0200 555 0118" in post["footer"]
        assert post["hint"]

    def test_goes_to_channels_there_are(self, post: dict[str, Any]) -> None:
        assert set(post["channels"]) <= set(CHANNELS)

    def test_is_read_aloud_without_a_doubt_in_under_three_minutes(self, post: dict[str, Any]) -> None:
        content = Content("p", post["title"], post["lead"], post["body"], post["footer"], WARD)
        body = Loudspeaker().shape(content, LOUDSPEAKER).body
        assert body["unread"] == []
        assert body["minutes"] < 3

    def test_names_every_day_of_the_week_rightly(self, post: dict[str, Any]) -> None:
        names = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
        text = "\n".join((post["title"], post["lead"], post["body"]))
        for name, day, month, year in re.findall(r"(thứ \w+|Chủ nhật),? (?:ngày )?(\d\d)/(\d\d)/(\d{4})", text):
            assert names[date(int(year), int(month), int(day)).weekday()] == name

    def test_its_pictures_are_sound_small_and_described(self, post: dict[str, Any]) -> None:
        for picture in post.get("pictures", []):
            facts = inspect((HERE / "pictures" / picture["file"]).read_bytes())
            assert (facts.width, facts.height, facts.media_type) == (1200, 675, "image/jpeg")
            assert facts.size <= 150_000
            assert len(picture["alt"]) > 30


def test_every_channel_the_ward_has_and_all_pictures_are_used() -> None:
    asked_for = {"webhook", "email", "zalo_broadcast", "portal"}  # a receiver, readers, an approval, a portal: not here
    assert {kind for post in POSTS for kind in post["channels"]} == set(CHANNELS) - asked_for
    used = {picture["file"] for post in POSTS for picture in post.get("pictures", [])}
    assert used == set(make_pictures.PICTURES) == {path.name for path in (HERE / "pictures").iterdir()}


@pytest.mark.parametrize("name", sorted(make_pictures.PICTURES))
def test_a_picture_drawn_again_is_the_same_picture(name: str) -> None:
    assert make_pictures.PICTURES[name]() == (HERE / "pictures" / name).read_bytes()
