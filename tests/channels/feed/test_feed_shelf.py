"""The feeds on disk, after items were published, corrected and withdrawn."""

import hashlib
import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from channels.contract import Account, Remote, Result
from channels.errors import Rejected, Unauthorized, Unsupported
from channels.feed import FILES, Feed, Shelf, regenerate
from channels.feed.catalogue import BLOCK as NEWEST
from tests.channels.feed.stock import content, stocked

BASE = "https://songvang.example/trang/phuong-song-vang/"
ROOT = Path(__file__).parents[3]


def plainly(number):
    return replace(content(number), campaign="", theme="")


def remote_of(newsroom, content):
    return Remote(newsroom.shape(content).body["guid"], content.url, "d1", newsroom.desk("d").now)


def titles(newsroom, name="rss.xml"):
    return [entry.title for entry in feedparser.parse((newsroom.root / name).read_bytes()).entries]


def test_an_item_stands_with_its_proof(newsroom):
    outcome = newsroom.send(newsroom.content())
    assert outcome.result is Result.DELIVERED
    assert outcome.permalink == BASE + "bai/tin-a1/"
    assert outcome.remote_id.startswith("urn:uuid:")
    file = next(proof for proof in outcome.proofs if proof.kind == "file")
    assert file.sha256 == hashlib.sha256((newsroom.root / file.value).read_bytes()).hexdigest()
    assert set(FILES) <= set(newsroom.bytes_on_disk())


def test_sending_the_same_delivery_again_changes_no_byte(newsroom):
    first = newsroom.send(newsroom.content())
    before = newsroom.bytes_on_disk()
    assert newsroom.send(newsroom.content(), hours=9) == first
    assert newsroom.bytes_on_disk() == before
    newsroom.send(newsroom.content("b2"), "d2", hours=10)
    assert newsroom.send(newsroom.content(), hours=11) == first


def test_a_delivery_whose_answer_was_lost_is_found(newsroom):
    content = newsroom.content()
    assert newsroom.reconcile(content) is None
    sent = newsroom.send(content)
    newsroom.send(newsroom.content("b2"), "d2", hours=1)
    assert newsroom.reconcile(content) == sent
    assert newsroom.reconcile(content, "d7") is None
    assert newsroom.reconcile(replace(content, lead="Khác")) is None


def test_feed_files_lost_or_changed_are_made_again_by_the_look(newsroom):
    sent = newsroom.send(newsroom.content())
    before = newsroom.bytes_on_disk()
    (newsroom.root / "atom.xml").write_bytes(b"<feed/>")
    assert newsroom.reconcile(newsroom.content()) == sent
    assert newsroom.bytes_on_disk() == before
    (newsroom.root / "rss.xml").unlink()
    assert regenerate(Shelf(newsroom.root, BASE, BASE)) == 1
    assert newsroom.reconcile(newsroom.content()) == sent


@pytest.mark.parametrize(
    ("name", "harm"),
    [("all/catalogue.json", ""), ("all/1.json", "{}"), ("all/1.json", '{"guids": ["x"]}'), ("*/catalogue.json", None)],
)
def test_a_list_damaged_on_disk_takes_no_item_out_of_the_feeds(newsroom, name, harm):
    first = [newsroom.send(newsroom.content(f"a{number}"), f"d{number}", hours=number) for number in range(3)]
    spoiled = min((newsroom.root / "feed/lists").glob(name))
    if harm is None:
        spoiled.unlink()
    else:
        spoiled.write_text(harm)
    newsroom.send(newsroom.content("b1"), "d9", hours=9)
    shown = [feedparser.parse(path.read_bytes()).entries for path in newsroom.root.rglob("rss.xml")]
    assert [len(entries) for entries in shown] == [4, 4, 4]
    assert {one.remote_id for one in first} < {entry.id for entry in shown[0]}
    before = newsroom.bytes_on_disk()
    regenerate(Shelf(newsroom.root, BASE, BASE))
    assert newsroom.bytes_on_disk() == before


