"""A site made again from its records, looked at against them, and finished after a kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from channels import files
from channels.contract import Sound, Variant
from channels.errors import Rejected, Unavailable
from channels.page import (
    Emblem,
    Frame,
    ahead,
    is_built,
    is_laid_out,
    lay_out,
    lists,
    progress_of,
    rebuild,
    rebuilding,
    search,
    verify,
)
from channels.page.address import campaign_path, picture_path
from channels.page.catalogue import SHEET
from channels.page.frame import Upcoming
from channels.page.register import NAME
from channels.page.search import folded
from tests.channels.page.conftest import Office

ROOT = Path(__file__).parents[3]
FRAME = Frame("Ủy ban nhân dân phường Sông Vàng", "Phường Sông Vàng", hotline="0236 3 999 999")
CAMPAIGN = campaign_path("Vì sức khỏe cộng đồng")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """More than a sheet of articles in each list, one moved to another campaign and one withdrawn."""
    office = Office(tmp_path_factory.mktemp("kept") / "trang")
    first = [office.send(office.content(f"a{n:02}", f"Tin số {n}"), f"d{n}", hours=n) for n in range(SHEET + 2)]
    office.update(first[3], office.content("a03", "Tin số 3", campaign="Phường số"), "c3", hours=50)
    office.withdraw(first[5], "w5", hours=60)
    return office


@pytest.fixture
def full(kept: Office, office: Office) -> Office:
    """A copy of it for one test."""
    shutil.copytree(kept.root, office.root)
    return office


def times(office: Office) -> dict[str, int]:
    return {path: (office.root / path).stat().st_mtime_ns for path in office.bytes_on_disk()}


def test_making_a_site_again_with_nothing_changed_writes_nothing(full):
    rebuild(full.site)
    before, bytes_before = times(full), full.bytes_on_disk()
    assert rebuild(full.site) == SHEET + 2
    assert times(full) == before
    assert full.bytes_on_disk() == bytes_before


def test_pages_made_ahead_by_processes_are_the_same_bytes(full, monkeypatch):
    rebuild(full.site)
    before = full.bytes_on_disk()
    monkeypatch.setattr(ahead, "WORTH_IT", 1)
    for path in full.root.glob("bai/*/index.html"):
        path.write_bytes(b"x")
    rebuild(full.site)
    assert full.bytes_on_disk() == before


def test_a_page_made_ahead_of_a_correction_is_made_again(full):
    (path, (read, _)) = next(iter(ahead.make(full.site, FRAME, 0, 1).items()))
    assert read == files.sha256(full.root / path / "bai.json")
    full.update(full.send(full.content("a00", "Tin số 0"), "d0"), full.content("a00", "Tin số 0", lead="Sửa."), "c0")
    assert read != files.sha256(full.root / path / "bai.json")


def test_an_article_that_moved_leaves_the_sheets_of_its_old_list_where_they_were(full):
    sheet = full.read(f"{CAMPAIGN}tin-cu/1/index.html")
    assert "Tin số 3<" not in sheet
    assert "Tin số 2<" in sheet
    assert "Tin số 4<" in sheet
    assert "Tin số 3<" in full.read(campaign_path("Phường số") + "index.html")
    full.update(full.send(full.content("a04", "Tin số 4"), "d4", hours=4), full.content("a04", "Tin số 4"), "c4", 70)
    assert verify(full.site) == []


def test_progress_is_told_and_kept_for_whoever_looks(full):
    told, seen = [], []

    def watch(done: int, total: int) -> None:
        told.append((done, total))
        seen.append(progress_of(full.site))

    rebuild(full.site, watch)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert seen == told
    assert progress_of(full.site) == (0, 0)


def test_two_do_not_rebuild_at_once(full):
    def other(done: int, total: int) -> None:
        assert rebuilding.is_rebuilding(full.site)
        with pytest.raises(Unavailable) as caught:
            rebuild(full.site, wait=False)
        assert caught.value.code == "busy"

    rebuild(full.site, other)
    assert not rebuilding.is_rebuilding(full.site)


def test_an_article_published_during_a_rebuild_stands_in_every_list(full):
    told = iter(("z1",))

    def publish(done: int, total: int) -> None:
        for ref in told:
            full.send(full.content(ref, "Tin chen ngang"), ref, hours=90)

    rebuild(full.site, publish)
    assert "Tin chen ngang" in full.read("index.html")
    assert verify(full.site) == []


def test_a_new_frame_reaches_every_page_by_a_rebuild_and_not_before(full):
    assert lay_out(full.site, FRAME, full.pictures.__getitem__) is False
    assert is_laid_out(full.site, FRAME)
    assert not is_built(full.site, FRAME)
    rebuild(full.site)
    assert is_built(full.site, FRAME)
    changed = replace(FRAME, hotline="0236 3 111 222")
    assert lay_out(full.site, changed, full.pictures.__getitem__) is False
    rebuild(full.site)
    assert all("0236 3 111 222" in full.read(path) for path in full.bytes_on_disk() if path.endswith(".html"))
    assert lay_out(full.site, changed, full.pictures.__getitem__) is True


def test_happenings_leave_every_article_and_list_alone(full):
    lay_out(full.site, FRAME, full.pictures.__getitem__)
    rebuild(full.site)
    before = times(full)
    coming = Upcoming("Đối thoại với bà con", "2026-04-01T08:00:00+07:00", place="Nhà văn hóa")
    told = replace(FRAME, happenings=(coming,))
    assert lay_out(full.site, told, full.pictures.__getitem__) is True
    now = times(full)
    assert {path for path, at in now.items() if before.get(path) != at} == {
        "su-kien/index.html",
        "index.html",
        ".khung.json",
    }


def test_records_that_name_no_seats_get_them_in_the_order_of_publication(full):
    before = full.bytes_on_disk()
    for path in full.root.glob("bai/*/bai.json"):
        record = json.loads(path.read_bytes())
        del record["seats"]
        path.write_text(json.dumps({**record, "version": 1}))
    rebuild(full.site)
    assert full.read("tin-cu/1/index.html").encode() == before["tin-cu/1/index.html"]
    assert verify(full.site) == []


def test_what_is_spoiled_is_named_and_nothing_else(full):
    picture = full.picture("teal")
    full.send(full.content("p1", "Tin có ảnh", pictures=(picture,)), "p1", hours=95)
    rebuild(full.site)
    spoiled = {
        *("bai/tin-so-0-a00/index.html", f"anh/{picture.sha256[:16]}.png", "tin-cu/1/index.html", "tim/1.json"),
        *("luu-tru/index.html", "tim/muc-luc.json", "sitemap.xml", "sitemap-1.xml", "sitemap-trang.xml"),
    }
    for path in spoiled:
        (full.root / path).write_bytes(b"x")
    assert {fault.path for fault in verify(full.site)} == spoiled


def test_a_publication_killed_between_its_files_and_its_row_is_settled_before_the_next(office):
    office.send(office.content("a1", "Tin một"), "d1")
    child = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from conftest import Office
from channels.page.register import Register
save = Register.save
def killed(self):
    if self._db.in_transaction:
        os.kill(os.getpid(), signal.SIGKILL)
    save(self)
Register.save = killed
office = Office(Path(sys.argv[1]))
office.send(office.content("b2", "Tin hai"), "d2", hours=1)
"""
    command = [sys.executable, "-c", child, str(office.root), str(Path(__file__).parent)]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert ended.returncode == -signal.SIGKILL
    office.send(office.content("c3", "Tin ba"), "d3", hours=2)
    assert all(title in office.read("index.html") for title in ("Tin một", "Tin hai", "Tin ba"))
    assert verify(office.site) == []
    assert office.reconcile(office.content("b2", "Tin hai"), "d2") is not None


