"""Every kind of document against schemas, and as three readers other than ours make it out.

Atom: a RelaxNG grammar of our own (atom.rng), for no package brings one. JSON Feed: the schema of the npm package
jsonfeed-schema. Readers: feedparser, fastfeedparser (Python, on lxml) and feedsmith (JavaScript). The one validator of
RSS there is runs as a web service only; what the RSS Profile asks is held by test_feed_formats.py.
"""

import json
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import fastfeedparser
import feedparser
import jsonschema
import pytest
from lxml import etree

from channels.contract import Picture
from channels.feed.address import archive_folder, campaign_folder
from channels.feed.catalogue import BLOCK
from channels.feed.podcast import FEED, Episode, Show, Station, Transcript, put_cover, put_episode
from channels.feed.shelf import put, regenerate, take_out
from channels.standing import stamp
from tests.channels.feed.stock import BASE, account, at, content, stocked
from tests.channels.feed.test_feed_addresses import SOUND, VIDEO
from tests.channels.feed.test_feed_podcast import cover
from tests.channels.page.site_tools import NODE, TOOLS

CAMPAIGN = "Sạch nhà & đẹp ngõ <đợt 2>"
FOLDER = campaign_folder(CAMPAIGN)
FOLDERS = ("", FOLDER, archive_folder("", 1), archive_folder(FOLDER, 1))
PICTURE = Picture("ab" * 32, "image/jpeg", 1200, 675, 54321, "Bà con họp tổ dân phố", BASE + "anh/abababababababab.jpg")
ATOM = "{http://www.w3.org/2005/Atom}"


def rich(number):
    """Words as people write them, with pictures, a recording and a video here and there."""
    made = replace(
        content(number), campaign=CAMPAIGN, theme="", body="Giá < 5 triệu & “miễn phí”, xem [đây](/đường-dẫn/)."
    )
    if number % 3 == 0:
        made = replace(made, pictures=(PICTURE, replace(PICTURE, sha256="ef" * 32, media_type="image/png", alt="")))
    return replace(made, sound=SOUND, video=VIDEO) if number % 2 else made


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Corrections, withdrawals, archives, hubs and a podcast, all at once."""
    from channels.feed import Feed

    place = tmp_path_factory.mktemp("du") / "trang"
    shelf = replace(stocked(place, BLOCK + 3, rich), hubs=("https://hub.example/?a=1&b=2",))
    for number in (2, 52):
        payload = Feed().shape(replace(rich(number), title=f"Tin số {number}: sửa giờ"), account(place))
        put(shelf, payload, f"c{number}", stamp(at(200 + number)))
        take_out(shelf, Feed().shape(rich(number - 1), account(place)).body["guid"], stamp(at(300 + number)))
    regenerate(shelf)
    station = Station(place, BASE, Show("Phát thanh & truyền thanh", "Bản tin.", "UBND phường", "tin@songvang.example"))
    put_cover(station, cover())
    transcript = Transcript("text/vtt", b"WEBVTT\n\n00:00.000 --> 00:04.000\nXin\n")
    put_episode(station, Episode("e1", "Bản tin sáng", "Tiêm chủng", at(5), 301), b"ID3" + b"x" * 999, transcript)
    return place


@pytest.mark.parametrize("folder", FOLDERS)
def test_atom_follows_the_grammar_of_its_specification(root, folder):
    grammar = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
    document = etree.parse(root / folder / "atom.xml")
    grammar.assertValid(document)
    for element, wrong in (("id", "a b"), ("updated", "2026-03-20"), ("title", None)):
        spoiled = etree.parse(root / folder / "atom.xml")
        found = spoiled.getroot().find(ATOM + element)
        if wrong is None:
            spoiled.getroot().remove(found)
        else:
            found.text = wrong
        assert not grammar.validate(spoiled), "the grammar can refuse"


@pytest.mark.parametrize("folder", FOLDERS)
def test_json_follows_the_schema_of_its_specification(root, folder):
    schema = json.loads((TOOLS / "node_modules/jsonfeed-schema/schema-v1.1.json").read_bytes())
    said = json.loads((root / folder / "feed.json").read_bytes())
    check = jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    assert list(check.iter_errors(said)) == []
    assert not check.is_valid({**said, "items": [{"title": "không có mã"}]})
    for item in said["items"]:
        assert datetime.fromisoformat(item["date_published"]).tzinfo


@pytest.mark.parametrize("folder", FOLDERS)
def test_three_readers_find_the_same_items_in_every_format(root, folder):
    names = ("rss.xml", "atom.xml", "feed.json")
    items = json.loads((root / folder / "feed.json").read_bytes())["items"]
    wanted = [(item["id"], item["title"], item["url"]) for item in items]
    for name in names:
        data = (root / folder / name).read_bytes()
        if name != "feed.json":
            parsed = feedparser.parse(data)
            assert not parsed.bozo
            assert [(e.id, e.title, e.link) for e in parsed.entries] == wanted
        fast = fastfeedparser.parse(data)
        assert [(e["id"], e["title"], e["link"]) for e in fast.entries] == wanted
    paths = [str(root / folder / name) for name in names]
    told = subprocess.run([NODE, TOOLS / "read_feeds.mjs", *paths], capture_output=True, text=True, check=True).stdout
    rss, atom, said = json.loads(told)
    assert [read["format"] for read in (rss, atom, said)] == ["rss", "atom", "json"]
    assert [(i["guid"]["value"], i["title"], i["link"]) for i in rss["feed"]["items"]] == wanted
    assert [(e["id"], e["title"]["value"], e["links"][0]["href"]) for e in atom["feed"]["entries"]] == wanted
    assert [(i["id"], i["title"], i["url"]) for i in said["feed"]["items"]] == wanted


def test_a_reader_in_another_language_understands_the_podcast(root):
    command = [NODE, TOOLS / "read_feeds.mjs", str(root / FEED)]
    (read,) = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    show, (episode,) = read["feed"], read["feed"]["items"]
    assert show["podcast"]["medium"] == "podcast"
    assert show["podcast"]["locked"] == {"value": True, "owner": "tin@songvang.example"}
    assert show["itunes"]["explicit"] is False
    assert show["itunes"]["image"] == f"{BASE}phat-thanh/bia.jpg"
    assert (episode["itunes"]["duration"], episode["enclosures"][0]["length"]) == (301, 1002)
    (transcript,) = episode["podcast"]["transcripts"]
    assert (transcript["type"], transcript["language"], transcript["rel"]) == ("text/vtt", "vi", "captions")
    assert (root / transcript["url"].removeprefix(BASE)).read_bytes().startswith(b"WEBVTT")