def test_a_correction_is_the_same_item_changed(newsroom):
    first = newsroom.send(newsroom.content())
    corrected = newsroom.update(first, newsroom.content(title="Lịch mới"))
    assert corrected.remote_id == first.remote_id
    item = json.loads((newsroom.root / "feed.json").read_bytes())["items"][0]
    assert (item["id"], item["title"]) == (first.remote_id, "Lịch mới")
    assert (item["date_published"], item["date_modified"]) == ("2026-03-20T09:05:00+07:00", "2026-03-21T09:05:00+07:00")
    rss = feedparser.parse((newsroom.root / "rss.xml").read_bytes())
    assert rss.feed.updated == "Sat, 21 Mar 2026 09:05:00 +0700"
    before = newsroom.bytes_on_disk()
    newsroom.update(first, newsroom.content(title="Lịch mới"), hours=30)
    assert newsroom.bytes_on_disk() == before


def test_an_overtaken_delivery_brings_no_old_words_back(newsroom):
    first = newsroom.send(newsroom.content())
    newsroom.update(first, newsroom.content(title="Lịch mới"))
    with pytest.raises(Rejected, match="Một lượt đăng sau"):
        newsroom.send(newsroom.content())
    assert newsroom.reconcile(newsroom.content()).detail["overtaken"]
    assert titles(newsroom) == ["Lịch mới"]


def test_a_withdrawn_item_leaves_every_format(newsroom):
    first = newsroom.send(newsroom.content())
    newsroom.send(newsroom.content("b2", "Tin khác", lead="Khác", body="Khác"), "d2", hours=1)
    gone = newsroom.withdraw(first)
    assert gone.result is Result.DELIVERED
    assert titles(newsroom) == titles(newsroom, "atom.xml") == ["Tin khác"]
    assert len(json.loads((newsroom.root / "feed.json").read_bytes())["items"]) == 1
    assert "Lịch tiêm chủng" not in b"".join(newsroom.bytes_on_disk().values()).decode()
    rss = feedparser.parse((newsroom.root / "rss.xml").read_bytes())
    assert rss.feed.updated == "Sun, 22 Mar 2026 09:05:00 +0700"
    before = newsroom.bytes_on_disk()
    assert newsroom.withdraw(first, hours=90) == gone
    assert newsroom.bytes_on_disk() == before


def test_withdrawing_the_only_item_leaves_empty_feeds_that_parse(newsroom):
    newsroom.withdraw(newsroom.send(newsroom.content()))
    for name in ("rss.xml", "atom.xml"):
        read = feedparser.parse((newsroom.root / name).read_bytes())
        assert not read.bozo
        assert read.entries == []


def test_withdrawing_what_never_stood_counts_as_withdrawn(newsroom):
    never = Remote(
        Feed().shape(newsroom.content("q1"), newsroom.account).body["guid"], BASE, "d1", newsroom.desk("d").now
    )
    assert newsroom.channel.withdraw(never, newsroom.account, newsroom.desk("d2")).result is Result.DELIVERED


def test_a_late_second_try_does_not_bring_a_withdrawn_item_back(newsroom):
    newsroom.withdraw(newsroom.send(newsroom.content()))
    with pytest.raises(Rejected, match="Bài đã gỡ"):
        newsroom.send(newsroom.content())
    newsroom.send(newsroom.content(), "d20", hours=60)
    assert titles(newsroom) == ["Lịch tiêm chủng tháng 3"]
    assert not list((newsroom.root / "feed/withdrawn").iterdir())


@pytest.mark.parametrize("guid", ["../../../etc/passwd", "urn:uuid:../x", "urn:uuid:*", ""])
def test_an_identity_that_is_a_path_is_refused(newsroom, guid):
    forged = Remote(guid, "", "d1", newsroom.desk("d").now)
    with pytest.raises(Rejected, match="không hợp lệ"):
        newsroom.channel.withdraw(forged, newsroom.account, newsroom.desk("d2"))


def test_a_correction_of_another_or_a_missing_item_is_refused(newsroom):
    first = newsroom.send(newsroom.content())
    with pytest.raises(Rejected, match="của một bài khác"):
        newsroom.update(first, newsroom.content("b2"))
    missing = replace(first, remote_id=newsroom.shape(newsroom.content("c3")).body["guid"])
    with pytest.raises(Rejected, match="Không thấy bản tin gốc"):
        newsroom.update(missing, newsroom.content("c3"))


