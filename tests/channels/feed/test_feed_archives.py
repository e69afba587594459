"""Feeds of campaigns and themes, archives (RFC 5005), and that both follow from the records alone."""

import json
import shutil
from dataclasses import replace

import feedparser
import pytest

from channels.contract import Remote
from channels.feed import FILES, regenerate
from channels.feed.address import campaign_folder, theme_folder
from channels.feed.catalogue import BLOCK, CORRECTED
from channels.feed.shelf import put, take_out
from channels.standing import stamp
from tests.channels.feed.stock import BASE, account, at, content, stocked

CAMPAIGN = "Ngày thứ Bảy vì dân"
FOLDER = campaign_folder(CAMPAIGN)


def of_campaign(number):
    return replace(content(number), campaign=CAMPAIGN, theme="", body="Mời bà con.")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two archives and 49 items more: the next one fills the third."""
    return stocked(tmp_path_factory.mktemp("kho") / "trang", 3 * BLOCK - 1, of_campaign)


@pytest.fixture
def stock(newsroom, built):
    shutil.copytree(built.root, newsroom.root)
    return replace(built, root=newsroom.root)


def publish(newsroom, shelf, number, hours=0, **changes):
    payload = newsroom.channel.shape(replace(of_campaign(number), **changes), account(newsroom.root))
    return put(shelf, payload, f"{'c' if hours else 'd'}{number}-{hours}", stamp(at(number + hours)))


def guid(newsroom, number):
    return newsroom.shape(of_campaign(number)).body["guid"]


def read(root, path):
    parsed = feedparser.parse((root / path).read_bytes())
    assert not parsed.bozo
    return parsed


def relations(parsed):
    return {link.rel: link.href for link in parsed.feed.links}


def chain(root, folder, name):
    """Documents from the one people subscribe to back to the oldest archive."""
    if name == "feed.json":
        found = [json.loads((root / folder / name).read_bytes())]
        while address := found[-1].get("next_url"):
            found.append(json.loads((root / address.removeprefix(BASE)).read_bytes()))
        return [[item["id"] for item in document["items"]] for document in found]
    documents = [read(root, folder + name)]
    while address := relations(documents[-1]).get("prev-archive"):
        documents.append(read(root, address.removeprefix(BASE)))
    return [[entry.id for entry in document.entries] for document in documents]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("folder", ["", FOLDER])
def test_a_feed_and_its_archives_hold_every_item(newsroom, built, folder, name):
    subscribed, second, first = chain(built.root, folder, name)
    everything = [guid(newsroom, number) for number in range(3 * BLOCK - 1)]
    assert list(reversed(first)) == everything[:BLOCK]
    assert list(reversed(second)) == everything[BLOCK : 2 * BLOCK]
    assert list(reversed(subscribed)) == everything[-BLOCK:]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_an_archive_says_what_it_is_and_what_stands_around_it(built, name):
    first = read(built.root, f"{FOLDER}luu-tru/1/{name}")
    folder = f"{BASE}{FOLDER}"
    assert relations(first) == {
        "alternate": folder,
        "self": f"{folder}luu-tru/1/{name}",
        "current": folder + name,
        "next-archive": f"{folder}luu-tru/2/{name}",
    }
    assert b"<fh:archive" in (built.root / f"{FOLDER}luu-tru/1/{name}").read_bytes()
    assert b"<fh:archive" not in (built.root / FOLDER / name).read_bytes()
    assert first.feed.title == f"{CAMPAIGN} – Ủy ban nhân dân phường Sông Vàng"
    if name == "atom.xml":
        assert first.feed.id == read(built.root, FOLDER + name).feed.id == folder + name


def test_later_items_change_no_byte_of_an_archive_but_the_link_to_the_next_one(newsroom, stock):
    archives = [f"luu-tru/{number}/{name}" for number in (1, 2) for name in FILES]
    before = {path: (stock.root / path).read_bytes() for path in archives}
    for number in range(3 * BLOCK - 1, 3 * BLOCK + 2):
        publish(newsroom, stock, number)
    after = {path: (stock.root / path).read_bytes() for path in archives}
    assert [path for path in archives if after[path] != before[path]] == ["luu-tru/2/rss.xml", "luu-tru/2/atom.xml"]
    link = f'<atom:link rel="next-archive" type="application/rss+xml" href="{BASE}luu-tru/3/rss.xml"/>'.encode()
    lines = after["luu-tru/2/rss.xml"].splitlines()
    assert [line for line in lines if line.strip() != link] == before["luu-tru/2/rss.xml"].splitlines()
    assert [len(ids) for ids in chain(stock.root, "", "atom.xml")] == [BLOCK] * 4


def test_words_corrected_in_an_archive_are_nowhere_left_and_told_to_subscribers(newsroom, stock):
    publish(newsroom, stock, 3, hours=500, title="Tin số 3 (sửa giờ)")
    assert "Tin số 3<" not in "".join(path.read_text() for path in stock.root.rglob("*.xml"))
    for folder in ("", "luu-tru/1/", FOLDER, f"{FOLDER}luu-tru/1/"):
        (entry,) = [entry for entry in read(stock.root, folder + "atom.xml").entries if entry.id == guid(newsroom, 3)]
        assert entry.title == "Tin số 3 (sửa giờ)"
        assert entry.content[0].value.startswith("<p><em>Đính chính lúc 24/1/2022 06:30.</em></p>")
        assert entry.published < entry.updated
    item = next(i for i in read(stock.root, "rss.xml").entries if i.id == guid(newsroom, 3))
    assert item.updated_parsed == entry.updated_parsed


def test_only_the_latest_corrections_are_told_again(newsroom, stock):
    for number in range(CORRECTED + 3):
        publish(newsroom, stock, number, hours=500, title=f"Tin số {number} sửa")
    shown = [entry.title for entry in read(stock.root, "rss.xml").entries]
    assert shown[BLOCK:] == [f"Tin số {number} sửa" for number in range(CORRECTED + 2, 2, -1)]


def test_a_withdrawn_item_leaves_its_archive_and_a_tombstone_without_a_word(newsroom, stock):
    take_out(stock, guid(newsroom, 60), stamp(at(700)))
    everything = "".join(path.read_text() for path in stock.root.rglob("*") if path.is_file())
    assert "Tin số 60" not in everything
    stone = f'<at:deleted-entry ref="{guid(newsroom, 60)}" when="{stamp(at(700))}"/>'
    for folder in ("", "luu-tru/2/", FOLDER, f"{FOLDER}luu-tru/2/"):
        assert stone in (stock.root / folder / "atom.xml").read_text()
        assert "Tin số 61" in (stock.root / folder / "atom.xml").read_text() or "luu-tru" not in folder
    assert "deleted-entry" not in (stock.root / "luu-tru/1/atom.xml").read_text()
    publish(newsroom, stock, 60, hours=800)
    assert stone not in (stock.root / "luu-tru/2/atom.xml").read_text()


def test_a_correction_may_move_an_item_to_another_campaign_and_theme(newsroom):
    first = newsroom.send(newsroom.content(campaign="Một", theme="Chủ đề một"))
    newsroom.send(newsroom.content("b2", "Tin ở lại", campaign="Một", theme="Chủ đề một"), "d2", hours=1)
    newsroom.update(first, newsroom.content(campaign="Hai", theme=""), "d3")

    def titles(folder):
        return [entry.title for entry in read(newsroom.root, f"{folder}rss.xml").entries]

    assert titles(campaign_folder("Một")) == titles(theme_folder("Chủ đề một")) == ["Tin ở lại"]
    assert titles(campaign_folder("Hai")) == ["Lịch tiêm chủng tháng 3"]
    assert titles("") == ["Tin ở lại", "Lịch tiêm chủng tháng 3"]
    newsroom.update(first, newsroom.content(campaign="Một", theme=""), "d4", hours=30)
    assert titles(campaign_folder("Hai")) == []
    assert titles(campaign_folder("Một")) == ["Tin ở lại", "Lịch tiêm chủng tháng 3"], "its old place"


def test_making_everything_again_changes_no_byte_whatever_happened_before(newsroom, stock):
    for number in (149, 150):
        publish(newsroom, stock, number)
    publish(newsroom, stock, 3, hours=500, title="Sửa", campaign="Chiến dịch khác")
    publish(newsroom, stock, 3, hours=510, title="Sửa lần hai")
    publish(newsroom, stock, 120, hours=400, campaign="", theme="Chủ đề mới")
    take_out(stock, guid(newsroom, 7), stamp(at(900)))
    take_out(stock, guid(newsroom, 120), stamp(at(901)))
    publish(newsroom, stock, 7, hours=910)
    take_out(stock, guid(newsroom, 140), stamp(at(902)))
    before = newsroom.bytes_on_disk()
    assert regenerate(stock) == 149
    assert newsroom.bytes_on_disk() == before
    for path in newsroom.root.rglob("*"):
        if path.is_file() and "items" not in path.parts and "withdrawn" not in path.parts:
            path.unlink()
    regenerate(stock)
    assert {**newsroom.bytes_on_disk(), "feed/.lock": b""} == before


def test_records_of_the_earlier_layout_are_taken_in_by_the_next_publication(newsroom, built):
    items = newsroom.root / "feed/items"
    items.mkdir(parents=True)
    for path in sorted((built.root / "feed/items").glob("*.json"))[:5]:
        record = json.loads(path.read_bytes())
        del record["places"]
        (items / f"20220103T003000Z-{path.name}").write_text(json.dumps(record))
    newsroom.send(newsroom.content())
    assert len(read(newsroom.root, "atom.xml").entries) == 6
    assert len(read(newsroom.root, f"{FOLDER}atom.xml").entries) == 5
    assert all(len(path.stem) == 36 for path in items.iterdir())


def test_a_publication_stopped_before_its_record_stood_gets_the_same_place_again(newsroom):
    newsroom.send(newsroom.content())
    second = newsroom.content("b2", "Tin hai")
    newsroom.send(second, "d2")
    whole = newsroom.bytes_on_disk()
    (newsroom.root / f"feed/items/{newsroom.shape(second).body['guid'].rpartition(':')[2]}.json").unlink()
    assert newsroom.reconcile(second, "d2") is None
    newsroom.send(newsroom.content("c3", "Tin ba"), "d3")
    assert len(read(newsroom.root, "rss.xml").entries) == 2
    newsroom.withdraw(newsroom.send(newsroom.content("c3", "Tin ba"), "d3"))
    newsroom.send(second, "d2")
    catalogue = json.loads((newsroom.root / "feed/lists/all/catalogue.json").read_bytes())
    assert catalogue["count"] == 3
    assert set(whole) <= set(newsroom.bytes_on_disk())


def test_one_publication_touches_as_many_files_on_a_large_site_as_on_a_small_one(newsroom, stock, tmp_path):
    def touched(shelf):
        before = {path: path.stat().st_ino for path in shelf.root.rglob("*") if path.is_file()}
        publish(newsroom, shelf, 1000)
        after = {path: path.stat().st_ino for path in shelf.root.rglob("*") if path.is_file()}
        return sum(before.get(path) != inode for path, inode in after.items())

    publish(newsroom, stock, 3 * BLOCK - 1)
    small = stocked(tmp_path / "nho", 3, of_campaign)
    assert touched(small) == touched(stock) == 11, "6 documents, record, and two catalogues with their last blocks"


def test_a_recording_and_a_video_are_enclosed_as_they_were_sent(newsroom):
    from tests.channels.feed.test_feed_addresses import SOUND, VIDEO

    sent = newsroom.content(sound=SOUND, video=VIDEO)
    newsroom.send(sent)
    sound, video = f"{BASE}am-thanh/{'ab' * 8}.mp3", f"{BASE}video/{'cd' * 8}.mp4"
    (rss,) = read(newsroom.root, "rss.xml").entries
    assert [(e.href, e.type, e.length) for e in rss.enclosures] == [(sound, "audio/mpeg", "120000")]
    (atom,) = read(newsroom.root, "atom.xml").entries
    assert [(e.href, e.length) for e in atom.enclosures] == [(sound, "120000"), (video, "9000000")]
    (item,) = json.loads((newsroom.root / "feed.json").read_bytes())["items"]
    assert item["attachments"][0] == {
        "url": sound, "mime_type": "audio/mpeg", "size_in_bytes": 120_000, "duration_in_seconds": 61,
    }  # fmt: skip
    preview = newsroom.channel.preview(newsroom.shape(sent), newsroom.account)
    assert [count.used for count in preview.counts if count.label == "Bản đọc, giây"] == [61]
    elsewhere = newsroom.shape(newsroom.content(sound=SOUND, video=VIDEO, url="https://khac.example/bai/"))
    assert not {"sound", "video"} & set(elsewhere.body), "where the page stands elsewhere, nobody knows their address"


def test_a_forged_withdrawal_names_no_file(newsroom):
    assert newsroom.channel.withdraw(
        Remote(guid(newsroom, 1), "", "d", at(0)), newsroom.account, newsroom.desk("d")
    ).remote_id == guid(newsroom, 1)
    assert not (newsroom.root / "rss.xml").exists()