def test_a_withdrawal_killed_before_it_took_the_picture_away_takes_it_away_next_time(office, monkeypatch):
    picture = office.picture("teal")
    first = office.send(office.content("a1", "Tin có ảnh", pictures=(picture,)), "d1")
    unlink = Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        if path.parent.name == "anh":
            raise SystemExit
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(SystemExit):
        office.withdraw(first)
    monkeypatch.undo()
    assert (office.root / picture_path(picture)).is_file()
    office.withdraw(first)
    assert not (office.root / picture_path(picture)).exists()
    assert verify(office.site) == []


def test_a_register_made_anew_knows_every_part_of_search_and_sitemap(full, monkeypatch):
    monkeypatch.setattr(search, "SHARD", 5)
    monkeypatch.setattr(lists, "PART", 5)
    rebuild(full.site)
    before = full.read("tim/muc-luc.json"), full.read("sitemap.xml")
    (full.root / NAME).unlink()
    full.update(full.send(full.content("a00", "Tin số 0"), "d0"), full.content("a00", "Tin số 0"), "c0")
    assert full.read("tim/muc-luc.json").count("path") == before[0].count("path") == 5
    assert full.read("sitemap.xml").count("<loc>") == before[1].count("<loc>") == 6


@pytest.mark.parametrize("harm", ["", '{"name": "x", "happenings": "abc"}'])
def test_a_frame_lost_or_damaged_on_disk_is_laid_out_again(office, harm):
    lay_out(office.site, FRAME, office.pictures.__getitem__)
    office.send(office.content())
    (office.root / ".khung.json").write_text(harm)
    assert not is_laid_out(office.site, FRAME)
    assert verify(office.site) != []
    lay_out(office.site, FRAME, office.pictures.__getitem__)
    assert is_laid_out(office.site, FRAME)