def test_the_feed_files_hold_the_newest_items_newest_first(newsroom):
    stocked(newsroom.root, NEWEST + 1, plainly)
    newsroom.send(newsroom.content("y1", "Tin gần cuối"), "y1", hours=99)
    expected = ["Tin gần cuối", *(f"Tin số {number}" for number in range(NEWEST, 1, -1))]
    assert titles(newsroom) == titles(newsroom, "atom.xml") == expected
    newest = newsroom.send(newsroom.content("z1", "Tin cuối"), "z1", hours=100)
    assert titles(newsroom)[0] == "Tin cuối"
    newsroom.withdraw(newest, hours=101)
    assert titles(newsroom) == expected


def test_a_correction_of_an_item_aged_out_is_shown_again_below_the_newest(newsroom):
    stocked(newsroom.root, NEWEST + 5, plainly)
    plain = plainly(0)
    first = replace(remote_of(newsroom, plain), delivery_ref="d0")
    seen = newsroom.account
    fixed = newsroom.channel.shape(replace(plain, title="Tin 0 sửa"), seen)
    corrected = newsroom.channel.update(first, fixed, seen, newsroom.desk("fix", 200))
    assert newsroom.channel.reconcile(fixed, seen, newsroom.desk("fix", 300), newsroom.desk("x").now) == corrected
    assert titles(newsroom)[-1] == "Tin 0 sửa"
    assert len(titles(newsroom)) == NEWEST + 1
    newsroom.channel.withdraw(first, seen, newsroom.desk("out", 400))
    assert len(titles(newsroom)) == NEWEST


def test_eight_publications_at_once_all_stand_in_the_feeds(newsroom):
    failed = []

    def publish(number):
        try:
            newsroom.send(newsroom.content(f"a{number}", f"Tin {number}"), f"d{number}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for name in ("rss.xml", "atom.xml"):
        assert sorted(titles(newsroom, name)) == [f"Tin {number}" for number in range(8)]


def test_a_full_disk_leaves_the_feeds_as_they_were(newsroom):
    newsroom.send(newsroom.content())
    before = newsroom.bytes_on_disk()
    child = """
import resource, sys
sys.dont_write_bytecode = True  # a compiled module cut short would meet everybody after us
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from conftest import Newsroom
from channels.errors import Unavailable
newsroom = Newsroom(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2500, 2500))
try:
    newsroom.send(newsroom.content("b2", "Tin hai"), "d2", hours=1)
except Unavailable as error:
    print(error.message)
"""
    command = [sys.executable, "-c", child, newsroom.root, Path(__file__).parent]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("Chưa gửi gì: không ghi được “rss.xml”")
    assert newsroom.bytes_on_disk() == before


@pytest.mark.parametrize(
    ("changes", "code"), [({"title": " "}, "title"), ({"url": ""}, "url"), ({"url": "/bai/"}, "url")]
)
def test_a_post_a_feed_cannot_carry_is_unsupported(newsroom, changes, code):
    with pytest.raises(Unsupported) as caught:
        newsroom.shape(newsroom.content(**changes))
    assert caught.value.code == code


def test_the_preview_shows_the_item_as_a_reader_does(newsroom):
    shaped = newsroom.shape(newsroom.content(title="Tin <b>"))
    preview = newsroom.channel.preview(shaped, newsroom.account)
    assert "Tin &lt;b&gt;</a></h3>" in preview.html
    assert shaped.body["html"] in preview.html
    assert preview.text.startswith(f"Tin <b>\n{BASE}bai/tin-a1/\n")
    assert preview.counts[0].used == len(shaped.body["summary"])


def test_an_account_says_what_it_lacks(newsroom):
    bare = Account("a", "feed", "RSS")
    assert newsroom.channel.problems(bare) == ["Thiếu thư mục của trang.", "Thiếu địa chỉ trang chủ."]
    wrong = Account("a", "feed", "RSS", {"root": "/srv", "base_url": "songvang.example", "self_url": "ftp://x"})
    assert len(newsroom.channel.problems(wrong)) == 2
    with pytest.raises(Unauthorized, match="Chưa gửi gì"):
        newsroom.channel.send(newsroom.shape(newsroom.content()), bare, newsroom.desk("d1"))


def test_feed_files_may_stand_at_another_address(newsroom):
    account = replace(
        newsroom.account, settings={**newsroom.account.settings, "self_url": "https://tin.songvang.example"}
    )
    newsroom.channel.send(newsroom.shape(newsroom.content()), account, newsroom.desk("d1"))
    assert (
        json.loads((newsroom.root / "feed.json").read_bytes())["feed_url"] == "https://tin.songvang.example/feed.json"
    )