@pytest.mark.parametrize("harm", ["", '{"version": 2}'])
def test_a_record_that_cannot_be_read_is_named_and_stops_nobody(full, harm):
    record = full.root / "bai/tin-so-0-a00/bai.json"
    record.write_text(harm)
    assert "bai/tin-so-0-a00/bai.json" in {fault.path for fault in verify(full.site)}
    assert rebuild(full.site) == SHEET + 2
    full.send(full.content("a00", "Tin số 0"), "d0")
    rebuild(full.site)
    assert verify(full.site) == []


def test_an_emblem_that_is_no_picture_is_refused_and_one_spoiled_on_disk_is_named(office):
    sha256, media_type = office.media(b"no picture", "image/png")
    with pytest.raises(Rejected, match="Biểu trưng không phải là ảnh"):
        lay_out(office.site, Frame("UBND", emblem=Emblem(sha256, media_type)), office.pictures.__getitem__)
    emblem = Emblem(office.picture("teal").sha256, "image/png")
    lay_out(office.site, Frame("UBND", emblem=emblem), office.pictures.__getitem__)
    (office.root / emblem.path).write_bytes(b"spoiled")
    assert emblem.path in {fault.path for fault in verify(office.site)}
    assert rebuild(office.site) == 0


def test_pictures_in_several_forms_and_a_recording_stand_while_the_article_does(office):
    widths = (480, 960)
    forms = [Variant("width", *office.media(b"form" * width, "image/avif"), width, 270, 6) for width in widths]
    forms.append(Variant("share", *office.media(b"shared", "image/jpeg"), 1200, 630, 6))
    picture = replace(office.picture("teal"), variants=tuple(forms), source="Phường")
    sound = Sound(*office.media(b"read aloud", "audio/mpeg"), 10, 61)
    content = office.content(pictures=(picture,), sound=sound)
    sent = office.send(content)
    named = {f"anh/{form.sha256[:16]}.{'avif' if form.use == 'width' else 'jpg'}" for form in forms}
    named |= {f"am-thanh/{sound.sha256[:16]}.mp3", f"anh/{picture.sha256[:16]}.png"}
    assert named <= set(office.bytes_on_disk())
    (office.root / f"am-thanh/{sound.sha256[:16]}.mp3").unlink()
    assert office.reconcile(content) == sent, "what is gone is put back"
    assert verify(office.site) == []
    office.update(sent, office.content(pictures=(replace(picture, variants=()),)))
    assert {path for path in office.bytes_on_disk() if path in named} == {f"anh/{picture.sha256[:16]}.png"}


def test_a_form_that_is_not_what_was_approved_is_not_published(office):
    form = Variant("width", *office.media(b"form", "image/avif"), 480, 270, 4)
    office.pictures[form.sha256] = b"another"
    with pytest.raises(Rejected, match="đã khác bản được duyệt"):
        office.send(office.content(pictures=(replace(office.picture("teal"), variants=(form,)),)))


def test_a_picture_without_further_forms_is_approved_as_it_always_was(office):
    (shown,) = office.shape(office.content(pictures=(office.picture("teal"),))).body["pictures"]
    assert not {"variants", "source"} & set(shown)
    assert "sound" not in office.shape(office.content()).body


def test_the_search_index_holds_what_stands_folded_and_newest_first(full):
    manifest = json.loads(full.read("tim/muc-luc.json"))
    (shard,) = manifest["shards"]
    articles = json.loads(full.read(shard["path"]))["articles"]
    assert shard["mark"] == files.digest((full.root / shard["path"]).read_bytes())[:8]
    assert len(articles) == shard["count"] == SHEET + 1
    assert articles[0][1] == f"Tin số {SHEET + 1}"
    assert articles[0][3].startswith(f"tin so {SHEET + 1} tram y te moi ba con")
    assert not any("a05" in path for path, *_ in articles), "withdrawn"


@pytest.mark.parametrize(
    ("words", "plain"),
    [("Đường Bến Đò", "duong ben do"), ("ĐƯỜNG", "duong"), ("2/9, QĐ-UBND", "2 9 qd ubnd"), ("  ", "")],
)
def test_words_are_folded_as_people_type_them_without_marks(words, plain):
    assert folded(words) == plain
